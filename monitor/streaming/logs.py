"""The worker's log: one line a record, as JSON or as text, with a limit on how often a line of one kind is written."""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, NamedTuple

from monitor.articles.printable import printable
from monitor.settings import Settings

#: At most this many lines of one kind are written in this many seconds; the next one says how many were left out.
LINES, SECONDS = 2, 60.0
#: Kinds remembered at once. The code has some hundreds; a library that puts names into its messages makes more.
KINDS = 1_000
#: Characters kept of a message or a traceback, so that no record and no broker can fill a disk.
LONGEST = 8_000


def set_up(settings: Settings) -> None:
    """Send the log of this process to standard error, in the format and from the level that the settings name."""
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if as_json else TextFormatter())
    handler.addFilter(tone_down)
    handler.addFilter(RateLimit())
    sys.excepthook = _uncaught
    # It warns of each turn that comes late, also of one that only waited for the broker; what matters of it is in
    # monitor_event_loop_delay_seconds and monitor_lag_measured_timestamp_seconds.
    logging.getLogger("mode.timers").setLevel(logging.ERROR)
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)


class JsonFormatter(logging.Formatter):
    """One JSON object a line, in ASCII, so that no input can end a line or steer a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record; the fields given as ``extra`` stand beside the message."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage()[:LONGEST],
        }
        line |= _extra(record)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)[-LONGEST:]
        return json.dumps(line, default=str)


class TextFormatter(logging.Formatter):
    """One line a record. The lines of a traceback are indented, so that no input can pass for a record."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record, control characters replaced."""
        extra = "".join(f" {name}={value}" for name, value in _extra(record).items())
        message = f"{record.getMessage()[:LONGEST]}{extra}"
        line = f"{self.formatTime(record)} {record.levelname:<8} {record.name}: {printable(message)}"
        if record.exc_info:
            exception = self.formatException(record.exc_info)[-LONGEST:]
            line += "".join(f"\n    {printable(part)}" for part in exception.split("\n"))
        return line


def tone_down(record: logging.LogRecord) -> bool:
    """Lower aiokafka's lines on a closed connection to level INFO: it connects again, and sends what it had sent.

    A broker closes connections that are idle, and those that have not proved their password again within
    ``connections.max.reauth.ms``, which aiokafka never does. One that is away gives other lines.
    """
    if record.levelno > logging.INFO and record.name.startswith("aiokafka") and _CLOSED.search(record.getMessage()):
        record.levelno, record.levelname = logging.INFO, logging.getLevelName(logging.INFO)
    return record.levelno >= logging.getLogger().level


class _Kind(NamedTuple):
    since: float
    passed: int
    held: int


class RateLimit(logging.Filter):
    """Writes at most :data:`LINES` lines of a kind in :data:`SECONDS` seconds, but every line of level CRITICAL.

    A kind is the logger, the level, the stage that it is about and the message without its arguments and numbers. The
    first line that is
    written after others were left out says how many (``held_back``).
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._lock = threading.Lock()
        self._kinds: dict[tuple[str, int, str], _Kind] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
        if record.levelno >= logging.CRITICAL or record.levelno <= logging.DEBUG:
            return True
        stage = str(getattr(record, "stage", ""))
        key, now = (record.name, record.levelno, stage + _NUMBERS.sub("#", str(record.msg)[:200])), self._clock()
        with self._lock:
            if len(self._kinds) >= KINDS:
                self._kinds.clear()
            kind = self._kinds.get(key, _Kind(now, 0, 0))
            if now - kind.since >= SECONDS:
                kind = _Kind(now, 0, kind.held)
            passes = kind.passed < LINES
            if passes and kind.held:
                record.held_back = kind.held
            self._kinds[key] = _Kind(kind.since, kind.passed + 1, 0) if passes else kind._replace(held=kind.held + 1)
        return passes


_NUMBERS = re.compile(r"\d+")
#: The text of aiokafka's KafkaConnectionError where the other side closed the connection.
_CLOSED = re.compile(r"Connection at \S+ closed")
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    """The fields that the call gave as ``extra``, without those that Faust adds (they repeat the message)."""
    return {
        name: value
        for name, value in vars(record).items()
        if name not in _USUAL and isinstance(value, str | int | float)
    }


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger(__name__).critical("the process ends: %s", kind.__name__, exc_info=(kind, error, trace))
