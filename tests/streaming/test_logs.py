"""The log: hostile input is made harmless, and a line that comes too often is limited."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
from mode.timers import Timer

from monitor.settings import Settings
from monitor.streaming.logs import LINES, SECONDS, JsonFormatter, RateLimit, TextFormatter, set_up, tone_down

HOSTILE = "\x1b[2J\x9b31m\n2026-11-24 00:00:00,000 CRITICAL forged: all is well\r\u2028\x07"


def lines(formatter: logging.Formatter, error: Exception | None = None) -> str:
    """What a log in this format shows of a hostile message."""
    shown = io.StringIO()
    handler = logging.StreamHandler(shown)
    handler.setFormatter(formatter)
    info = (type(error), error, None) if error else None
    handler.handle(
        logging.getLogger("a").makeRecord(
            "a", logging.ERROR, "file", 1, "said %s", (HOSTILE,), info, extra={"title": HOSTILE}
        )
    )
    return shown.getvalue()


@pytest.mark.parametrize("error", [None, ValueError(HOSTILE)])
def test_input_can_neither_end_a_line_nor_steer_a_terminal(error: Exception | None) -> None:
    as_json = lines(JsonFormatter(), error)
    assert as_json.count("\n") == 1
    assert as_json.strip().isascii()
    assert as_json.strip().isprintable()
    entry = json.loads(as_json)
    assert entry["message"] == f"said {HOSTILE}"
    assert (entry["level"], entry["logger"], entry["title"]) == ("ERROR", "a", HOSTILE)
    first, *rest = lines(TextFormatter(), error).splitlines()
    assert " ERROR    a: said " in first
    assert all(line.startswith("    ") for line in rest)
    assert all(line.isprintable() for line in (first, *rest))
    assert bool(rest) is bool(error)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_repeated_lines_are_limited_and_those_left_out_are_counted() -> None:
    clock = Clock()
    limit = RateLimit(clock)

    def passes(message: str, level: int = logging.ERROR) -> logging.LogRecord | None:
        record = logging.LogRecord("aiokafka", level, "file", 1, message, ("x",), None)
        return record if limit.filter(record) else None

    shown = [passes("no broker %s") for _ in range(100)]
    assert sum(record is not None for record in shown) == LINES
    assert passes("another %s") is not None
    assert all(passes("no broker %s", logging.CRITICAL) for _ in range(10))
    numbered = [passes(f"node {number} is away %s") for number in range(10)]
    assert sum(record is not None for record in numbered) == LINES
    clock.now = SECONDS
    again = passes("no broker %s")
    assert again is not None
    assert again.held_back == 100 - LINES  # type: ignore[attr-defined]
    assert not hasattr(passes("no broker %s"), "held_back")


@pytest.mark.parametrize(
    ("logger", "text", "level"),
    [
        ("aiokafka.consumer.fetcher", "Failed fetch messages from 1: Connection at 10.0.0.1:9092 closed", logging.INFO),
        ("aiokafka.consumer.fetcher", "Failed fetch messages from 1: NodeNotReadyError", logging.ERROR),
        ("monitor.streaming.worker", "Connection at 10.0.0.1:9092 closed", logging.ERROR),
    ],
)
def test_connection_that_is_made_again_is_no_error(logger: str, text: str, level: int) -> None:
    record = logging.LogRecord(logger, logging.ERROR, "file", 1, "%s", (text,), None)
    tone_down(record)
    assert (record.levelno, record.levelname) == (level, logging.getLevelName(level))


@pytest.fixture
def _log_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Gives the process its log back after a test that sets it up."""
    root, timers = logging.getLogger(), logging.getLogger("mode.timers")
    before = root.handlers[:], root.level, timers.level
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    root.handlers.clear()
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    timers.setLevel(before[2])


@pytest.mark.usefixtures("_log_as_before")
def test_timer_that_waited_for_the_broker_is_no_warning(capsys: pytest.CaptureFixture[str]) -> None:
    """Its callback took 90 s of an interval of 5 s, so it is late and overlaps."""
    set_up(Settings())
    times = iter([0.0, 0.0, 5.0, 95.0])
    timer = Timer(5.0, name="Beat.measure_lag", clock=lambda: next(times))
    timer.tick()
    timer.on_before_yield()
    timer.tick()
    assert timer.overlaps == 1
    logging.getLogger("mode.services").warning("another line")
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["message"] == "another line"
