"""Partitions that are held, since their dead letters passed a limit: which, why, and how they go on.

Each is noted with its committed offset, so that it can be seen from anywhere (``monitor partitions list``)
and by whom it can be resumed. The worker that gets the partition next meets the same record, and holds it
again, or goes on where the cause is mended.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import NamedTuple

from faust.types import TP

from monitor.metrics import Metrics
from monitor.streaming.health.awaited import Health

_NOTE = re.compile(r"held (\d{1,19}) since (\d{1,12}) for (\w{1,100}) by (\S{1,300}); ", re.ASCII)


class NotHeld(Exception):
    """The partition is not held by this worker; the message names it."""


class Held(NamedTuple):
    """One partition that is held."""

    offset: int
    #: Whole seconds since 1970.
    since: int
    #: That of the record at the offset.
    reason: str
    #: Where the worker that holds it can be asked to resume it, HOST:PORT.
    address: str

    def note(self) -> str:
        """As a text that stands before the note of what was counted."""
        return f"held {self.offset} since {self.since} for {self.reason} by {self.address}; "

    @classmethod
    def from_note(cls, note: str) -> Held | None:
        """What :meth:`note` wrote; ``None`` where the note is of a partition that is not held."""
        parsed = _NOTE.match(note)
        return cls(int(parsed[1]), int(parsed[2]), parsed[3], parsed[4]) if parsed else None


@dataclass(frozen=True)
class _Entry:
    group: str
    resume: Callable[[], Future[None]]


class HeldPartitions:
    """The partitions that this worker holds, over all its stages; safe to ask from another thread."""

    def __init__(self, metrics: Metrics, health: Health) -> None:
        self._metrics = metrics
        self._health = health
        self._lock = threading.Lock()
        self._entries: dict[str, _Entry] = {}
        #: Where this worker serves its page, HOST:PORT.
        self.address = "unknown"

    def add(self, group: str, tp: TP, why: str, resume: Callable[[], Future[None]]) -> None:
        """A partition is held from now on. ``why`` is for a person; ``resume`` begins to let it go on."""
        name = f"{tp.topic}-{tp.partition}"
        with self._lock:
            self._entries[name] = _Entry(group, resume)
        self._metrics.held.labels(group, tp.topic, str(tp.partition)).set(1)
        self._health.set_ready(f"held {name}", f"{name} is held {why}; monitor partitions resume {name}")

    def remove(self, tp: TP) -> None:
        """A partition is not held, or no longer this worker's."""
        name = f"{tp.topic}-{tp.partition}"
        with self._lock:
            entry = self._entries.pop(name, None)
        if entry is not None:
            self._metrics.held.remove(entry.group, tp.topic, str(tp.partition))
            self._health.set_ready(f"held {name}")

    def names(self) -> list[str]:
        """The partitions that are held, as TOPIC-NUMBER."""
        with self._lock:
            return sorted(self._entries)

    def resume(self, name: str) -> Future[None]:
        """Begin to let a partition, TOPIC-NUMBER, go on; done when it does.

        Raises:
            NotHeld: it is not held by this worker.
        """
        with self._lock:
            entry = self._entries.get(name)
        if entry is None:
            held = ", ".join(self.names()) or "none"
            raise NotHeld(f"{name} is not held by this worker; it holds: {held}. See: monitor partitions list")
        return entry.resume()
