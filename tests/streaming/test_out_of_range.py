"""Offsets that are not in their log, on a real Kafka: all that is there is scored, and it is said what happened."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient

from monitor.streaming.engine.landmarks import Landmark, Landmarks
from tests.faults.articles import article
from tests.kafka.reading import read_all
from tests.kafka.send import send_to
from tests.kafka.server import Kafka
from tests.kafka.topics import Topics
from tests.kafka.worker import Worker, worker

pytestmark = pytest.mark.kafka


def verdicts(broker: Kafka, topics: Topics) -> Counter[str]:
    """How many verdicts each id has."""
    return Counter(json.loads(r.value)["id"] for r in read_all(broker.address, topics.scored) if r.value)


def scored(broker: Kafka, topics: Topics) -> set[str]:
    """The ids that have a verdict."""
    return set(verdicts(broker, topics))


def wait_for(condition: Callable[[], bool], process: Worker, timeout: float = 90.0) -> None:
    """Wait until it holds; the failure shows the worker's log."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, process.text()[-4000:]
        time.sleep(0.3)


def value(process: Worker, name: str, **labels: str) -> float:
    """The sum of a metric's series with these labels."""
    series = re.findall(rf"^{name}\{{(.*)\}} (\S+)$", process.get("/metrics")[1], re.M)
    return sum(float(number) for shown, number in series if all(f'{k}="{v}"' in shown for k, v in labels.items()))


def set_offset(broker: Kafka, group: str, topic: str, partition: int, offset: int, note: str = "") -> None:
    """Alter the committed offset of a group that is away, or its note."""
    client = Consumer({"bootstrap.servers": broker.address, "group.id": group, "enable.auto.commit": False})
    client.commit(offsets=[TopicPartition(topic, partition, offset, note)], asynchronous=False)
    client.close()


def delete_before(broker: Kafka, topic: str, partition: int, offset: int) -> None:
    """Let the log of a partition begin at an offset, as retention does."""
    client = AdminClient({"bootstrap.servers": broker.address})
    for deleted in client.delete_records([TopicPartition(topic, partition, offset)]).values():
        deleted.result(30)


def test_offsets_out_of_range_lose_no_record_that_exists(broker: Kafka, topics: Topics, tmp_path: Path) -> None:
    prefix = topics.articles.removesuffix("articles")
    with worker(tmp_path / "worker.log", broker.address, topic_prefix=prefix, group=prefix) as process:
        process.wait_ready()
        send_to(broker.address, topics.articles, 0, [article(n) for n in range(50)])
        send_to(broker.address, topics.articles, 1, [article(n) for n in range(100, 150)])
        send_to(broker.address, topics.articles, 2, [article(n) for n in range(300, 320)])
        send_to(broker.address, topics.articles, 3, [article(n) for n in range(400, 420)])
        wait_for(lambda: len(scored(broker, topics)) == 140, process)
        assert process.end() == 0
        send_to(broker.address, topics.articles, 0, [article(n) for n in range(50, 80)])
        send_to(broker.address, topics.articles, 1, [article(n) for n in range(150, 180)])
        set_offset(broker, prefix, topics.articles, 0, 50_000)
        delete_before(broker, topics.articles, 1, 60)
        # As if the log of which this was noted had been lost, and another were as long.
        set_offset(broker, prefix, topics.articles, 2, 20, Landmarks(20, (Landmark(18, 1), Landmark(19, 2))).note())
        process.start()
        there = {f"a-{n}" for n in (*range(80), *range(100, 150), *range(160, 180), *range(300, 320), *range(400, 420))}
        wait_for(lambda: scored(broker, topics) == there, process)
        process.wait_ready()
        text = process.text()
        assert f"beyond the end of the log: {topics.articles}-0 asked for 50000, begins at 0" in text
        assert f"deleted records before they were read: {topics.articles}-1 offsets 50 to 59" in text
        assert value(process, "monitor_offset_resets_total", partition="0", cause="log_lost") == 1
        assert value(process, "monitor_offset_resets_total", partition="1", cause="deleted_unread") == 1
        assert f"not those that were read: {topics.articles}-2 asked for 20, begins at 0" in text
        assert value(process, "monitor_offset_resets_total", partition="2", cause="log_replaced") == 1
        wait_for(lambda: verdicts(broker, topics)["a-300"] == 2, process)
        assert verdicts(broker, topics)["a-400"] == 1, "a log that is the same is gone on with"
        assert value(process, "monitor_offset_resets_total", topic=topics.articles) == 3
        assert value(process, "monitor_records_lost_total", partition="1") == 10
        wait_for(lambda: value(process, "monitor_consumer_lag_records") == 0, process)
        send_to(broker.address, topics.articles, 0, [article(200)])
        wait_for(lambda: "a-200" in scored(broker, topics), process)
        assert process.end() == 0
        process.start()
        process.wait_ready()
        wait_for(lambda: value(process, "monitor_consumer_lag_records") == 0, process)
        assert value(process, "monitor_offset_resets_total") == 0, "the offset was committed; a start finds it"
        assert process.end() == 0
    for line in process.log.read_text().splitlines():
        assert json.loads(line)["level"] != "CRITICAL"


def test_first_start_from_now_begins_at_the_end_and_stays_there(broker: Kafka, topics: Topics, tmp_path: Path) -> None:
    prefix = topics.articles.removesuffix("articles")
    send_to(broker.address, topics.articles, 0, [article(n) for n in range(20)])
    settings = {"topic_prefix": prefix, "group": prefix, "first_start": "latest"}
    with worker(tmp_path / "worker.log", broker.address, **settings) as process:
        process.wait_ready()
        # A line names the partitions of one answer; that of partition 0 may come in another than the first.
        wait_for(lambda: f"{topics.articles}-0 at 20" in process.text(), process)
        assert "has committed no offset yet and begins with" in process.text()
        assert process.end() == 0
        send_to(broker.address, topics.articles, 0, [article(n) for n in range(20, 30)])
        process.start()
        wait_for(lambda: len(scored(broker, topics)) == 10, process)
        assert scored(broker, topics) == {f"a-{n}" for n in range(20, 30)}
