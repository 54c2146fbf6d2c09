"""The last bad verdicts, for the page; safe to ask from another thread."""

from __future__ import annotations

import threading
from collections import deque

import msgspec

from monitor.scoring.verdict import Verdict

#: Verdicts kept: a screenful, and at most a few megabytes.
KEPT = 50


class LatestBad:
    """Holds the latest bad verdicts, without their paragraphs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._verdicts: deque[Verdict] = deque(maxlen=KEPT)

    def add(self, verdict: Verdict) -> None:
        """Note a verdict, if it is bad."""
        if verdict.bad:
            verdict = msgspec.structs.replace(verdict, paragraphs=())
            with self._lock:
                self._verdicts.appendleft(verdict)

    def latest(self) -> list[Verdict]:
        """The latest first."""
        with self._lock:
            return list(self._verdicts)
