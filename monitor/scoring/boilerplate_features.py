"""Numbers that describe each paragraph of an article: its shape, its place and its neighbours.

The same functions serve training and inference.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.scoring import boilerplate_reading as reading_of
from monitor.scoring.boilerplate_reading import Reading

Floats = NDArray[np.float32]

#: Paragraphs of at least this many words are taken for running text when the place of the
#: others is described.
LONG = 20

#: Words at least this long take part when a paragraph is compared with the rest.
TOPICAL = 5

_TOPIC_BITS = 13
_NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
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


def _shape(reading: Reading) -> tuple[list[Floats], list[str]]:
    """Each paragraph by itself, ``(n,)`` a feature, and the features' names."""
    r, c, n = reading, reading.counts, len(reading.words)
    words = np.maximum(r.words, 1)
    letters = np.maximum(c[:, reading_of.LOWER : reading_of.SYLLABIC + 1].sum(1), 1)
    length = np.maximum(r.lengths, 1)
    weight = np.bincount(r.line, weights=r.capital, minlength=n)
    shout = np.bincount(r.line, weights=r.shout, minlength=n)
    sizes = np.bincount(r.line, weights=r.size, minlength=n)
    sentences = c[:, reading_of.STOP]
    named: dict[str, NDArray[np.generic]] = {
        "words": np.log1p(r.words),
        "characters": np.log1p(r.lengths),
        "word length": sizes / words,
        "upper": c[:, reading_of.UPPER] / letters,
        "capitals": weight / words,
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
    return [column.astype(np.float32) for column in named.values()], list(named)


def _place(reading: Reading) -> tuple[list[Floats], list[str]]:
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
    median = float(np.median(words[marks])) if len(marks) else 10.0
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
    _, same, often = np.unique(marked + reading.lengths, return_inverse=True, return_counts=True)
    named: dict[str, NDArray[np.generic]] = {
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
        "same": np.minimum(often[same], 4),
    }
    return [column.astype(np.float32) for column in named.values()], list(named)


def shifted(column: Floats, by: int) -> Floats:
    """``column[i + by]`` at ``i``; -9 beyond the ends."""
    out = np.full(len(column), -9, np.float32)
    if by > 0:
        out[:-by] = column[by:]
    elif by < 0:
        out[-by:] = column[:by]
    return out


def smoothed(column: Floats, weights: Floats, reach: int) -> Floats:
    """The weighted mean of ``column`` over ``reach`` paragraphs to either side, itself included."""
    n = len(column)
    index = np.arange(n)
    low = np.maximum(index - reach, 0)
    high = np.minimum(index + reach + 1, n)
    sums = np.zeros((2, n + 1))
    np.cumsum(column * weights, out=sums[0, 1:])
    np.cumsum(weights, out=sums[1, 1:])
    column_sum, weight_sum = sums.take(high, 1) - sums.take(low, 1)
    means: Floats = (column_sum / (weight_sum + 1e-6)).astype(np.float32)
    return means


def describe(reading: Reading, wording: Floats, peak: Floats) -> tuple[Floats, list[str]]:
    """The features of each paragraph, ``(n, k)``, and their ``k`` names.

    ``wording`` is what the paragraphs' n-grams say, on the mean, and ``peak`` the most telling
    word of each; both log-odds-like, positive for boilerplate.
    """
    columns, names = _shape(reading)
    placed, places = _place(reading)
    columns += [*placed, wording, peak]
    names += [*places, "wording", "peak"]
    size = columns[names.index("words")]
    own = {name: columns[names.index(name)] for name in ("words", "wording", "capitals", "ends 7")}
    for by in _NEIGHBOURS:
        for name, column in own.items():
            if abs(by) < 3 or name in ("words", "wording"):
                columns.append(shifted(column, by))
                names.append(f"{name} at {by:+d}")
    ones = np.ones_like(size)
    columns += [smoothed(wording, ones, 2), smoothed(wording, size, 2), smoothed(size, ones, 2)]
    columns.append(smoothed(size, ones, 6))
    names += ["wording around 2", "wording weighted around 2", "words around 2", "words around 6"]
    return np.array(columns, np.float32).T, names
