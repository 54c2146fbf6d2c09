"""A compacted topic followed whole: on a real Kafka, and its bookkeeping by calling it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewPartitions, NewTopic

from monitor.streaming.engine.follow import VERSION, Follower, Keys, version_of
from monitor.streaming.engine.records import InputRecord
from tests.kafka.server import Kafka


def written(key: bytes, value: bytes | None, version: int = 0, partition: int = 0) -> InputRecord:
    return InputRecord("followed", partition, 0, 0.0, key, value, ((VERSION, b"%d" % version),))


class Table:
    """What a follower has given, and how often."""

    def __init__(self) -> None:
        self.values: dict[bytes, bytes] = {}
        self.calls = 0
        self.missing: str | None = "not started"

    def take(self, record: InputRecord) -> None:
        self.calls += 1
        assert record.key is not None
        if record.value is None:
            del self.values[record.key]
        else:
            self.values[record.key] = record.value

    def ready(self, missing: str | None) -> None:
        self.missing = missing


def test_a_key_that_changed_partition_keeps_its_newest_version() -> None:
    for order in ((0, 1), (1, 0)):
        table = Table()
        keys = Keys("followed", table.take)
        records = [written(b"a", b"old", 1, 0), written(b"a", b"new", 2, 1)]
        for index in order:
            keys.record(records[index])
        assert table.values == {b"a": b"new"}


def test_within_a_partition_the_order_of_the_log_decides() -> None:
    table = Table()
    keys = Keys("followed", table.take)
    keys.record(written(b"a", b"first", 5))
    keys.record(written(b"a", b"second", 4))
    assert table.values == {b"a": b"second"}


def test_an_old_value_of_a_deleted_key_is_not_taken() -> None:
    table = Table()
    keys = Keys("followed", table.take)
    keys.record(written(b"a", None, 2, partition=1))
    keys.record(written(b"a", b"old", 1, partition=0))
    assert table.values == {}
    assert table.calls == 0, "a key without a value is not deleted again"


def test_remembered_tombstones_are_bounded() -> None:
    keys = Keys("followed", Table().take, tombstones=10)
    for number in range(1000):
        keys.record(written(b"%d" % number, None, 1))
    assert len(keys._deleted) == 10
    assert len(keys) == 0


def test_keys_missing_from_a_partition_read_anew_are_deleted() -> None:
    table = Table()
    keys = Keys("followed", table.take)
    keys.record(written(b"a", b"1", 1, 0))
    keys.record(written(b"b", b"1", 1, 0))
    keys.record(written(b"c", b"1", 1, 1))
    keys.replace(0, {b"b": written(b"b", b"2", 2, 0)})
    assert table.values == {b"b": b"2", b"c": b"1"}


def test_a_version_that_is_no_number_counts_as_zero() -> None:
    assert version_of(((VERSION, b"17"),)) == 17
    assert version_of(((VERSION, b"-1"),)) == 0
    assert version_of((("other", b"17"),)) == 0


@contextlib.asynccontextmanager
async def following(broker: Kafka, topic: str, table: Table) -> AsyncIterator[Follower]:
    follower = Follower({"bootstrap_servers": broker.address}, topic, table.take, table.ready)
    task = asyncio.create_task(follower.run())
    try:
        await until(lambda: table.missing is None or task.done())
        assert not task.done(), task.exception()
        yield follower
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def make(broker: Kafka, topic: str, partitions: int = 2, **config: str) -> Producer:
    admin = AdminClient({"bootstrap.servers": broker.address})
    new = NewTopic(topic, partitions, 1, config={"cleanup.policy": "compact"} | config)
    for future in admin.create_topics([new]).values():
        future.result()
    return Producer({"bootstrap.servers": broker.address, "linger.ms": 5, "log_level": 2})


def send(producer: Producer, topic: str, key: bytes, value: bytes | None, version: int, partition: int = -1) -> None:
    producer.produce(topic, value, key, partition, headers={VERSION: b"%d" % version})
    producer.poll(0)


@pytest.mark.kafka
def test_reads_whole_before_it_is_ready_then_live(broker: Kafka, tmp_path_factory: pytest.TempPathFactory) -> None:
    topic = f"followed-{tmp_path_factory.mktemp('whole').name}"
    producer = make(broker, topic)
    for turn in range(2):
        for number in range(2000):
            send(producer, topic, b"key-%d" % number, b"%d of turn %d" % (number, turn), turn)
    for number in range(0, 2000, 10):
        send(producer, topic, b"key-%d" % number, None, 2)
    assert producer.flush(30) == 0
    table = Table()

    async def scenario() -> None:
        async with following(broker, topic, table) as follower:
            assert len(follower) == len(table.values) == 1800
            assert table.values[b"key-1"] == b"1 of turn 1"
            assert table.calls == 1800, "only the last value of a key is given while reading whole"
            send(producer, topic, b"key-1", b"live", 3)
            send(producer, topic, b"key-2", None, 3)
            producer.flush(30)
            await until(lambda: table.values.get(b"key-1") == b"live" and b"key-2" not in table.values)

    asyncio.run(scenario())


@pytest.mark.kafka
def test_a_topic_that_was_made_anew_replaces_all(broker: Kafka, tmp_path_factory: pytest.TempPathFactory) -> None:
    topic = f"followed-{tmp_path_factory.mktemp('anew').name}"
    producer = make(broker, topic, 1)
    for number in range(100):
        send(producer, topic, b"key-%d" % number, b"old", 9)
    producer.flush(30)
    table = Table()

    async def scenario() -> None:
        async with following(broker, topic, table) as follower:
            assert len(follower) == 100
            await asyncio.to_thread(delete, broker, topic)
            again = make(broker, topic, 1)
            for number in range(98, 103):
                send(again, topic, b"key-%d" % number, b"new", 1)
            again.flush(30)
            await until(lambda: len(follower) == 5)

    asyncio.run(scenario())
    assert table.values == {b"key-%d" % number: b"new" for number in range(98, 103)}


def delete(broker: Kafka, topic: str) -> None:
    admin = AdminClient({"bootstrap.servers": broker.address})
    admin.delete_topics([topic])[topic].result()
    while topic in admin.list_topics(timeout=10).topics:
        time.sleep(0.1)


@pytest.mark.kafka
def test_partitions_that_are_added_are_followed(
    broker: Kafka, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.streaming.engine.follow.LOOK_SECONDS", 0.2)
    monkeypatch.setattr("monitor.streaming.engine.read.METADATA_MS", 300)
    topic = f"followed-{tmp_path_factory.mktemp('added').name}"
    producer = make(broker, topic, 1)
    send(producer, topic, b"a", b"old", 1, partition=0)
    producer.flush(30)
    table = Table()

    async def scenario() -> None:
        async with following(broker, topic, table):
            admin = AdminClient({"bootstrap.servers": broker.address})
            admin.create_partitions([NewPartitions(topic, 2)])[topic].result()
            added = Producer({"bootstrap.servers": broker.address, "log_level": 2})
            await asyncio.sleep(1)
            send(added, topic, b"a", b"new", 2, partition=1)
            send(added, topic, b"b", b"1", 1, partition=1)
            added.flush(30)
            await until(lambda: table.values == {b"a": b"new", b"b": b"1"})
            send(added, topic, b"a", b"stale", 1, partition=0)
            send(added, topic, b"c", b"1", 1, partition=0)
            added.flush(30)
            await until(lambda: b"c" in table.values)
            assert table.values[b"a"] == b"new"

    asyncio.run(scenario())
