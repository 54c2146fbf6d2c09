"""Faust's consumer on the ledger of offsets; tests/streaming/test_worker.py has it on a real Kafka."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError
from aiokafka.structs import OffsetAndMetadata
from faust.transport.consumer import Consumer as FaustConsumer
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, Message

from monitor.streaming.engine.consumer import Consumer
from monitor.streaming.engine.consumer_thread import ConsumerThread
from monitor.streaming.engine.resets import Cause, Reset
from monitor.streaming.engine.transport import App

HERE = TP("articles", 0)


def message(offset: int) -> Message:
    return Message("articles", 0, offset, float(offset), 0, None, b"k", b"v", None, tp=HERE)


@pytest.fixture
def consumer() -> Iterator[Consumer]:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    app = App("test", broker="kafka://127.0.0.1:1", web_enabled=False, store="memory://")

    async def nothing(*_: Any) -> None:
        pass

    made = Consumer(app.transport, nothing, nothing, nothing, loop=loop, beacon=app.beacon)
    yield made
    made._thread.thread_loop.close()
    loop.close()
    asyncio.set_event_loop(None)


def deliver(consumer: Consumer, monkeypatch: pytest.MonkeyPatch, *offsets: int) -> list[Message]:
    """Let the offsets arrive as Faust reads them."""
    messages = [message(offset) for offset in offsets]

    async def getmany(self: Any, timeout: float) -> AsyncIterator[tuple[TP, Message]]:
        for found in messages:
            yield HERE, found

    monkeypatch.setattr(FaustConsumer, "getmany", getmany)

    async def read() -> None:
        async for _ in consumer.getmany(1.0):
            pass

    asyncio.run(read())
    return messages


def test_commits_pass_gaps_but_nothing_in_flight(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b, c, d = deliver(consumer, monkeypatch, 3, 4, 9, 20)
    assert consumer._new_offset(HERE) is None
    consumer.finish(b)
    consumer.finish(d)
    assert consumer._new_offset(HERE) is None
    consumer.finish(a)
    assert consumer._new_offset(HERE) == 5
    assert consumer._new_offset(HERE) == 5
    consumer.finish(c)
    assert consumer._new_offset(HERE) == 21


def test_what_faust_skips_is_not_passed(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = deliver(consumer, monkeypatch, 0, 1)
    a.ack(consumer)
    consumer.finish(b)
    assert consumer._new_offset(HERE) is None


def test_event_before_a_seek_does_not_finish_its_second_reading(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = deliver(consumer, monkeypatch, 0)
    consumer._forget([HERE])
    (again,) = deliver(consumer, monkeypatch, 0)
    consumer.finish(before)
    assert consumer._new_offset(HERE) is None
    consumer.finish(again)
    assert consumer._new_offset(HERE) == 1


def test_what_faust_drops_is_not_waited_for(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    consumer._read_offset[HERE] = 5
    _, kept = deliver(consumer, monkeypatch, 4, 5)
    consumer.finish(kept)
    assert consumer._new_offset(HERE) == 6


def test_a_commit_that_failed_is_tried_again(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(self: Any, offsets: dict[TP, int], start_new_transaction: bool = True) -> bool:
        self._committed_offset.update(offsets)
        return False

    monkeypatch.setattr(FaustConsumer, "_commit_offsets", refused)
    (a,) = deliver(consumer, monkeypatch, 0)
    consumer.finish(a)
    assert consumer._filter_committable_offsets([HERE]) == {HERE: 1}
    assert asyncio.run(consumer._commit_offsets({HERE: 1})) is False
    assert consumer._filter_committable_offsets([HERE]) == {HERE: 1}


@pytest.mark.parametrize("refusals", [0, 2])
def test_the_last_commit_waits_for_one_under_way_and_is_tried_again(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch, refusals: int
) -> None:
    answers = [True, *[False] * refusals, True]
    commits: list[dict[TP, int]] = []
    is_under_way = asyncio.Event()

    async def slow(self: Any, offsets: dict[TP, int], start_new_transaction: bool = True) -> bool:
        commits.append(dict(offsets))
        is_under_way.set()
        await asyncio.sleep(0.01)
        self._committed_offset.update(offsets)
        return answers[len(commits) - 1]

    async def end() -> None:
        timer = asyncio.ensure_future(consumer.commit())
        await is_under_way.wait()
        consumer.finish(b)
        await consumer.commit_and_end_transactions()
        await timer

    monkeypatch.setattr(FaustConsumer, "_commit_offsets", slow)
    monkeypatch.setattr("monitor.streaming.engine.consumer.LAST_COMMIT_PAUSE", 0)
    a, b = deliver(consumer, monkeypatch, 0, 1)
    consumer.finish(a)
    consumer.loop.run_until_complete(end())
    assert commits == [{HERE: 1}] + [{HERE: 2}] * (refusals + 1)


def test_a_group_that_is_lost_ends_the_fetch(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    class Lost(Exception):
        """As GroupAuthorizationFailedError."""

    class Coordinator:
        def check_errors(self) -> None:
            raise Lost

    class Client:
        _coordinator = Coordinator()

    thread = object.__new__(ConsumerThread)
    with pytest.raises(Lost):
        asyncio.run(ConsumerThread._fetch_records(thread, Client(), set()))
    assert issubclass(ConsumerThread, driver.AIOKafkaConsumerThread)


def test_reading_waits_while_the_events_in_hand_hold_too_many_bytes(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    consumer.app.max_bytes_in_hand = 4  # two messages of a key and a value of one byte
    messages = [message(offset) for offset in range(4)]
    read: list[int] = []

    async def getmany(self: Any, timeout: float) -> AsyncIterator[tuple[TP, Message]]:
        for found in messages:
            yield HERE, found

    monkeypatch.setattr(FaustConsumer, "getmany", getmany)

    async def scenario() -> None:
        async def read_all() -> None:
            async for _, found in consumer.getmany(1.0):
                read.append(found.offset)

        reading = asyncio.create_task(read_all())
        await asyncio.sleep(0.05)
        assert read == [0, 1]
        assert consumer.ledger.bytes_in_hand() == 4
        consumer.finish(messages[1])
        await asyncio.sleep(0.05)
        assert read == [0, 1, 2]
        consumer.stop_flow()
        await reading
        assert read == [0, 1, 2], "a rebalance reads the rest again, from the committed offset"
        consumer._forget([HERE])
        assert consumer.ledger.bytes_in_hand() == 0

    asyncio.run(scenario())


def test_one_record_larger_than_the_limit_is_let_through(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    consumer.app.max_bytes_in_hand = 1
    (large,) = deliver(consumer, monkeypatch, 0)
    assert consumer.ledger.bytes_in_hand() == 2
    consumer.finish(large)
    assert consumer.ledger.bytes_in_hand() == 0


def test_tells_what_is_in_hand_and_what_awaits_its_commit(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    async def accepted(self: Any, offsets: dict[TP, int], start_new_transaction: bool = True) -> bool:
        self._committed_offset.update(offsets)
        return True

    monkeypatch.setattr(FaustConsumer, "_commit_offsets", accepted)
    assert consumer.ledger.in_hand_since() is None
    a, b = deliver(consumer, monkeypatch, 0, 1)
    assert consumer.ledger.in_hand_since() is not None
    consumer.finish(b)
    assert consumer.ledger.commit_due_since() is None, "nothing can be committed before the first"
    consumer.finish(a)
    due = consumer.ledger.commit_due_since()
    assert due is not None
    assert consumer.ledger.in_hand_since() is None
    assert consumer._filter_committable_offsets([HERE]) == {HERE: 2}
    assert consumer.ledger.commit_due_since() == due, "asking for the offset commits nothing"
    asyncio.run(consumer._commit_offsets({HERE: 2}))
    assert consumer.ledger.commit_due_since() is None
    assert consumer._filter_committable_offsets([HERE]) == {}
    assert consumer.ledger.commit_due_since() is None


def test_the_commit_passes_what_a_fetch_left_out_at_the_end(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a topic ends in an aborted transaction: records 2 to 9 are never given."""
    given = [message(0), message(1)]

    class State:
        has_valid_position = True
        position = 10

    class Assignment:
        def state_value(self, _: object) -> State:
            return State()

    class Subscription:
        assignment = Assignment()

    class Subscriptions:
        subscription = Subscription()

    class Client:
        _subscription = Subscriptions()

    async def fetch(self: Any, active: Any, timeout: float) -> dict[TP, list[Message]]:
        return {HERE: given} if given else {}

    async def getmany(self: Any, timeout: float) -> AsyncIterator[tuple[TP, Message]]:
        for tp, messages in (await self._getmany(None, timeout)).items():
            for found in messages[: self.given]:
                yield tp, found

    monkeypatch.setattr(driver.Consumer, "_getmany", fetch)
    monkeypatch.setattr(FaustConsumer, "getmany", getmany)
    monkeypatch.setattr(consumer._thread, "_consumer", Client())
    consumer._active_partitions.add(HERE)

    async def read() -> None:
        async for _ in consumer.getmany(1.0):
            pass

    consumer.given = 1  # type: ignore[attr-defined]
    asyncio.run(read())
    consumer.finish(given[0])
    assert consumer._new_offset(HERE) == 1, "what was fetched and not given must be read again"
    consumer.given = 2  # type: ignore[attr-defined]
    asyncio.run(read())
    consumer.finish(given[0])
    assert consumer._new_offset(HERE) == 1, "what is in hand is not passed"
    consumer.finish(given[1])
    assert consumer._new_offset(HERE) == 10
    asyncio.run(read())
    given.clear()
    asyncio.run(read())
    assert consumer._new_offset(HERE) == 10


def test_a_note_is_committed_with_the_offset_after_its_event(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed: list[dict[TopicPartition, OffsetAndMetadata]] = []

    async def commit(offsets: dict[TopicPartition, OffsetAndMetadata]) -> None:
        committed.append(offsets)

    a, b, c = deliver(consumer, monkeypatch, 3, 4, 9)
    consumer.finish(b, "second")
    consumer.finish(a, "first")
    assert consumer._new_offset(HERE) == 5
    there = TopicPartition("articles", 0)
    asyncio.run(consumer._thread._commit_with_notes(commit, {there: OffsetAndMetadata(5, "")}))
    consumer.finish(c, "third")
    consumer._new_offset(HERE)
    asyncio.run(consumer._thread._commit_with_notes(commit, {there: OffsetAndMetadata(5, "")}))
    assert committed == [
        {there: OffsetAndMetadata(5, "log 5: 3@3000 4@4000; second")},
        {there: OffsetAndMetadata(5, "")},
    ]


def test_a_held_partition_is_not_read_until_it_is_released(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    other = TP("other", 0)
    sought: list[dict[TP, int]] = []

    async def seek_wait(partitions: dict[TP, int]) -> None:
        sought.append(partitions)

    async def nothing(*_: Any, **__: Any) -> None:
        pass

    consumer.app.held_topics = frozenset({"articles"})
    consumer.app.consumer_generation_id = 4
    monkeypatch.setattr(consumer.app, "on_rebalance_return", lambda: None)
    monkeypatch.setattr(consumer, "_on_partitions_assigned", nothing)
    monkeypatch.setattr(consumer._thread, "assignment", lambda: {HERE, other})
    monkeypatch.setattr(consumer._thread, "seek_wait", seek_wait)
    asyncio.run(consumer.on_partitions_assigned({HERE, other}, 4))
    assert consumer._get_active_partitions() == {other}
    consumer.resume_partitions({HERE, other})
    assert consumer._get_active_partitions() == {other}, "what Faust resumes after a rebalance stays held"
    assert asyncio.run(consumer.release(HERE, 7, 3)) is False, "of an earlier generation"
    assert asyncio.run(consumer.release(HERE, 7, 4)) is True
    assert sought == [{HERE: 7}]
    assert consumer._get_active_partitions() == {HERE, other}
    assert asyncio.run(consumer.release(HERE, 9, 4)) is False, "it is held no longer"


def test_a_partition_that_was_taken_away_is_not_released(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
    consumer.app.consumer_generation_id = 4
    consumer.hold(HERE)
    monkeypatch.setattr(consumer._thread, "assignment", set)
    assert asyncio.run(consumer.release(HERE, 7, 4)) is False
    assert consumer._get_active_partitions() == set()


def test_partition_held_at_a_message_lets_go_what_is_behind_it(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, at, behind = deliver(consumer, monkeypatch, 0, 1, 2)
    consumer._active_partitions.add(HERE)
    consumer.hold_at(at)
    assert consumer.held() == {HERE}
    assert HERE not in consumer._get_active_partitions()
    assert [consumer.is_in_hand(given) for given in (before, at, behind)] == [True, False, False]
    consumer.finish(before)
    assert consumer._new_offset(HERE) == 1, "what is before it is committed, and no more"
    consumer.on_buffer_full(HERE)
    consumer.on_buffer_drop(HERE)
    consumer.resume_partitions({HERE})
    assert HERE not in consumer._get_active_partitions()


def test_held_partition_is_sought_and_read_again_once_no_fetch_is_at_hand(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (at,) = deliver(consumer, monkeypatch, 1)
    sought: list[dict[TP, int]] = []

    async def seek_wait(partitions: dict[TP, int]) -> None:
        sought.append(partitions)

    async def fetch(self: Any, timeout: float) -> tuple[dict[TP, Any], set[TP]]:
        return {}, self._get_active_partitions()

    monkeypatch.setattr(consumer._thread, "seek_wait", seek_wait)
    monkeypatch.setattr(consumer._thread, "assignment", lambda: {HERE})
    monkeypatch.setattr(FaustConsumer, "_wait_next_records", fetch)
    consumer.hold_at(at)
    consumer.resume(HERE, 1)
    assert consumer.held() == {HERE}
    asyncio.run(consumer._wait_next_records(1.0))
    assert sought == [{HERE: 1}]
    assert consumer.held() == frozenset()
    assert HERE in consumer._get_active_partitions()


class Client:
    """aiokafka's consumer as far as the position of one partition."""

    def __init__(self, position: int | None) -> None:
        state = SimpleNamespace(has_valid_position=position is not None, position=position)
        assignment = SimpleNamespace(state_value=lambda _: state)
        self._subscription = SimpleNamespace(subscription=SimpleNamespace(assignment=assignment))


def reset(
    consumer: Consumer,
    monkeypatch: pytest.MonkeyPatch,
    position: int | None,
    act: Callable[[Consumer], Coroutine[Any, Any, object]],
) -> tuple[list[dict[TP, int]], list[dict[TP, Reset]]]:
    """What is sought, and told, by what a consumer does at this position of a log that holds 10 to 89."""
    sought: list[dict[TP, int]] = []
    told: list[dict[TP, Reset]] = []

    async def answer(offset: int) -> dict[TP, int]:
        return {HERE: offset}

    async def seek_wait(partitions: dict[TP, int]) -> None:
        sought.append(partitions)

    async def commit(self: Any, offsets: dict[TP, int], start_new_transaction: bool = True) -> bool:
        self._committed_offset.update(offsets)
        return True

    thread = consumer._thread
    monkeypatch.setattr(thread, "_consumer", Client(position))
    monkeypatch.setattr(thread, "earliest_offsets", lambda *_: answer(10))
    monkeypatch.setattr(thread, "highwaters", lambda *_: answer(90))
    monkeypatch.setattr(thread, "assignment", lambda: {HERE})
    monkeypatch.setattr(thread, "seek_wait", seek_wait)
    monkeypatch.setattr(FaustConsumer, "_commit_offsets", commit)
    consumer.app.on_reset = lambda resets: told.append(dict(resets))
    asyncio.run(act(consumer))
    return sought, told


@pytest.mark.parametrize(
    ("asked", "cause"), [(None, Cause.FIRST_START), (3, Cause.DELETED_UNREAD), (91, Cause.LOG_LOST)]
)
def test_offset_that_is_not_in_the_log_begins_at_what_is_there_and_is_committed(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch, asked: int | None, cause: Cause
) -> None:
    (old,) = deliver(consumer, monkeypatch, 89)
    sought, told = reset(consumer, monkeypatch, asked, lambda consumer: consumer._reset({HERE: asked}))
    assert sought == [{HERE: 10}]
    assert [resets[HERE].cause for resets in told] == [cause]
    assert consumer.last_committed(HERE) == 10
    consumer.finish(old)
    assert consumer._new_offset(HERE) is None, "the ledger of the old log is forgotten"


@pytest.mark.parametrize(("asked", "position"), [(91, 20), (50, 50)], ids=["sought since", "in the log"])
def test_offset_that_can_be_read_is_left_alone(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch, asked: int, position: int
) -> None:
    assert reset(consumer, monkeypatch, position, lambda consumer: consumer._reset({HERE: asked})) == ([], [])


@pytest.mark.parametrize(
    ("replaced", "offsets", "causes"), [({HERE}, [{HERE: 10}], [Cause.LOG_REPLACED]), (set(), [], [])]
)
def test_log_as_long_as_the_one_that_was_lost_is_read_from_its_begin_before_any_fetch(
    consumer: Consumer,
    monkeypatch: pytest.MonkeyPatch,
    replaced: set[TP],
    offsets: list[dict[TP, int]],
    causes: list[Cause],
) -> None:
    asked: list[set[TP]] = []

    async def replaced_logs(partitions: set[TP]) -> set[TP]:
        asked.append(partitions)
        return replaced

    async def fetch(self: Any, active: set[TP], timeout: float) -> dict[TP, list[Message]]:
        assert active == {HERE}
        assert len(asked) == 1, "an assignment is compared once"
        return {}

    async def read_twice(consumer: Consumer) -> None:
        await consumer._getmany({HERE}, 1.0)
        await consumer._getmany({HERE}, 1.0)

    monkeypatch.setattr(consumer, "replaced_logs", replaced_logs)
    monkeypatch.setattr(driver.Consumer, "_getmany", fetch)
    sought, told = reset(consumer, monkeypatch, 50, read_twice)
    assert sought == offsets
    assert [resets[HERE].cause for resets in told] == causes


def test_nothing_is_read_of_a_partition_whose_log_could_not_be_compared(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def replaced_logs(partitions: set[TP]) -> set[TP]:
        raise KafkaConnectionError

    async def fetch(self: Any, active: set[TP], timeout: float) -> None:
        raise AssertionError(active)

    monkeypatch.setattr(consumer, "replaced_logs", replaced_logs)
    monkeypatch.setattr(driver.Consumer, "_getmany", fetch)
    assert asyncio.run(consumer._getmany({HERE}, 1.0)) == {}
