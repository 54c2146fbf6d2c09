"""The window: the signatures of the last days' articles, in slices of time, of which the oldest is dropped whole.

The latest 4,096 articles are in a table of their own (``recent.py``); closed, they are a segment, and two segments of
one size are joined, so that a slice has a handful of segments while it is open and one from then on. The window is
bounded by time and by bytes: whatever is passed first, the oldest slice goes. Time is the records' own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numba.typed import List

from monitor.scoring.compiled import compiled
from monitor.scoring.copies import packed, recent, search, segment
from monitor.scoring.copies.packed import Packed
from monitor.scoring.copies.recent import MOST_RECENT, Recent
from monitor.scoring.copies.record import Outlet
from monitor.scoring.copies.search import Found
from monitor.scoring.copies.segment import MOST_BITS, NOWHERE, Columns, Segment
from monitor.scoring.copies.signature import Signature

#: Slices of a window: the fewer, the faster a query; dropped whole, one is what the window is too long by at most.
SLICES = 6
#: Slices are numbered anew from here on; far more than there are in a window.
_NUMBERS = 1 << 11


@dataclass
class _Slice:
    """A stretch of time; ``number`` is that of its places, ``end`` its end in seconds."""

    number: int
    end: float
    segments: list[Segment] = field(default_factory=list)
    outlets: Packed = field(default_factory=Packed)

    @property
    def nbytes(self) -> int:
        return sum(each.nbytes for each in self.segments) + self.outlets.nbytes


class Window:
    """The articles of the last ``seconds``, or as many of them as ``most_bytes`` hold."""

    def __init__(self, seconds: float, most_bytes: int) -> None:
        """``seconds`` may be infinite: then bytes alone bound it."""
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._slices: list[_Slice] = []
        self._recent = recent.empty(0)
        self._room = search.scratch()
        self._segments = _typed(())
        self._closed_bytes = 0
        self.articles = self.dropped_articles = self.dropped_for_bytes = 0

    @property
    def nbytes(self) -> int:
        """Bytes held by articles; the table of the latest, 7 MB, is always there."""
        return self._closed_bytes

    @property
    def slices(self) -> int:
        """How many slices hold articles."""
        return len(self._slices)

    @property
    def begin(self) -> float:
        """The time of the oldest slice's begin, in seconds; 0 where there is none."""
        return self._slices[0].end - self._slice_seconds if self._slices else 0.0

    @property
    def _slice_seconds(self) -> float:
        return self._seconds / SLICES

    def advance(self, time: float) -> None:
        """Let the time be this, in seconds, unless it was later already: slices close and are dropped by it."""
        if self._slices and time < self._slices[-1].end and not self._is_full(self._slices[-1]):
            return
        end = self._end_of(time)
        if self._slices:
            end = max(end, self._slices[-1].end)
            self._close_slice()
        number = (self._slices[-1].number + 1) % _NUMBERS if self._slices else 0
        kept = [each for each in self._slices if each.end > end - self._slice_seconds - self._seconds]
        self._drop(len(self._slices) - len(kept))
        self._slices.append(_Slice(number, end))
        self._bound_bytes()
        recent.begin(self._recent, number << MOST_BITS)
        self._list_segments()

    def _end_of(self, time: float) -> float:
        if self._slice_seconds == float("inf"):
            return self._slice_seconds
        return (time // self._slice_seconds + 1) * self._slice_seconds

    def _is_full(self, each: _Slice) -> bool:
        return self._in_slice(each) + recent.count(self._recent) >= 1 << MOST_BITS

    @staticmethod
    def _in_slice(each: _Slice) -> int:
        return sum(map(segment.size, each.segments))

    def add(self, signature: Signature, id_key: np.uint64, published: int, source: int, outlet: Outlet) -> int:
        """Put an article in, at the time that was last said; returns its place, which grows with each one's arrival.

        ``published`` is in seconds since 1970, ``source`` 32 bits of its name.
        """
        place = recent.add(self._recent, signature, id_key, published, source)
        self._slices[-1].outlets.add(packed.encode(outlet))
        self.articles += 1
        if recent.count(self._recent) == MOST_RECENT:
            self._close_recent()
            self._bound_bytes()
            self._list_segments()
        return place

    def _close_recent(self) -> None:
        if not recent.count(self._recent):
            return
        segments = self._slices[-1].segments
        segments.append(recent.close(self._recent))
        while len(segments) > 1 and segment.size(segments[-2]) < 2 * segment.size(segments[-1]):
            segments[-2:] = [segment.joined(*segments[-2:])]

    def _close_slice(self) -> None:
        self._close_recent()
        segments = self._slices[-1].segments
        while len(segments) > 1:
            segments[-2:] = [segment.joined(*segments[-2:])]

    def _bound_bytes(self) -> None:
        """Drop the oldest slices until the rest fits; the last one stays."""
        self._closed_bytes = sum(each.nbytes for each in self._slices)
        while self._closed_bytes > self._most_bytes and len(self._slices) > 1:
            self.dropped_for_bytes += self._in_slice(self._slices[0])
            self._drop(1)

    def _drop(self, count: int) -> None:
        articles = sum(map(self._in_slice, self._slices[:count]))
        self.articles -= articles
        self.dropped_articles += articles
        del self._slices[:count]
        self._closed_bytes = sum(each.nbytes for each in self._slices)

    def _list_segments(self) -> None:
        self._segments = _typed(segment for each in self._slices for segment in each.segments)

    def search(self, signature: Signature, least: float) -> list[Found]:
        """The articles of which one story stands in the other by the share ``least`` or more, in order of arrival."""
        return search.search(self._segments, self._recent, signature, least, self._room)

    def look_up(self, signature: Signature, places: Sequence[int], least: float) -> list[Found]:
        """As :meth:`search`, of the articles at these places alone."""
        return search.look_up(self._segments, self._recent, signature, places, least, self._room)

    def articles_with(self, id_key: np.uint64) -> list[int]:
        """The places of the articles, gone ones left out, whose id has this key: of one id, or of several by chance."""
        places = search.articles_with(self._segments, self._recent, id_key, self._room)
        return [place for place in places if not self._is_gone(place)]

    def _is_gone(self, place: int) -> bool:
        columns, at = self.columns(place)
        return bool(columns.gone[at])

    def holds(self, place: int) -> bool:
        """Whether there is an article at a place, not gone."""
        if place == NOWHERE or self._slice_of(place) is None:
            return False
        return not self._is_gone(place)

    def columns(self, place: int) -> tuple[Columns, int]:
        """The columns in which an article stands, to be read and written, and its number in them."""
        number = place - int(self._recent.place[0])
        if self._slices and 0 <= number < recent.count(self._recent):
            return self._recent.columns, number
        of = self._slice_of(place)
        for each in of.segments if of else ():
            if each.place <= place < each.place + segment.size(each):
                return each.columns, place - each.place
        raise KeyError(f"no article at {place}")

    def outlet(self, place: int) -> Outlet:
        """What the record of a copy says of the article."""
        of = self._slice_of(place)
        if of is None:
            raise KeyError(f"no article at {place}")
        return of.outlets.get(place & ((1 << MOST_BITS) - 1))

    def _slice_of(self, place: int) -> _Slice | None:
        number = place >> MOST_BITS
        return next((each for each in reversed(self._slices) if each.number == number), None)


def _typed(segments: Iterable[Segment]) -> list[Segment]:
    """A list that machine code reads without looking at each of its items first: 1 µs a call instead of 5 a segment."""
    result = _empty_list(recent.close(with_one_article()))
    for each in segments:
        _append(result, each)
    return result


# The list's own methods are compiled in each process anew, 0.3 s; these are kept.
@compiled
def _empty_list(example: Segment) -> list[Segment]:
    result: list[Segment] = List()
    result.append(example)
    result.pop()
    return result


@compiled
def _append(segments: list[Segment], segment: Segment) -> None:
    segments.append(segment)


def with_one_article() -> Recent:
    """A table of the latest articles with an article in it, as an example."""
    example = recent.empty(0)
    recent.add(example, Signature(np.zeros(1, np.uint64), 0, np.zeros(0, np.uint32), 0), np.uint64(0), 0, 0)
    return example
