"""The search: which articles of the window have rows in common with a story, enough to be compared.

Linear in the rows, whatever the window holds: of a row that thousands of articles have, as of a story that came ten
thousand times, the first and the last few are looked at, and the articles met are then looked up in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.copies import recent as latest
from monitor.scoring.copies import segment as closed
from monitor.scoring.copies.recent import MOST_RECENT, Recent
from monitor.scoring.copies.segment import LEVELS, MOST_BITS, Columns, Numbers, Segment
from monitor.scoring.copies.signature import MOST_ROWS, Hashes, Signature
from monitor.scoring.text.words import Integers

#: Rows in common below which nothing is said; of sampled rows each stands for several.
LEAST_ROWS, LEAST_SAMPLED = 8, 4
#: Articles of a row beyond which only so many first and last ones are looked at.
_FIRST, _LAST = 48, 16
#: And of the latest articles, only so many last ones.
_CHAIN = 256
#: Articles of a segment that are looked up in such rows: those with most rows in common else.
_LOOKED_UP = 64
#: Articles that a search gives at most, the earliest to arrive.
MOST_FOUND = 256
_WORD = (1 << 64) - 1


class Found(NamedTuple):
    """An article of the window that has rows in common with a story.

    ``mine`` and ``theirs`` are the rows of the two at ``level``, at which both are complete, ``common`` those in both;
    ``figures`` how many figures stand in the same surroundings, ``same`` how many of them are the same. ``published``,
    ``first`` and ``source`` stand in its columns. ``low`` and ``high`` have a bit for each row of the story that is
    common, in order, 64 each.
    """

    place: int
    common: int
    mine: int
    theirs: int
    figures: int
    same: int
    published: int
    first: int
    source: int
    low: int
    high: int
    level: int

    @property
    def rows_of_shorter(self) -> int:
        """About how many rows the shorter of the two stories has in all."""
        return min(self.mine, self.theirs) << self.level

    @property
    def rows(self) -> int:
        """The rows that are common, a bit each."""
        return (self.high & _WORD) << 64 | (self.low & _WORD)


class Scratch(NamedTuple):
    """Room that a search takes, made once."""

    counts: NDArray[np.uint8]  # (2 ** MOST_BITS,): of each article, how many of the rows it has; 0 between searches
    masks: Hashes  # (2 ** MOST_BITS, 2): which ones, a bit each
    touched: Integers
    ranges: NDArray[np.int64]  # (MOST_ROWS + 1, 2)
    hot: Integers
    found: NDArray[np.int64]  # (MOST_FOUND, len(Found._fields))
    keys: Hashes


def scratch() -> Scratch:
    """Room for one search at a time."""
    return Scratch(
        np.zeros(1 << MOST_BITS, np.uint8),
        np.zeros((1 << MOST_BITS, 2), np.uint64),
        np.empty(MOST_ROWS * (_FIRST + _LAST) + MOST_RECENT, np.int64),
        np.empty((MOST_ROWS + 1, 2), np.int64),
        np.empty(MOST_ROWS, np.int64),
        np.empty((MOST_FOUND, len(Found._fields)), np.int64),
        np.empty(MOST_ROWS, np.uint64),
    )


def search(
    segments: Sequence[Segment], recent: Recent, signature: Signature, least: float, room: Scratch
) -> list[Found]:
    """The articles of which one of the two stories stands in the other by the share ``least`` or more; in order of
    arrival.
    """
    if len(signature.rows) < LEAST_SAMPLED:
        return []
    n = _search(segments, recent, signature.rows, signature.level, signature.figures, least, room)
    return [Found(*row) for row in room.found[:n].tolist()] if n else []


def look_up(
    segments: Sequence[Segment],
    recent: Recent,
    signature: Signature,
    places: Sequence[int],
    least: float,
    room: Scratch,
) -> list[Found]:
    """As :func:`search`, of these articles alone; of more than :data:`MOST_FOUND` the first ones."""
    wanted = np.array(places[:MOST_FOUND], np.int64)
    n = _look_up_places(segments, recent, signature.rows, signature.level, signature.figures, wanted, least, room)
    return [Found(*row) for row in room.found[:n].tolist()]


def articles_with(segments: Sequence[Segment], recent: Recent, key: np.uint64, room: Scratch) -> list[int]:
    """The places of the articles that have one key, the first and the last of many."""
    n = _articles_with(segments, recent, key, room)
    places: list[int] = room.touched[:n].tolist()
    return places


@compiled
def _search(
    segments: Sequence[Segment],
    recent: Recent,
    rows: Hashes,
    level: int,
    figures: Numbers,
    least: float,
    room: Scratch,
) -> int:
    keys = room.keys[: len(rows)]
    for k in range(len(rows)):
        keys[k] = closed.key_of(rows[k])
    found = 0
    for segment in segments:
        met = _collect(segment, keys, room)
        found = _admit(segment.columns, segment.place, met, rows, level, figures, least, room, found)
    met = latest.collect(recent, keys, _CHAIN, room.counts, room.masks, room.touched)
    return _admit(recent.columns, recent.place[0], met, rows, level, figures, least, room, found)


@compiled
def _collect(segment: Segment, keys: Hashes, room: Scratch) -> int:
    """Counts the rows that each article has in common with ``keys``; returns how many articles have any."""
    met = many = 0
    closed.ranges_of(segment, keys, room.ranges)
    for k in range(len(keys)):
        begin, end = room.ranges[k]
        is_hot = end - begin > _FIRST + _LAST
        if is_hot:
            room.ranges[many] = begin, end
            room.hot[many] = k
            many += 1
        for i in range(begin, end):
            if is_hot and begin + _FIRST <= i < end - _LAST:
                continue
            article = closed.article_at(segment, i)
            if room.counts[article] == 0:
                room.touched[met] = article
                met += 1
            _note(room, article, k)
    room.touched[:met].sort()
    if many == 0 or met == 0:
        return met
    return _look_up(segment, many, met, room)


@compiled
def _note(room: Scratch, article: int, k: int) -> None:
    """An article has the row ``k``."""
    room.counts[article] += np.uint8(1)
    room.masks[article, k >> 6] |= np.uint64(1) << np.uint64(k & 63)


@compiled
def _look_up(segment: Segment, many: int, met: int, room: Scratch) -> int:
    """Completes the counts of the likeliest articles by the rows that thousands have; the others are left out."""
    counts, touched = room.counts, room.touched
    if met > _LOOKED_UP:
        in_order = np.sort(counts[touched[:met]])
        enough = in_order[met - _LOOKED_UP]
        ties = _LOOKED_UP - np.count_nonzero(in_order > enough)
        kept = 0
        for k in range(met):
            article = touched[k]
            if counts[article] > enough or (counts[article] == enough and ties > 0):
                ties -= counts[article] == enough
                touched[kept] = article
                kept += 1
            else:
                counts[article] = 0
                room.masks[article] = 0
        met = kept
    for k in range(met):
        for r in range(many):
            begin, end = room.ranges[r]
            if closed.holds(segment, begin + _FIRST, end - _LAST, touched[k]):
                _note(room, touched[k], room.hot[r])
    return met


@compiled
def _look_up_places(
    segments: Sequence[Segment],
    recent: Recent,
    rows: Hashes,
    level: int,
    figures: Numbers,
    places: Integers,
    least: float,
    room: Scratch,
) -> int:
    keys = room.keys[: len(rows)]
    for k in range(len(rows)):
        keys[k] = closed.key_of(rows[k])
    found = 0
    for segment in segments:
        for place in places:
            article = place - segment.place
            if not 0 <= article < len(segment.columns.levels):
                continue
            closed.ranges_of(segment, keys, room.ranges)
            for k in range(len(keys)):
                begin, end = room.ranges[k]
                if closed.holds(segment, begin, end, article):
                    _note(room, article, k)
            room.touched[0] = article
            found = _admit(segment.columns, segment.place, 1, rows, level, figures, least, room, found)
    met = latest.collect(recent, keys, MOST_RECENT, room.counts, room.masks, room.touched)
    kept = 0
    for k in range(met):
        article = room.touched[k]
        if (places == recent.place[0] + article).any():
            room.touched[kept] = article
            kept += 1
        else:
            room.counts[article] = 0
            room.masks[article] = 0
    return _admit(recent.columns, recent.place[0], kept, rows, level, figures, least, room, found)


@compiled
def _admit(
    columns: Columns,
    place: int,
    met: int,
    rows: Hashes,
    level: int,
    figures: Numbers,
    least: float,
    room: Scratch,
    found: int,
) -> int:
    """Adds those of the articles met that have enough in common, and sets the counts back; returns their number."""
    for k in range(met):
        article = room.touched[k]
        common = int(np.int64(room.counts[article]))
        low, high = np.int64(room.masks[article, 0]), np.int64(room.masks[article, 1])
        room.counts[article] = 0
        room.masks[article] = 0
        if common < LEAST_SAMPLED or columns.gone[article] or found == MOST_FOUND:
            continue
        own = int(np.int64(columns.levels[article]))
        higher = max(level, own)
        if common << higher < LEAST_ROWS:
            continue
        mine = closed.rows_at(rows, level, higher)
        theirs = int(np.int64(columns.rows[article, min(higher - own, LEVELS - 1)])) >> max(
            higher - own - LEVELS + 1, 0
        )
        if common < least * min(mine, theirs):
            continue
        begin = columns.figure_ends[article - 1] if article else np.uint32(0)
        shared, same = _figures_in_common(figures, columns.figures[begin : columns.figure_ends[article]])
        common = min(common, mine, theirs)
        room.found[found, :6] = place + article, common, mine, theirs, shared, same
        room.found[found, 6] = columns.published[article]
        room.found[found, 7] = columns.firsts[article]
        room.found[found, 8] = columns.sources[article]
        room.found[found, 9:] = low, high, higher
        found += 1
    return found


@compiled
def _figures_in_common(mine: Numbers, theirs: Numbers) -> tuple[int, int]:
    """How many figures stand in the same surroundings, and how many of them are the same; both are in order."""
    i = j = shared = same = 0
    while i < len(mine) and j < len(theirs):
        left, right = mine[i] >> np.uint32(8), theirs[j] >> np.uint32(8)
        shared += left == right
        same += mine[i] == theirs[j]
        i, j = i + (left <= right), j + (right <= left)
    return shared, same


@compiled
def _articles_with(segments: Sequence[Segment], recent: Recent, key: np.uint64, room: Scratch) -> int:
    n = 0
    keys = room.keys[:1]
    keys[0] = closed.key_of(key)
    for segment in segments:
        closed.ranges_of(segment, keys, room.ranges)
        begin, end = room.ranges[0]
        for i in range(begin, end):
            if begin + _FIRST <= i < end - _LAST:
                continue
            if n < MOST_FOUND:
                room.touched[n] = segment.place + closed.article_at(segment, i)
                n += 1
    first = n
    met = latest.collect(recent, keys, _CHAIN, room.counts, room.masks, room.touched[n:])
    for k in range(first, first + met):
        room.counts[room.touched[k]] = 0
        room.masks[room.touched[k]] = 0
        room.touched[k] += recent.place[0]
    return n + met
