"""A stage with state on a real Kafka: its counts are those of a fresh reading, whatever ends a worker."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from monitor.settings import Settings
from monitor.streaming.topics import create
from tests.kafka.distinct import (
    COUNTS,
    COUNTS_OF_TOPIC,
    KNOWN,
    STATE,
    TOPICS,
    Compared,
    DistinctWorker,
    Sightings,
    compare,
    counts_of,
    fresh_counts,
    read_topic,
)
from tests.kafka.reading import read_all
from tests.kafka.server import Kafka
from tests.kafka.topics import Topics

pytestmark = pytest.mark.kafka

Start = Callable[[], DistinctWorker]


@pytest.fixture
def start(broker: Kafka, topics: Topics, tmp_path: Path) -> Iterator[Start]:
    prefix = topics.articles.removesuffix("articles")
    create(AdminClient({"bootstrap.servers": broker.address}), TOPICS, Settings(topic_prefix=prefix), 6, 1)
    with ExitStack() as stack:
        count = iter(range(10))

        def make() -> DistinctWorker:
            log = tmp_path / f"worker-{next(count)}.log"
            worker = DistinctWorker(log, broker.address, topic_prefix=prefix, group=prefix)
            stack.enter_context(worker)
            return worker

        yield make


def compared(broker: Kafka, prefix: str, counts: str) -> Compared:
    """What a stage wrote, once nothing is missing of it, beside a fresh reading."""
    deadline = time.monotonic() + 60
    while True:
        expected = fresh_counts(asyncio.run(read_topic(broker.address, prefix + "sightings")))
        found = compare(expected, counts_of(asyncio.run(read_topic(broker.address, prefix + counts))))
        if not found.missing or time.monotonic() > deadline:
            return found
        time.sleep(0.5)


def test_counts_equal_a_fresh_reading_after_a_kill_and_a_join(broker: Kafka, topics: Topics, start: Start) -> None:
    prefix = topics.articles.removesuffix("articles")
    producer = Producer({"bootstrap.servers": broker.address, "log_level": 2})
    for number in range(50):
        producer.produce(prefix + KNOWN.name, b"", b"source-%d" % number)
    assert producer.flush(30) == 0
    first = start()
    sightings = Sightings(broker.address, prefix + "sightings")
    sightings.send(2000)
    first.wait_ready(120)
    with sightings.sending(300):
        time.sleep(4)
        first.signal(signal.SIGKILL)
        second = start()
        time.sleep(6)
        second.wait_ready(120)
    for counts in (COUNTS.name, COUNTS_OF_TOPIC.name):
        found = compared(broker, prefix, counts)
        assert found.wrong == []
        assert found.missing == []
        assert found.compared > 2500
    assert first.exits == [-signal.SIGKILL]
    assert second.exits == []
    written = read_all(broker.address, prefix + COUNTS.name)
    assert {record.headers["known"] for record in written} == {b"50"}, "a followed topic is read before any record"
    stored = read_all(broker.address, prefix + STATE.name)
    assert len({record.key for record in stored}) > 100
    assert "the state of the stage distinct is being read" in second.text()
