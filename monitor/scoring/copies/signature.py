"""The signature of a story: a sample of its rows of five words, and of its figures with what stands around them.

The sample is taken by the rows' own hashes (FracMinHash: Irber et al. 2022, "Lightweight compositional analysis of
metagenomes with FracMinHash"): those below a bound, which is halved until at most :data:`MOST_ROWS` remain. Two samples
compare below the lower of their bounds, where both are complete, so that the share of a short copy that stands in a
long story is estimated without bias; MinHash of a fixed size estimates the Jaccard similarity alone, which is 0.2 for a
copy of a fifth of its story.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.text.text import Text
from monitor.scoring.text.words import FIGURE, Integers

Hashes = NDArray[np.uint64]

#: Words in a row. Rows of three stand in unrelated articles too; an edit spoils as many rows as they are long.
ROW = 5
#: Rows of a story that are kept at most, and so at least half as many of a longer one: estimates of a containment of
#: 0.73, which one word in sixteen changed leaves, then deviate by 0.05 to 0.075. A row takes 5 bytes of the window.
_ROWS = 64
#: From this level on, which stories of a thousand words have, twice as many: of a brief of 200 words that stands in one
#: of 2,000 words there are twelve rows then.
_LONG_LEVEL = 4
MOST_ROWS = 2 * _ROWS
#: Figures that are kept: enough to tell a report from the one of the day before.
MOST_FIGURES = 8
#: Words beyond which the rows of a story are sampled before they are sorted.
_LONG = 4096
#: Halvings of the bound at most: a story of 2²⁰ words needs 14.
MOST_LEVEL = 24
_BITS = np.uint64(64)
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_FINAL = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)
_ONE = np.uint64(1)
#: A figure is kept in 32 bits: 24 of the words around it, 8 of its own.
_VALUE, _VALUES = np.uint64(8), np.uint64(0xFF)


class Signature(NamedTuple):
    """What a story is known by.

    ``rows`` are in order, all below 2⁶⁴⁻ˡᵉᵛᵉˡ. ``figures`` are in order: 24 bits of the two words before and behind
    a figure, 8 of the figure itself.
    """

    rows: Hashes  # (r,), r <= MOST_ROWS
    level: int
    figures: NDArray[np.uint32]  # (f,), f <= MOST_FIGURES
    words: int


def sign(text: Text, story: NDArray[np.bool_]) -> Signature:
    """The signature of the paragraphs that are ``story``, ``(n,)``, taken as one run of words."""
    words = text.words
    rows, level, figures, count = _sign(words.firsts, words.hashes, words.shapes, words.kinds, story)
    return Signature(rows, level, figures, count)


@compiled
def _sign(
    firsts: Integers,
    hashes: Hashes,
    shapes: NDArray[np.uint32],
    kinds: NDArray[np.uint8],
    story: NDArray[np.bool_],
) -> tuple[Hashes, int, NDArray[np.uint32], int]:
    chosen = np.empty(len(hashes), np.int64)
    m = 0
    for p in range(len(story)):
        if story[p]:
            for word in range(firsts[p], firsts[p + 1]):
                chosen[m] = word
                m += 1
    chosen = chosen[:m]
    rows, level = _rows(hashes, chosen)
    return rows, level, _figures(hashes, shapes, kinds, chosen), m


@compiled
def _rows(hashes: Hashes, chosen: Integers) -> tuple[Hashes, int]:
    count = max(len(chosen) - ROW + 1, 0)
    all_rows = np.empty(count, np.uint64)
    for k in range(count):
        row = np.uint64(ROW)
        for i in range(k, k + ROW):
            row = (row ^ hashes[chosen[i]]) * _FACTOR
            row ^= row >> _HALF
        row *= _FINAL
        all_rows[k] = row ^ (row >> _HALF)
    level = 0
    while count >> level > _LONG:
        level += 1
    # A text that says the same over and over has far fewer rows than words.
    while True:
        rows = _distinct(all_rows, level)
        if len(rows) > MOST_ROWS or level == 0:
            break
        level -= 1
    while len(rows) > (MOST_ROWS if level >= _LONG_LEVEL else _ROWS) and level < MOST_LEVEL:
        level += 1
        rows = rows[: np.searchsorted(rows, _ONE << (_BITS - np.uint64(level)))]
    return rows.copy(), level


@compiled
def _distinct(all_rows: Hashes, level: int) -> Hashes:
    """The distinct rows below the bound of a level, in order."""
    if level > 0:
        all_rows = all_rows[all_rows < _ONE << (_BITS - np.uint64(level))]
    in_order = np.sort(all_rows)
    n = 0
    for k in range(len(in_order)):
        if k == 0 or in_order[k] != in_order[k - 1]:
            in_order[n] = in_order[k]
            n += 1
    return in_order[:n]


@compiled
def _figures(
    hashes: Hashes, shapes: NDArray[np.uint32], kinds: NDArray[np.uint8], chosen: Integers
) -> NDArray[np.uint32]:
    """The figures whose surroundings have the least hashes; of those with the same surroundings the first."""
    kept = np.empty(MOST_FIGURES, np.uint32)
    n = 0
    for k in range(len(chosen)):
        if not kinds[chosen[k]] & FIGURE:
            continue
        around = np.uint64(ROW)
        for i in range(k - 2, k + 3):
            shape = np.uint64(0)
            # Other figures around it are masked: they differ as it does.
            if 0 <= i < len(chosen) and i != k and not kinds[chosen[i]] & FIGURE:
                shape = np.uint64(shapes[chosen[i]]) + _ONE
            around = (around ^ shape) * _FACTOR
            around ^= around >> _HALF
        value = (hashes[chosen[k]] * _FINAL) >> (_BITS - _VALUE)
        figure = np.uint32((around >> _HALF) & ~_VALUES | value)
        n = _keep_least(kept, n, figure)
    return kept[:n].copy()


@compiled
def _keep_least(kept: NDArray[np.uint32], n: int, figure: np.uint32) -> int:
    """Puts a figure among the ``n`` kept ones, which are in order, unless its surroundings are there or all are less;
    returns how many there are then.
    """
    around = figure >> np.uint32(8)
    at = 0
    while at < n and kept[at] >> np.uint32(8) < around:
        at += 1
    if at == len(kept) or (at < n and kept[at] >> np.uint32(8) == around):
        return n
    n = min(n + 1, len(kept))
    for i in range(n - 1, at, -1):
        kept[i] = kept[i - 1]
    kept[at] = figure
    return n
