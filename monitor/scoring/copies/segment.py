"""A segment: the signatures of a run of articles, indexed by the rows of their stories. Closed, it is sorted arrays.

A row's key is its lowest 34 bits. A segment of up to 2ᵇ articles has 2ᵇ⁺² buckets, by the upper bits of the key; in its
bucket each row is one number of 32 bits, the rest of the key and the number of the article, so that a row takes 4 bytes
and its share of the buckets half a one. Two rows of a million articles share a key by chance once in 350 look-ups.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.copies.signature import Hashes
from monitor.scoring.text.words import Integers

Numbers = NDArray[np.uint32]
Bytes = NDArray[np.uint8]

#: Bits of an article's number in a segment, and so in a slice, at most.
MOST_BITS = 20
#: Levels of a signature from its own on at which its rows are counted.
LEVELS = 4
#: No place.
NOWHERE = 0xFFFF_FFFF
_KEY_BITS, _BUCKET_BITS = 34, 2
_KEY = np.uint64((1 << _KEY_BITS) - 1)
_ARTICLE = np.uint32(1)


class Columns(NamedTuple):
    """What is known of each of ``n`` articles beside its rows."""

    levels: Bytes  # (n,): of the signature
    rows: Bytes  # (n, LEVELS): of the signature, at its level and the next ones
    published: Numbers  # (n,): seconds since 1970
    sources: Numbers  # (n,): hash of the source's name
    firsts: Numbers  # (n,): place of the earliest copy, NOWHERE where it is the article itself
    copies: Numbers  # (n,): of a story's first article, how many articles carry it, itself among them
    outlets: Numbers  # (n,): and how many sources
    last: Numbers  # (n,): and the last publication of one
    gone: Bytes  # (n,): 1 where the article was withdrawn or replaced
    figure_ends: Numbers  # (n,): the end of its figures
    figures: Numbers

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(column.nbytes for column in self)


class Segment(NamedTuple):
    """A run of articles, in the order of their arrival; ``place`` is that of the first."""

    place: int
    bits: int
    buckets: Numbers  # (2 ** (bits + 2) + 1,): where each bucket begins
    rows: Numbers  # (m,): in each bucket in order
    columns: Columns

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.buckets.nbytes + self.rows.nbytes + self.columns.nbytes


def size(segment: Segment) -> int:
    """Articles in it; ``len`` of a named tuple is that of its fields."""
    return len(segment.columns.levels)


@compiled
def key_of(row: np.uint64) -> np.uint64:
    """The key of a row."""
    return row & _KEY


@compiled
def count_rows(rows: Hashes, level: int, counts: Bytes) -> None:
    """Put into ``counts`` how many rows of a signature are below the bound of its level and of each next one."""
    for k in range(len(counts)):
        counts[k] = rows_at(rows, level, level + k)


@compiled
def rows_at(rows: Hashes, level: int, other: int) -> int:
    """How many rows of a signature are below the bound of a level, its own or a higher one."""
    if other <= level:
        return len(rows)
    return int(np.searchsorted(rows, np.uint64(1) << np.uint64(64 - other)))


def build(place: int, keys: Hashes, articles: Integers, columns: Columns) -> Segment:
    """The segment of some articles; ``keys`` and ``articles`` are those of each row, in any order."""
    bits = bits_for(len(columns.levels))
    in_order = np.sort(keys << np.uint64(MOST_BITS) | articles.astype(np.uint64))
    buckets, rows = _build(in_order, bits)
    return Segment(place, bits, buckets, rows, columns)


def bits_for(articles: int) -> int:
    """The bits that the numbers of so many articles need."""
    return max(articles - 1, 1).bit_length()


def joined(first: Segment, second: Segment) -> Segment:
    """One segment of two, the second of which goes on where the first ends."""
    count = len(first.columns.levels)
    bits = bits_for(count + len(second.columns.levels))
    buckets, rows = _merge(first, second, bits)
    ends = np.concatenate(
        (first.columns.figure_ends, second.columns.figure_ends + np.uint32(len(first.columns.figures)))
    )
    columns = Columns._make(map(_concatenated, first.columns, second.columns))  # type: ignore[arg-type]
    return Segment(first.place, bits, buckets, rows, columns._replace(figure_ends=ends))


def _concatenated(first: NDArray[Any], second: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate((first, second))


@compiled
def _build(in_order: Hashes, bits: int) -> tuple[Numbers, Numbers]:
    buckets = np.zeros((1 << (bits + _BUCKET_BITS)) + 1, np.uint32)
    rows = np.empty(len(in_order), np.uint32)
    rest = np.uint64(_KEY_BITS - _BUCKET_BITS - bits)
    for i in range(len(in_order)):
        key, article = in_order[i] >> np.uint64(MOST_BITS), in_order[i] & np.uint64((1 << MOST_BITS) - 1)
        buckets[np.int64(key >> rest) + 1] += np.uint32(1)
        rows[i] = np.uint32((key & ((np.uint64(1) << rest) - np.uint64(1))) << np.uint64(bits) | article)
    for b in range(1, len(buckets)):
        buckets[b] += buckets[b - 1]
    return buckets, rows


@compiled
def _key_at(segment: Segment, bucket: int, i: int) -> np.uint64:
    """The key of a row in a bucket."""
    rest = np.uint64(_KEY_BITS - _BUCKET_BITS - segment.bits)
    return np.uint64(bucket) << rest | np.uint64(segment.rows[i]) >> np.uint64(segment.bits)


@compiled
def _merge(first: Segment, second: Segment, bits: int) -> tuple[Numbers, Numbers]:
    """Both are in the order of their keys, and so are read once, side by side."""
    buckets = np.zeros((1 << (bits + _BUCKET_BITS)) + 1, np.uint32)
    rows = np.empty(len(first.rows) + len(second.rows), np.uint32)
    rest = np.uint64(_KEY_BITS - _BUCKET_BITS - bits)
    offset = np.uint64(len(first.columns.levels))
    i = j = p = q = 0
    for k in range(len(rows)):
        while p < len(first.buckets) - 1 and i >= first.buckets[p + 1]:
            p += 1
        while q < len(second.buckets) - 1 and j >= second.buckets[q + 1]:
            q += 1
        left = _key_at(first, p, i) if i < len(first.rows) else ~np.uint64(0)
        right = _key_at(second, q, j) if j < len(second.rows) else ~np.uint64(0)
        # Of one key the articles of the first come first: rows of a key are in the order of arrival.
        if left <= right:
            key = left
            article = np.uint64(first.rows[i]) & ((np.uint64(1) << np.uint64(first.bits)) - np.uint64(1))
            i += 1
        else:
            key = right
            article = np.uint64(second.rows[j]) & ((np.uint64(1) << np.uint64(second.bits)) - np.uint64(1))
            article += offset
            j += 1
        buckets[np.int64(key >> rest) + 1] += np.uint32(1)
        rows[k] = np.uint32((key & ((np.uint64(1) << rest) - np.uint64(1))) << np.uint64(bits) | article)
    for b in range(1, len(buckets)):
        buckets[b] += buckets[b - 1]
    return buckets, rows


@compiled
def ranges_of(segment: Segment, keys: Hashes, ranges: Integers) -> None:
    """Put into ``ranges``, ``(len(keys), 2)``, where the rows of each key begin and end.

    In passes without branches, so that the processor waits for many places of the memory at once: 46 keys in 3 µs
    instead of 5.
    """
    rest = np.uint64(_KEY_BITS - _BUCKET_BITS - segment.bits)
    for k in range(len(keys)):
        bucket = np.int64(keys[k] >> rest)
        ranges[k, 0], ranges[k, 1] = segment.buckets[bucket], segment.buckets[bucket + 1]
    last = len(segment.rows) - 1
    fetched = np.uint32(0)
    for k in range(len(keys)):
        fetched ^= segment.rows[min(ranges[k, 0], last)]
    ranges[len(keys), 0] = fetched
    for k in range(len(keys)):
        begin, end = ranges[k]
        low = (keys[k] & ((np.uint64(1) << rest) - np.uint64(1))) << np.uint64(segment.bits)
        begin = _lower(segment.rows, begin, end, low)
        ranges[k, 0] = begin
        ranges[k, 1] = _lower(segment.rows, begin, end, low + (np.uint64(1) << np.uint64(segment.bits)))


@compiled
def _lower(rows: Numbers, begin: int, end: int, value: np.uint64) -> int:
    """The first place from ``begin`` on that holds ``value`` or more. A bucket has a handful of rows, or thousands."""
    while end - begin > 8:
        middle = (begin + end) // 2
        if np.uint64(rows[middle]) < value:
            begin = middle + 1
        else:
            end = middle
    while begin < end and np.uint64(rows[begin]) < value:
        begin += 1
    return begin


@compiled
def article_at(segment: Segment, i: int) -> int:
    """The article of a row."""
    return int(np.int64(segment.rows[i] & ((_ARTICLE << np.uint32(segment.bits)) - _ARTICLE)))


@compiled
def holds(segment: Segment, begin: int, end: int, article: int) -> bool:
    """Whether an article is among the rows of one key, which begin and end there."""
    if begin == end:
        return False
    value = np.uint64(segment.rows[begin]) >> np.uint64(segment.bits) << np.uint64(segment.bits) | np.uint64(article)
    at = _lower(segment.rows, begin, end, value)
    return at < end and np.uint64(segment.rows[at]) == value
