"""What the worker knows of its own state, safe to ask from another thread."""

from __future__ import annotations

import threading


class Health:
    """Why the worker is not ready, or not healthy; both empty when all is well."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._not_ready: dict[str, str] = {"assignment": "no partitions assigned yet"}
        self._ill: dict[str, str] = {}

    def set_ready(self, part: str, missing: str | None = None) -> None:
        """Note that a part is ready, or what it still misses."""
        self._set(self._not_ready, part, missing)

    def set_well(self, part: str, wrong: str | None = None) -> None:
        """Note that a part is well, or what is wrong with it."""
        self._set(self._ill, part, wrong)

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
        with self._lock:
            return tuple(self._ill.values())
