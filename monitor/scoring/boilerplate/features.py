"""Numbers that describe each paragraph of an article: its shape, its place, its wording, what it shares.

The same functions serve training and inference.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.boilerplate import phrases
from monitor.scoring.boilerplate import reading as reading_of
from monitor.scoring.boilerplate.reading import Floats, Reading

#: A number, or a yes or no, for each paragraph.
Column = NDArray[np.generic]

#: Paragraphs of at least this many words are taken for running text when the place of the
#: others is described.
LONG = 20

#: Words at least this long take part when a paragraph is compared with the rest.
TOPICAL = 5

_TOPIC_BITS = 13
_END_CLASSES = (
    reading_of.STOP,
    reading_of.COLON,
    reading_of.ELLIPSIS,
    reading_of.QUOTE,
    reading_of.BRACKET,
    reading_of.DIGIT,
)
_START_CLASSES = (
    reading_of.LOWER,
    reading_of.DIGIT,
    reading_of.QUOTE,
    reading_of.BRACKET,
    reading_of.DASH,
    reading_of.SEPARATOR,
)


def _shape(reading: Reading) -> tuple[list[Column], list[str]]:
    """Each paragraph by itself, ``(n,)`` a feature, and the features' names."""
    r, c, n = reading, reading.counts, len(reading.words)
    words = np.maximum(r.words, 1)
    letters = np.maximum(c[:, reading_of.LOWER : reading_of.SYLLABIC + 1].sum(1), 1)
    length = np.maximum(r.lengths, 1)
    capitals = np.bincount(r.line.take(r.capital), minlength=n)
    shout = np.bincount(r.line.take(r.shout), minlength=n)
    sizes = c[:, reading_of.LOWER : reading_of.DIGIT + 1].sum(1)
    sentences = c[:, reading_of.STOP]
    named: dict[str, Column] = {
        "words": np.log1p(r.words),
        "characters": np.log1p(r.lengths),
        "word length": sizes / words,
        "upper": c[:, reading_of.UPPER] / letters,
        "capitals": capitals / words,
        "shout": shout / words,
        "digits": c[:, reading_of.DIGIT] / length,
        "stops": sentences / words,
        "sentence words": np.log1p(r.words / (sentences + 1)),
        "commas": c[:, reading_of.COMMA] / words,
        "colons": c[:, reading_of.COLON] / words,
        "quotes": np.minimum(c[:, reading_of.QUOTE], 6),
        "brackets": c[:, reading_of.BRACKET] / words,
        "separators": c[:, reading_of.SEPARATOR] / words,
        "dashes": c[:, reading_of.DASH] / words,
        "slashes": c[:, reading_of.SLASH] / words,
        "at": np.minimum(c[:, reading_of.AT], 3),
        "signs": np.minimum(c[:, reading_of.SIGN], 3),
        "other": c[:, reading_of.OTHER] / length,
        "syllabic": c[:, reading_of.SYLLABIC] / letters,
        "caseless": c[:, reading_of.CASELESS] / letters,
    }
    for number in _END_CLASSES:
        named[f"ends {number}"] = r.last == number
    for number in _START_CLASSES:
        named[f"starts {number}"] = r.first == number
    return list(named.values()), list(named)


def _place(reading: Reading) -> tuple[list[Column], list[str]]:
    """Where each paragraph stands, and how it compares with the article."""
    words = reading.words
    n = len(words)
    index = np.arange(n)
    total = max(int(words.sum()), 1)
    before = np.cumsum(words) - words
    after = total - before - words
    long = words >= LONG
    marks = np.flatnonzero(long)
    last_long = np.maximum.accumulate(np.where(long, index, -1))
    next_long = np.minimum.accumulate(np.where(long, index, n)[::-1])[::-1]
    ordered = np.sort(words[marks])
    # Not np.median, which takes as long as all the rest of the place.
    median = float(ordered[(len(marks) - 1) // 2] + ordered[len(marks) // 2]) / 2 if len(marks) else 10.0
    short_share = 1 - len(marks) / max(n, 1)
    topic = reading.word >> np.uint32(32 - _TOPIC_BITS)
    topical = reading.size >= TOPICAL
    here, buckets = reading.line[topical], topic[topical].astype(np.int64)
    times = np.bincount(buckets, minlength=1 << _TOPIC_BITS)
    running = np.bincount(buckets[long[here]], minlength=1 << _TOPIC_BITS)
    own = np.maximum(np.bincount(here, minlength=n), 1)
    shared = np.bincount(here, weights=times[buckets] > 1, minlength=n) / own
    told = np.bincount(here, weights=running[buckets] > long[here], minlength=n) / own
    marked = np.bincount(reading.line, weights=reading.word.astype(np.float64), minlength=n)
    alike = (marked + reading.lengths).tolist()
    often = Counter(alike)
    named: dict[str, Column] = {
        "index": np.log1p(index),
        "index from end": np.log1p(n - 1 - index),
        "words before": np.log1p(before),
        "words after": np.log1p(after),
        "share before": before / total,
        "since long": np.minimum(index - last_long, 20),
        "until long": np.minimum(next_long - index, 20),
        "before first long": last_long < 0,
        "after last long": next_long >= n,
        "run of short": np.log1p(next_long - last_long),
        "by median": np.log1p(words) - np.log1p(median),
        "paragraphs": np.full(n, np.log1p(n)),
        "article words": np.full(n, np.log1p(total)),
        "median": np.full(n, np.log1p(median)),
        "short": np.full(n, short_share),
        "shared words": shared,
        "told words": told,
        "same": np.minimum([often[one] for one in alike], 4),
    }
    return list(named.values()), list(named)


def _shared(reading: Reading) -> tuple[list[Column], list[str]]:
    """The share of each paragraph's triples of words that stand in an earlier, and in a later one.

    A pull quote stands whole in the text, a caption in part.
    """
    n = len(reading.words)
    # One sort of one array: each triple's hash above its place. Equal ones then lie together, in order.
    whole = reading.whole.nonzero()[0]
    keys = reading.triple.take(whole).astype(np.uint64) << np.uint64(32) | whole.astype(np.uint64)
    keys.sort()
    lines = reading.line.take((keys & np.uint64(0xFFFFFFFF)).astype(np.int64))
    begins = np.ones(len(keys) + 1, np.bool_)
    begins[1:-1] = keys[1:] >> np.uint64(32) != keys[:-1] >> np.uint64(32)
    edges = np.flatnonzero(begins)
    size = np.diff(edges)
    first, last = np.repeat(lines[edges[:-1]], size), np.repeat(lines[edges[1:] - 1], size)
    many = np.maximum(np.bincount(lines, minlength=n), 1)
    earlier = np.bincount(lines, weights=first < lines, minlength=n) / many
    later = np.bincount(lines, weights=last > lines, minlength=n) / many
    named = {"stands earlier": earlier, "stands later": later, "stands elsewhere": np.maximum(earlier, later)}
    return list(named.values()), list(named)


def describe(reading: Reading, wording: Floats, peak: Floats) -> tuple[Floats, list[str]]:
    """The features of each paragraph, ``(n, k)``, and their ``k`` names.

    ``wording`` is what the paragraphs' n-grams say, on the mean, and ``peak`` the most telling
    word of each; both log-odds-like, positive for boilerplate.
    """
    columns: list[Column] = [wording, peak]
    names = ["wording", "peak"]
    for told, of in (_shape(reading), _place(reading), _shared(reading), phrases.describe(reading)):
        columns.extend(told)
        names += of
    return np.array(columns, np.float32).T, names
