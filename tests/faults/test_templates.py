"""What sources always send, learned by two workers that are killed: as by one that nothing disturbed."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient

from monitor.metrics import Metrics
from monitor.scoring.sources.sighting import Sighting
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.stages.sources import Sources
from monitor.streaming.topics import SIGHTINGS, TEMPLATES, Topic
from tests.faults.articles import send, two_ready
from tests.kafka.distinct import read_topic
from tests.kafka.server import Kafka
from tests.kafka.topics import Topics, create
from tests.kafka.worker import Supervised
from tests.scoring.sources.made_up import NOTICE, story

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

SOURCES, ARTICLES_EACH = 20, 40
SECONDS = 240


def articles(numbers: range) -> Iterator[dict[str, str]]:
    """An article of each source a number; keyed by the source, a source's articles have one order."""
    for number in numbers:
        for source in range(SOURCES):
            lines = [f"From {source} alone: {NOTICE}", *story(number * SOURCES + source)]
            yield {"id": f"{source}-{number}", "source": f"Source {source}", "content": "\n".join(lines)}


def records_of(address: str, topic: str) -> list[InputRecord]:
    return [record for records in asyncio.run(read_topic(address, topic)).values() for record in records]


def saved(sightings: list[InputRecord]) -> dict[bytes, bytes | None]:
    """What one worker would have learned that was given these."""
    stage = Sources(Metrics())
    for record in sightings:
        stage.outputs(record)
    return {record.key: stage.save(record.partition, record.key) for record in sightings if record.key}


def once_each(sightings: list[InputRecord]) -> list[InputRecord]:
    """The sightings without those that were delivered again, in the order of their articles."""
    by_article: dict[tuple[str, int, int], InputRecord] = {}
    for record in sightings:
        seen = Sighting.decode(record.value or b"")
        by_article.setdefault((seen.topic, seen.partition, seen.offset), record)
    return [by_article[place] for place in sorted(by_article)]


def wait_until_all_is_read(address: str, topic: Topic, group: str, articles: int) -> None:
    """Wait until each article has its record in the topic, and the group has committed each of them."""
    consumer = Consumer({"bootstrap.servers": address, "group.id": group, "log_level": 2})
    deadline = time.monotonic() + SECONDS
    partitions = consumer.list_topics(topic.name, timeout=10).topics[topic.name].partitions
    places = [TopicPartition(topic.name, partition) for partition in partitions]
    while time.monotonic() < deadline:
        ends = [consumer.get_watermark_offsets(place, timeout=10)[1] for place in places]
        committed = [place.offset for place in consumer.committed(places, timeout=10)]
        if sum(ends) >= articles and all(
            offset == end or end == 0 for offset, end in zip(committed, ends, strict=True)
        ):
            break
        time.sleep(1)
    else:
        raise TimeoutError(f"{group} has committed {committed} of {ends} records of {topic.name}")
    consumer.close()


@pytest.fixture
def made_topics(own_broker: Kafka) -> None:
    create(AdminClient({"bootstrap.servers": own_broker.address}), Topics.named(), 6, 1)


def test_killed_workers_know_the_templates_of_an_undisturbed_one(
    own_broker: Kafka, made_topics: None, start: Callable[..., Supervised]
) -> None:
    address = own_broker.address
    workers = two_ready(start, SECONDS)
    for turn in range(4):
        send(address, articles(range(turn * ARTICLES_EACH // 4, (turn + 1) * ARTICLES_EACH // 4)), key="source")
        time.sleep(2)
        workers[turn % 2].signal(signal.SIGKILL)
        time.sleep(8)
    wait_until_all_is_read(address, SIGHTINGS, "monitor.sources", SOURCES * ARTICLES_EACH)
    sightings = records_of(address, SIGHTINGS.name)
    expected = saved(once_each(sightings))
    assert len(expected) == SOURCES
    assert saved(sightings) == expected
    deadline = time.monotonic() + SECONDS
    while (stored := {record.key: record.value for record in records_of(address, TEMPLATES.name)}) != expected:
        assert time.monotonic() < deadline, f"{sum(stored.get(k) != v for k, v in expected.items())} sources differ"
        time.sleep(1)
    send(address, articles(range(ARTICLES_EACH, ARTICLES_EACH + 3)), key="source")
    deadline = time.monotonic() + SECONDS
    while not (last := [json.loads(record.value or b"") for record in records_of(address, "articles.scored")]) or not {
        f"{source}-{ARTICLES_EACH + 2}" for source in range(SOURCES)
    } <= {verdict["id"] for verdict in last}:
        assert time.monotonic() < deadline
        time.sleep(1)
    of_last = [verdict for verdict in last if verdict["id"].endswith(f"-{ARTICLES_EACH + 2}")]
    assert all(verdict["paragraphs"][0]["template"] for verdict in of_last)
