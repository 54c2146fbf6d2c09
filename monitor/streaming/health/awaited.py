"""What the worker knows of its own state, safe to ask from another thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import NamedTuple


class Awaited(NamedTuple):
    """Something that must happen within ``limit`` seconds of ``since``, a time of the health's clock."""

    what: str
    since: float
    limit: float


class Health:
    """Why the worker is not ready, or hangs; both empty when all is well.

    A stage that must read its state before it handles anything notes so with :meth:`set_ready`.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._not_ready: dict[str, str] = {"assignment": "no partitions assigned yet"}
        self._awaited: dict[str, Awaited] = {}

    def set_ready(self, part: str, missing: str | None = None) -> None:
        """Note that a part is ready, or what it still misses."""
        with self._lock:
            if missing is None:
                self._not_ready.pop(part, None)
            else:
                self._not_ready[part] = missing

    def expect(self, part: str, what: str, since: float, limit: float) -> None:
        """Note what is awaited of a part, and since when; past ``limit`` seconds it hangs."""
        with self._lock:
            self._awaited[part] = Awaited(what, since, limit)

    def done(self, part: str) -> None:
        """Note that nothing is awaited of a part."""
        with self._lock:
            self._awaited.pop(part, None)

    def not_ready(self) -> tuple[str, ...]:
        """What is still missing before articles are handled."""
        with self._lock:
            return tuple(self._not_ready.values())

    def hangs(self) -> tuple[str, ...]:
        """What should have happened and has not, each with its seconds."""
        now = self._clock()
        with self._lock:
            awaited = tuple(self._awaited.values())
        return tuple(f"{a.what} for {now - a.since:.0f} s" for a in awaited if now - a.since > a.limit)
