"""How many articles came in the last hour, how many of them were bad and why: in all, and of each source."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.sources.sighting import source_key

#: An hour in slices of this many seconds.
SLICE_SECONDS, SLICES = 120, 30
#: Sources that are counted apart, in 6 MB. Of more, the one that was silent for longest is dropped.
MOST_SOURCES = 4_096
#: The columns before those of the codes.
ARTICLES, BAD = 0, 1
#: The score of Wilson's interval at 95 %.
_Z = 1.96


class Slice(NamedTuple):
    """The articles of one slice of time; ``begin`` in seconds since 1970."""

    begin: int
    articles: int
    bad: int


class SourceCount(NamedTuple):
    """A source's last hour."""

    source: str
    articles: int
    bad: int
    #: How many copies had each code, the most common first.
    codes: tuple[tuple[str, int], ...]

    @property
    def share(self) -> float:
        """The share of its articles that were bad, 0 to 1."""
        return self.bad / self.articles if self.articles else 0.0


class Counts:
    """Counts over the last hour by numpy's columns, so that a ranking of all sources costs a millisecond."""

    def __init__(
        self, codes: Sequence[str], sources: int = MOST_SOURCES, clock: Callable[[], float] = time.time
    ) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._codes = {code: column for column, code in enumerate(codes, BAD + 1)}
        columns = BAD + 1 + len(codes)
        self._all = np.zeros((columns, SLICES), np.int64)
        # Each slice of a column lies together, since a ranking adds these up.
        self._counts = np.zeros((columns, SLICES, sources), np.uint32)
        #: The number of the slice that stands in each place of the ring.
        self._slices = np.full(SLICES, -1, np.int64)
        self._rows: dict[str, int] = {}
        self._names: list[str] = [""] * sources
        self._seen = np.zeros(sources, np.float64)
        #: Articles since the pages began to read.
        self.total = 0

    def add(self, source: str, codes: Sequence[str], bad: bool, at: float) -> None:
        """Count an article that was scored ``at``, in seconds since 1970."""
        # A scorer's clock that is ahead would end the hour of all others.
        number = int(min(at, self._clock()) // SLICE_SECONDS)
        with self._lock:
            self.total += 1
            newest = int(self._slices.max())
            if number <= newest - SLICES:
                return
            place = number % SLICES
            if self._slices[place] != number:
                self._slices[place] = number
                self._all[:, place] = 0
                self._counts[:, place] = 0
            row = self._row(source, at)
            columns = [ARTICLES, *([BAD] if bad else []), *(self._codes[c] for c in codes if c in self._codes)]
            for column in columns:
                self._all[column, place] += 1
                self._counts[column, place, row] += 1

    def _row(self, source: str, at: float) -> int:
        key = source_key(source)
        row = self._rows.get(key)
        if row is None:
            row = len(self._rows)
            if row == len(self._names):
                row = int(self._seen.argmin())
                del self._rows[source_key(self._names[row])]
                self._counts[:, :, row] = 0
            self._rows[key] = row
        self._names[row] = source
        self._seen[row] = max(at, self._seen[row])
        return row

    def _recent(self, now: float) -> NDArray[np.bool_]:
        recent: NDArray[np.bool_] = self._slices > int(now // SLICE_SECONDS) - SLICES
        return recent

    def hour(self, now: float) -> SourceCount:
        """The last hour of all sources."""
        with self._lock:
            return self._count("", self._all[:, self._recent(now)].sum(1))

    def of_source(self, source: str, now: float) -> SourceCount:
        """The last hour of one source."""
        with self._lock:
            row = self._rows.get(source_key(source))
            if row is None:
                return SourceCount(source, 0, 0, ())
            return self._count(self._names[row], self._counts[:, self._recent(now), row].sum(1))

    def slices(self, now: float, source: str | None = None) -> list[Slice]:
        """The slices of the last hour, the oldest first, of one source or of all."""
        newest = int(now // SLICE_SECONDS)
        with self._lock:
            row = None if source is None else self._rows.get(source_key(source), -1)
            result = []
            for number in range(newest - SLICES + 1, newest + 1):
                place = number % SLICES
                articles = bad = 0
                if self._slices[place] == number and row != -1:
                    counts = self._all[:, place] if row is None else self._counts[:, place, row]
                    articles, bad = int(counts[ARTICLES]), int(counts[BAD])
                result.append(Slice(number * SLICE_SECONDS, articles, bad))
        return result

    def worst(self, now: float, most: int) -> list[SourceCount]:
        """The sources with bad copies in the last hour, at most so many, by their bad share, the worst first.

        By the lower bound of Wilson's interval (Probable inference, 1927): one bad copy of one is less than 9 of 10.
        """
        with self._lock:
            recent = self._recent(now)
            articles = _sum(self._counts[ARTICLES], recent).astype(np.float64)
            bad = _sum(self._counts[BAD], recent)
            (rows,) = np.nonzero(bad)
            ranked = sorted(rows.tolist(), key=lambda row: -_least_share(float(bad[row]), float(articles[row])))
            return [self._count(self._names[row], self._counts[:, recent, row].sum(1)) for row in ranked[:most]]

    def _count(self, name: str, column: NDArray[np.int64]) -> SourceCount:
        codes = [(code, int(column[at])) for code, at in self._codes.items() if column[at]]
        codes.sort(key=lambda pair: -pair[1])
        return SourceCount(name, int(column[ARTICLES]), int(column[BAD]), tuple(codes))


def _sum(counts: NDArray[np.uint32], recent: NDArray[np.bool_]) -> NDArray[np.uint32]:
    total = np.zeros(counts.shape[1], np.uint32)
    for place in np.nonzero(recent)[0]:
        total += counts[place]
    return total


def _least_share(bad: float, articles: float) -> float:
    share, square = bad / articles, _Z * _Z
    middle = share + square / (2 * articles)
    margin = _Z * ((share * (1 - share) + square / (4 * articles)) / articles) ** 0.5
    return float((middle - margin) / (1 + square / articles))
