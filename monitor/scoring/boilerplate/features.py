"""Numbers that describe each paragraph of an article: its shape, its place, its wording, what it shares.

The same functions serve training and inference.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.boilerplate import phrases
from monitor.scoring.boilerplate import reading as of
from monitor.scoring.boilerplate.reading import Floats, Reading

#: Features of one kind, ``(j, n)`` numbers for ``n`` paragraphs, and their ``j`` names.
Block = tuple[NDArray[np.generic], Sequence[str]]

#: Paragraphs of at least this many words are taken for running text when the place of the
#: others is described.
LONG = 20

#: Words at least this long take part when a paragraph is compared with the rest.
TOPICAL = 5

_TOPIC_BITS = 13

#: Characters that are counted by the words, by the letters, by all characters; and those that are counted up to a few.
_BY_WORDS = {
    "stops": of.STOP,
    "commas": of.COMMA,
    "colons": of.COLON,
    "brackets": of.BRACKET,
    "separators": of.SEPARATOR,
    "dashes": of.DASH,
    "slashes": of.SLASH,
}
_BY_LETTERS = {"upper": of.UPPER, "syllabic": of.SYLLABIC, "caseless": of.CASELESS}
_BY_CHARACTERS = {"digits": of.DIGIT, "other": of.OTHER}
_FEW = {"quotes": of.QUOTE, "at": of.AT, "signs": of.SIGN}
_MOST = np.array([[6], [3], [3]])
#: Characters with which a paragraph ends, and with which it starts.
_ENDS = np.array([[of.STOP], [of.COLON], [of.ELLIPSIS], [of.QUOTE], [of.BRACKET], [of.DIGIT]])
_STARTS = np.array([[of.LOWER], [of.DIGIT], [of.QUOTE], [of.BRACKET], [of.DASH], [of.SEPARATOR]])
_ENDS_NAMES = [f"ends {kind}" for (kind,) in _ENDS.tolist()]
_STARTS_NAMES = [f"starts {kind}" for (kind,) in _STARTS.tolist()]


def _shape(reading: Reading) -> list[Block]:
    """Each paragraph by itself."""
    kinds, n = reading.counts.T, len(reading.words)
    words, characters = np.maximum(reading.words, 1), np.maximum(reading.lengths, 1)
    letters = np.maximum(kinds[of.LOWER : of.SYLLABIC + 1].sum(0), 1)
    counted = np.array(
        (
            kinds[of.LOWER : of.DIGIT + 1].sum(0),
            np.bincount(reading.line.take(reading.capital), minlength=n),
            np.bincount(reading.line.take(reading.shout), minlength=n),
        )
    )
    lengths = np.array((reading.words, reading.lengths, reading.words / (kinds[of.STOP] + 1)))
    return [
        (np.log1p(lengths), ("words", "characters", "sentence words")),
        (counted / words, ("word length", "capitals", "shout")),
        (kinds[list(_BY_WORDS.values())] / words, tuple(_BY_WORDS)),
        (kinds[list(_BY_LETTERS.values())] / letters, tuple(_BY_LETTERS)),
        (kinds[list(_BY_CHARACTERS.values())] / characters, tuple(_BY_CHARACTERS)),
        (np.minimum(kinds[list(_FEW.values())], _MOST), tuple(_FEW)),
        (reading.last == _ENDS, _ENDS_NAMES),
        (reading.first == _STARTS, _STARTS_NAMES),
    ]


def _place(reading: Reading) -> list[Block]:
    """Where each paragraph stands, and how it compares with the article."""
    words = reading.words
    n = len(words)
    index = np.arange(n)
    ends = words.cumsum()
    total = max(int(ends[-1]), 1)
    before = ends - words
    long = words >= LONG
    marks = long.nonzero()[0]
    last_long = np.maximum.accumulate(np.where(long, index, -1))
    next_long = np.minimum.accumulate(np.where(long, index, n)[::-1])[::-1]
    ordered = np.sort(words.take(marks))
    # Not np.median, which takes as long as all the rest of the place.
    median = float(ordered[(len(marks) - 1) // 2] + ordered[len(marks) // 2]) / 2 if len(marks) else 10.0
    topical = (reading.size >= TOPICAL).nonzero()[0]
    here = reading.line.take(topical)
    buckets = (reading.word.take(topical) >> np.uint32(32 - _TOPIC_BITS)).astype(np.int64)
    is_long = long.take(here)
    times = np.bincount(buckets, minlength=1 << _TOPIC_BITS)
    running = np.bincount(buckets[is_long], minlength=1 << _TOPIC_BITS)
    own = np.maximum(np.bincount(here, minlength=n), 1)
    shared = np.bincount(here, weights=times.take(buckets) > 1, minlength=n) / own
    told = np.bincount(here, weights=running.take(buckets) > is_long, minlength=n) / own
    alike = np.bincount(reading.line, weights=reading.word, minlength=n) + reading.lengths
    known = np.sort(alike)
    same = known.searchsorted(alike, side="right") - known.searchsorted(alike)
    places = np.array((index, n - 1 - index, before, total - ends, next_long - last_long))
    article = np.array((np.log1p(n), np.log1p(total), np.log1p(median), 1 - len(marks) / max(n, 1)))
    return [
        (np.log1p(places), ("index", "index from end", "words before", "words after", "run of short")),
        (np.minimum((index - last_long, next_long - index), 20), ("since long", "until long")),
        (np.array((last_long < 0, next_long >= n)), ("before first long", "after last long")),
        (np.array((before / total, np.log1p(words) - np.log1p(median))), ("share before", "by median")),
        (np.broadcast_to(article[:, None], (4, n)), ("paragraphs", "article words", "median", "short")),
        (np.array((shared, told, np.minimum(same, 4))), ("shared words", "told words", "same")),
    ]


def _shared(reading: Reading) -> list[Block]:
    """The share of each paragraph's triples of words that stand in an earlier, and in a later one.

    A pull quote stands whole in the text, a caption in part.
    """
    n = len(reading.words)
    whole = reading.whole.nonzero()[0]
    # One sort of one array: each triple's hash above its place. Equal ones then lie together, in order.
    keys = reading.triple.take(whole).astype(np.uint64) << np.uint64(32) | whole.astype(np.uint64)
    keys.sort()
    begins = np.ones(len(keys) + 1, np.bool_)
    begins[1:-1] = keys[1:] >> np.uint64(32) != keys[:-1] >> np.uint64(32)
    # Most triples stand once: they are left out.
    often = (~(begins[1:] & begins[:-1])).nonzero()[0]
    lines = reading.line.take((keys.take(often) & np.uint64(0xFFFFFFFF)).astype(np.int64))
    edges = np.append(begins.take(often).nonzero()[0], len(often))
    size = edges[1:] - edges[:-1]
    first, last = lines.take(edges[:-1]).repeat(size), lines.take(edges[1:] - 1).repeat(size)
    many = np.maximum(reading.words - 2, 1)
    earlier = np.bincount(lines[first < lines], minlength=n) / many
    later = np.bincount(lines[last > lines], minlength=n) / many
    named = ("stands earlier", "stands later", "stands elsewhere")
    return [(np.array((earlier, later, np.maximum(earlier, later))), named)]


class Features(NamedTuple):
    """What is known of ``n`` paragraphs: ``k`` features and their names, and which hold a notice's formula."""

    table: Floats  # (n, k)
    names: list[str]
    notice: NDArray[np.bool_]  # (n,)


def describe(reading: Reading, wording: Floats, peak: Floats) -> Features:
    """The features of each paragraph.

    ``wording`` is what the paragraphs' n-grams say, on the mean, and ``peak`` the most telling
    word of each; both log-odds-like, positive for boilerplate.
    """
    said = phrases.said(reading)
    blocks: list[Block] = [(np.array((wording, peak)), ("wording", "peak"))]
    blocks += [*_shape(reading), *_place(reading), *_shared(reading), (said.features, said.names)]
    table = np.concatenate([block for block, _ in blocks]).astype(np.float32)
    return Features(table.T, [name for _, names in blocks for name in names], said.notice)
