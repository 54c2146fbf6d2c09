"""What the worker knows of its own state, safe to ask from another thread."""

from __future__ import annotations

import threading
import time

#: An event loop that has not turned for so long hangs: scoring the largest article takes seconds.
LOOP_SECONDS = 60.0


class Health:
    """Why the worker is not ready, or not healthy; both empty when all is well."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._not_ready: dict[str, str] = {"assignment": "no partitions assigned yet"}
        self._ill: dict[str, str] = {}
        self._beat: float | None = None

    def set_ready(self, part: str, missing: str | None = None) -> None:
        """Note that a part is ready, or what it still misses."""
        self._set(self._not_ready, part, missing)

    def set_well(self, part: str, wrong: str | None = None) -> None:
        """Note that a part is well, or what is wrong with it."""
        self._set(self._ill, part, wrong)

    def beat(self) -> None:
        """Note that the event loop turns; from the first beat on, :meth:`ill` tells when it no longer does."""
        self._beat = time.monotonic()

    def _set(self, notes: dict[str, str], part: str, note: str | None) -> None:
        with self._lock:
            if note is None:
                notes.pop(part, None)
            else:
                notes[part] = note

    def not_ready(self) -> tuple[str, ...]:
        """What is still missing before articles are handled."""
        with self._lock:
            return tuple(self._not_ready.values())

    def ill(self) -> tuple[str, ...]:
        """What is wrong and will not mend by itself."""
        still = time.monotonic() - self._beat if self._beat is not None else 0.0
        hangs = (f"the event loop has not turned for {still:.0f} s",) if still > LOOP_SECONDS else ()
        with self._lock:
            return hangs + tuple(self._ill.values())
