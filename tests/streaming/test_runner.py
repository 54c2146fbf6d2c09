"""What becomes of a record between Faust and a stage; no broker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from faust.types import TP, Message

from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.settings.kafka import TopicNames
from monitor.streaming import runner as module
from monitor.streaming.deadletters.held import HeldPartitions
from monitor.streaming.engine.exit import ExitCode
from monitor.streaming.engine.offsets import Ledger
from monitor.streaming.engine.records import InputRecord, Output
from monitor.streaming.engine.state import Folded
from monitor.streaming.engine.transport import App
from monitor.streaming.health.awaited import Health
from monitor.streaming.runner import StageRunner, input_record
from monitor.streaming.topics import Topic
from tests.streaming.counting import Lengths

HERE = TP("articles", 3)


class FakeConsumer:
    """Notes what is finished, held, resumed and committed; a message is in hand until its partition is held."""

    group = "monitor"

    def __init__(self, note: str = "") -> None:
        self.ledger = Ledger()
        self.finished: list[tuple[int, str]] = []
        self.committed: list[tuple[int, str]] = []
        self.resumed: list[int] = []
        self.let_go_offsets: list[int] = []
        self._note = note
        self._is_held = False

    async def note(self, _: TP) -> str:
        return self._note

    def finish(self, message: Message, note: str = "") -> None:
        self.finished.append((message.offset, note))

    def is_in_hand(self, _: Message) -> bool:
        return not self._is_held

    def let_go(self, message: Message) -> None:
        self.let_go_offsets.append(message.offset)

    def hold_at(self, _: Message) -> None:
        self._is_held = True

    async def commit_note(self, _: TP, offset: int, note: str) -> None:
        self.committed.append((offset, note))

    def resume(self, _: TP, offset: int) -> None:
        self.resumed.append(offset)
        self._is_held = False


class FakeProducer:
    """Takes every record."""

    def __init__(self) -> None:
        self.sent: list[tuple[Any, ...]] = []

    async def send(self, *arguments: Any) -> asyncio.Future[None]:
        self.sent.append(arguments)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done


class FakeApp(App):
    offsets_consumer: Any = None
    producer: Any = None


class Exited(Exception):
    """In place of the end of the process."""


@pytest.fixture
def exits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[ExitCode, str]]:
    exits: list[tuple[ExitCode, str]] = []

    def exit_process(code: ExitCode, message: str) -> None:
        exits.append((code, message))
        raise Exited

    monkeypatch.setattr(module, "exit_process", exit_process)
    return exits


def message(offset: int, value: bytes | None, headers: Any = None) -> Message:
    return Message("articles", 3, offset, 12.5, 0, headers, b"k", value, None, tp=HERE)


async def handled(*values: bytes | None, note: str = "", **settings: Any) -> StageRunner:
    app = FakeApp("test", broker="kafka://127.0.0.1:1", web_enabled=False, store="memory://")
    app.offsets_consumer, app.producer = FakeConsumer(note), FakeProducer()
    metrics = Metrics()
    tested = StageRunner(Lengths(TopicNames()), app, Settings(**settings), metrics, HeldPartitions(metrics, Health()))
    for offset, value in enumerate(values):
        await tested._handle(message(offset, value))
    await tested._deliveries.drain(5)
    return tested


def sent(tested: StageRunner) -> list[tuple[Any, ...]]:
    producer: Any = tested.app.producer
    sent: list[tuple[Any, ...]] = producer.sent
    return sent


def finished(tested: StageRunner) -> list[tuple[int, str]]:
    consumer: Any = tested.app.offsets_consumer
    finished: list[tuple[int, str]] = consumer.finished
    return finished


def test_headers_become_pairs_whatever_faust_gives() -> None:
    expected = InputRecord("articles", 3, 7, 12.5, b"k", b"x", (("h", b"1"), ("none", b"")))
    assert input_record(message(7, b"x", [("h", b"1"), ("none", None)])) == expected
    assert input_record(message(7, b"x", {"h": b"1", "none": None})) == expected
    assert input_record(message(7, b"x")).headers == ()


def test_record_is_finished_once_its_outputs_are_delivered() -> None:
    tested = asyncio.run(handled(b"abc"))
    ((topic, key, value, *_),) = sent(tested)
    assert (topic, key, value) == ("articles.lengths", b"k", b"3")
    assert finished(tested) == [(0, "dead letters: 0 1 0")]


def test_refused_record_goes_to_the_dead_letters_and_the_next_is_handled() -> None:
    tested = asyncio.run(handled(b"", b"abc"))
    assert [topic for topic, *_ in sent(tested)] == ["articles.dead", "articles.lengths"]
    assert finished(tested) == [(0, "dead letters: 1 1 1"), (1, "dead letters: 0 2 2")]


def test_counters_of_dead_letters_and_deliveries_begin_at_0() -> None:
    metrics = Metrics()
    app = FakeApp("test", broker="kafka://127.0.0.1:1", web_enabled=False, store="memory://")
    StageRunner(Lengths(TopicNames("p.")), app, Settings(topic_prefix="p."), metrics, HeldPartitions(metrics, Health()))
    for name, labels in (
        ("monitor_dead_letters_total", {"reason": "empty_value"}),
        ("monitor_dead_letters_total", {"reason": "output_too_large"}),
        ("monitor_deliveries_total", {"topic": "p.articles.dead"}),
        ("monitor_deliveries_total", {"topic": "p.articles.lengths"}),
    ):
        assert metrics.registry.get_sample_value(name, labels) == 0


def test_partition_past_its_limit_is_held_at_that_record() -> None:
    tested = asyncio.run(handled(b"", b"", b"", b"abc", dead_letter_consecutive=2))
    assert [topic for topic, *_ in sent(tested)] == ["articles.dead"] * 2
    assert [offset for offset, _ in finished(tested)] == [0, 1]
    consumer: Any = tested.app.offsets_consumer
    assert consumer.let_go_offsets == [3], "what was read behind it is read again"


def test_count_of_dead_letters_goes_on_from_the_committed_note() -> None:
    tested = asyncio.run(handled(b"", note="dead letters: 2 2 3", dead_letter_consecutive=2))
    assert finished(tested) == []
    assert sent(tested) == []


def test_defect_of_a_stage_ends_the_process(exits: list[tuple[ExitCode, str]]) -> None:
    class Event:
        message = message(0, b"defect")

    class Stream:
        def noack(self) -> Stream:
            return self

        async def events(self) -> Any:
            yield Event()

    async def scenario() -> None:
        tested = await handled()
        await tested._handle_stream(Stream())  # type: ignore[arg-type]

    with pytest.raises(Exited):
        asyncio.run(scenario())
    assert exits[0][0] is ExitCode.STAGE_FAILED
    assert exits[0][1].startswith("the stage lengths failed: ZeroDivisionError")


class Minutes(Lengths):
    """Has state, ticks each minute, and knows what it follows."""

    name = "minutes"
    stateful = True

    def __init__(self, names: TopicNames) -> None:
        super().__init__(names)
        self.known: dict[bytes, bytes | None] = {}

    def tick(self, partition: int, stream_time: float) -> Sequence[Output]:
        return [Output("minutes", b"%d" % partition, b"%d" % stream_time)]

    def follow(self, topic: Topic, key: bytes, value: bytes | None) -> None:
        self.known[key] = value


def minutes(settings: Settings = Settings()) -> tuple[StageRunner, Minutes]:  # noqa: B008 - frozen
    metrics, stage, app = Metrics(), Minutes(TopicNames()), FakeApp("test", web_enabled=False)
    app.offsets_consumer, app.producer = FakeConsumer(), FakeProducer()
    health = Health()
    runner = StageRunner(stage, app, settings, metrics, HeldPartitions(metrics, health))
    runner.connect_state({}, metrics, health)
    return runner, stage


def test_ticks_are_delivered_with_the_record_that_brings_them() -> None:
    async def scenario() -> StageRunner:
        runner, stage = minutes()
        assert runner._fold is not None
        runner._fold._folded[HERE] = folded = Folded(stage, 3, 0)
        for offset, value, timestamp in ((7, b"abc", 130.0), (8, b"", 190.0)):
            given = message(offset, value)
            given.timestamp = timestamp
            await runner._handle(given)
        await runner._deliveries.drain(5)
        assert folded.next_offset == 9
        return runner

    delivered = [(topic, value) for topic, _, value, *_ in sent(asyncio.run(scenario()))]
    assert delivered[:2] == [("articles.lengths", b"3"), ("minutes", b"120")]
    assert [topic for topic, _ in delivered[2:]] == ["articles.dead", "minutes"], "a refused record passes time too"


def test_partitions_of_a_stage_with_state_are_held_on_assignment() -> None:
    runner, _ = minutes()
    assert runner.app.held_topics == {"articles"}


def test_a_stage_with_state_reads_one_topic() -> None:
    with pytest.raises(ValueError, match=r"minutes has state, .* would read 2: wire, web"):
        minutes(Settings(input_topics=("wire", "web")))


def test_followed_records_reach_the_stage() -> None:
    runner, stage = minutes()
    (follower,) = runner.app.followers
    follower._keys.record(InputRecord("articles.known", 0, 0, 1.0, b"source", b"value"))
    follower._keys.record(InputRecord("articles.known", 0, 1, 1.0, b"source", None))
    assert stage.known == {b"source": None}
