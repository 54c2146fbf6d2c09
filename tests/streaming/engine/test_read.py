"""A plain reader on a real Kafka: up to an offset, past what is aborted, compacted or deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError, TopicAuthorizationFailedError
from confluent_kafka import Producer
from confluent_kafka import TopicPartition as At
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from monitor.streaming.engine.read import FOLLOW_MS, Reader, Span, patiently
from tests.kafka.server import Kafka


@pytest.fixture
def topic(broker: Kafka, tmp_path: Path) -> str:
    """A topic of one partition: 10 committed records, 5 aborted ones, 10 committed ones, 5 aborted ones."""
    name = f"{tmp_path.name}.read"
    admin = AdminClient({"bootstrap.servers": broker.address})
    admin.create_topics([NewTopic(name, 1, 1)])[name].result()
    producer = Producer({"bootstrap.servers": broker.address, "transactional.id": name, "log_level": 2})
    producer.init_transactions(60)
    for size in (10, 5, 10, 5):
        producer.begin_transaction()
        for number in range(size):
            producer.produce(name, b"%d" % number, b"key", headers={"name": b"value"}, timestamp=1500)
        producer.flush(60)
        (producer.commit_transaction if size == 10 else producer.abort_transaction)(60)
    return name


def offsets(broker: Kafka, topic: str, start: int, end: int) -> list[int]:
    async def read() -> list[int]:
        async with Reader({"bootstrap_servers": broker.address}) as reader:
            batches = reader.read(TopicPartition(topic, 0), start, end)
            return [record.offset async for batch in batches for record in batch]

    return asyncio.run(asyncio.wait_for(read(), 60))


@pytest.mark.kafka
def test_reads_committed_records_up_to_an_offset(broker: Kafka, topic: str) -> None:
    # Each transaction ends in a marker, which takes an offset.
    assert offsets(broker, topic, 0, 34) == [*range(10), *range(17, 27)]
    assert offsets(broker, topic, 5, 20) == [*range(5, 10), *range(17, 20)]
    assert offsets(broker, topic, 27, 34) == [], "ends behind the aborted records at the end"
    assert offsets(broker, topic, 20, 20) == []


@pytest.mark.kafka
@pytest.mark.parametrize("turns", range(6))
def test_ends_while_it_gives_up_what_it_was_assigned(broker: Kafka, topic: str, turns: int) -> None:
    """The end comes so many turns of the event loop after another assignment, with a fetch under way."""

    async def read() -> None:
        async with Reader({"bootstrap_servers": broker.address}, broker_waits_ms=FOLLOW_MS) as reader:
            reader.assign({TopicPartition(topic, 0): 34})
            assert await reader.next_records() == {}
            reader.assign({})
            for _ in range(turns):
                await asyncio.sleep(0)

    async def ended() -> bool:
        return bool((await asyncio.wait({asyncio.ensure_future(read())}, timeout=5))[0])

    assert asyncio.run(ended())


@pytest.mark.kafka
def test_deleted_records_are_passed_over(broker: Kafka, topic: str) -> None:
    admin = AdminClient({"bootstrap.servers": broker.address})
    for future in admin.delete_records([At(topic, 0, 20)]).values():
        future.result()
    assert offsets(broker, topic, 0, 34) == list(range(20, 27))
    assert offsets(broker, topic, 0, 15) == []


@pytest.mark.kafka
def test_a_log_that_ends_before_the_goal_ends_the_reading(broker: Kafka, topic: str) -> None:
    assert offsets(broker, topic, 1000, 2000) == []


@pytest.mark.kafka
def test_spans_tell_what_a_topic_holds(broker: Kafka, topic: str) -> None:
    async def ask() -> tuple[list[TopicPartition], dict[TopicPartition, Span], list[TopicPartition]]:
        async with Reader({"bootstrap_servers": broker.address}) as reader:
            partitions = await reader.partitions(topic)
            return partitions, await reader.spans(partitions), await reader.partitions("missing")

    partitions, spans, none = asyncio.run(ask())
    assert partitions == [TopicPartition(topic, 0)]
    assert spans == {TopicPartition(topic, 0): Span(0, 34)}
    assert none == []


def test_a_broker_that_is_away_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.streaming.engine.read.BACKOFF_SECONDS", (0.0, 0.0))
    errors = [KafkaConnectionError(), KafkaConnectionError()]

    async def call() -> str:
        if errors:
            raise errors.pop()
        return "answer"

    assert asyncio.run(ask_patiently(call)) == "answer"
    assert errors == []


def test_an_error_that_trying_again_does_not_mend_is_raised() -> None:
    async def call() -> str:
        raise TopicAuthorizationFailedError("topic")

    with pytest.raises(TopicAuthorizationFailedError):
        asyncio.run(ask_patiently(call))


async def ask_patiently(call: Callable[[], Awaitable[str]]) -> str:
    return await patiently("no answer", call)
