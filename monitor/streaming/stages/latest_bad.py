"""How many articles were scored, and the last bad verdicts, for the page; safe to ask from another thread."""

from __future__ import annotations

import threading
from collections import deque

import msgspec

from monitor.scoring.verdict import Verdict

#: Verdicts kept: a screenful, and at most a few megabytes.
KEPT = 50


class LatestBad:
    """Counts verdicts, and holds the latest bad ones, without their paragraphs.

    The page takes its counts here: to sum them over the metrics' sources takes longer the more sources there are.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._verdicts: deque[Verdict] = deque(maxlen=KEPT)
        self._articles = self._bad = 0

    def add(self, verdict: Verdict) -> None:
        """Count a verdict, and hold it if it is bad."""
        with self._lock:
            self._articles += 1
            if verdict.bad:
                self._bad += 1
                self._verdicts.appendleft(msgspec.structs.replace(verdict, paragraphs=()))

    def counts(self) -> tuple[int, int]:
        """The articles scored since this worker started, and how many of them were bad."""
        with self._lock:
            return self._articles, self._bad

    def latest(self) -> list[Verdict]:
        """The latest first."""
        with self._lock:
            return list(self._verdicts)
