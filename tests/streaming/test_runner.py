"""What becomes of a record between Faust and a stage; no broker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from faust.types import TP, Message

from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming import runner as module
from monitor.streaming.engine.exit import ExitCode
from monitor.streaming.engine.records import InputRecord, Output
from monitor.streaming.engine.state import Folded
from monitor.streaming.engine.transport import App
from monitor.streaming.health.awaited import Health
from monitor.streaming.runner import StageRunner, input_record
from monitor.streaming.topics import Topic
from tests.streaming.counting import Lengths

HERE = TP("articles", 3)


class FakeConsumer:
    """Notes what is finished, and how often a commit is asked for."""

    def __init__(self, note: str = "") -> None:
        self.finished: list[tuple[int, str]] = []
        self.commits = 0
        self._note = note

    async def note(self, _: TP) -> str:
        return self._note

    def finish(self, message: Message, note: str = "") -> None:
        self.finished.append((message.offset, note))

    async def commit(self) -> bool:
        self.commits += 1
        return self.commits > 1


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
    tested = StageRunner(Lengths(""), app, Settings(**settings), Metrics())
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
    StageRunner(Lengths("p."), app, Settings(topic_prefix="p."), metrics)
    for name, labels in (
        ("monitor_dead_letters_total", {"reason": "empty_value"}),
        ("monitor_dead_letters_total", {"reason": "output_too_large"}),
        ("monitor_deliveries_total", {"topic": "p.articles.dead"}),
        ("monitor_deliveries_total", {"topic": "p.articles.lengths"}),
    ):
        assert metrics.registry.get_sample_value(name, labels) == 0


def test_too_many_dead_letters_end_the_process_before_the_record_is_committed(
    exits: list[tuple[ExitCode, str]],
) -> None:
    with pytest.raises(Exited):
        asyncio.run(handled(b"", b"", b"", dead_letter_consecutive=2))
    ((code, text),) = exits
    assert code is ExitCode.DEAD_LETTER_LIMIT
    assert "3 dead letters in a row" in text
    assert "articles-3 with offset 2: empty_value: the record is empty" in text


def test_count_of_dead_letters_goes_on_from_the_committed_note(exits: list[tuple[ExitCode, str]]) -> None:
    with pytest.raises(Exited):
        asyncio.run(handled(b"", note="dead letters: 2 2 3", dead_letter_consecutive=2))
    assert "3 dead letters in a row" in exits[0][1]


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


def test_commit_is_asked_for_again_where_one_was_under_way() -> None:
    async def scenario() -> int:
        tested = await handled()
        await tested._commit_all()
        commits: int = tested.app.offsets_consumer.commits  # type: ignore[attr-defined]
        return commits

    assert asyncio.run(scenario()) == 2


class Minutes(Lengths):
    """Has state, ticks each minute, and knows what it follows."""

    name = "minutes"
    stateful = True

    def __init__(self, prefix: str) -> None:
        super().__init__(prefix)
        self.known: dict[bytes, bytes | None] = {}

    def tick(self, partition: int, stream_time: float) -> Sequence[Output]:
        return [Output("minutes", b"%d" % partition, b"%d" % stream_time)]

    def follow(self, topic: Topic, key: bytes, value: bytes | None) -> None:
        self.known[key] = value


def minutes() -> tuple[StageRunner, Minutes]:
    settings, metrics, stage = Settings(), Metrics(), Minutes("")
    runner = StageRunner(stage, FakeApp("test", web_enabled=False), settings, metrics)
    runner.connect_state({}, metrics, Health())
    return runner, stage


def test_ticks_are_delivered_with_the_record_that_brings_them() -> None:
    runner, stage = minutes()
    assert runner._fold is not None
    runner._fold._folded[HERE] = folded = Folded(stage, 3, 0)
    first = input_record(message(7, b"abc"))._replace(timestamp=130.0)
    outputs, refused = runner.outputs(first)
    assert ([(o.topic, o.value) for o in outputs], refused) == ([("articles.lengths", b"3"), ("minutes", b"120")], None)
    outputs, refused = runner.outputs(first._replace(offset=8, value=b"", timestamp=190.0))
    assert refused is not None
    assert [o.topic for o in outputs] == ["articles.dead", "minutes"], "a refused record passes time too"
    assert folded.next_offset == 9


def test_partitions_of_a_stage_with_state_are_held_on_assignment() -> None:
    runner, _ = minutes()
    assert runner.app.held_topics == {"articles"}


def test_followed_records_reach_the_stage() -> None:
    runner, stage = minutes()
    (follower,) = runner.app.followers
    follower._keys.record(InputRecord("articles.known", 0, 0, 1.0, b"source", b"value"))
    follower._keys.record(InputRecord("articles.known", 0, 1, 1.0, b"source", None))
    assert stage.known == {b"source": None}
