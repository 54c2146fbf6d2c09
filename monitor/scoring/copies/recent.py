"""The latest articles, before they are closed into a segment: an index that grows by one article at a time.

Rows hang on chains in a table of slots; 4,096 articles take 7 MB, however few are in it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.copies import segment
from monitor.scoring.copies.segment import LEVELS, NOWHERE, Bytes, Columns, Numbers, Segment
from monitor.scoring.copies.signature import MOST_FIGURES, MOST_ROWS, Hashes, Signature
from monitor.scoring.text.words import Integers

#: Articles: a sort of their rows takes 20 ms; a query walks a chain of at most so many.
MOST_RECENT = 4096
_SLOTS = np.uint64((1 << 17) - 1)


class Recent(NamedTuple):
    """The table; ``filled`` are the articles and the rows in it, ``place`` that of the first article."""

    place: NDArray[np.int64]  # (1,)
    filled: NDArray[np.int64]  # (2,)
    slots: NDArray[np.int32]  # the last row of each chain, -1 for none
    before: NDArray[np.int32]  # the row before each one in its chain
    keys: Hashes
    articles: NDArray[np.int32]  # of each row
    columns: Columns


def empty(place: int) -> Recent:
    """A table without articles."""
    most = MOST_RECENT * (MOST_ROWS + 1)
    numbers = [np.zeros(MOST_RECENT, np.uint32) for _ in range(6)]
    columns = Columns(
        levels=np.zeros(MOST_RECENT, np.uint8),
        rows=np.zeros((MOST_RECENT, LEVELS), np.uint8),
        published=numbers[0],
        sources=numbers[1],
        firsts=np.full(MOST_RECENT, NOWHERE, np.uint32),
        copies=numbers[2],
        outlets=numbers[3],
        last=numbers[4],
        gone=np.zeros(MOST_RECENT, np.uint8),
        figure_ends=numbers[5],
        figures=np.zeros(MOST_RECENT * MOST_FIGURES, np.uint32),
    )
    return Recent(
        np.array([place]),
        np.zeros(2, np.int64),
        np.full(int(_SLOTS) + 1, -1, np.int32),
        np.empty(most, np.int32),
        np.empty(most, np.uint64),
        np.empty(most, np.int32),
        columns,
    )


def count(recent: Recent) -> int:
    """The articles in it."""
    return int(recent.filled[0])


def add(recent: Recent, signature: Signature, id_key: np.uint64, published: int, source: int) -> int:
    """Put an article in, of which there must be room; returns its place."""
    return _add(recent, signature.rows, signature.level, signature.figures, id_key, published, source)


@compiled
def _add(
    recent: Recent, rows: Hashes, level: int, figures: Numbers, id_key: np.uint64, published: int, source: int
) -> int:
    article, row = recent.filled
    columns = recent.columns
    for k in range(len(rows) + 1):
        key = segment.key_of(rows[k] if k < len(rows) else id_key)
        slot = np.int64(key & _SLOTS)
        recent.keys[row], recent.articles[row], recent.before[row] = key, article, recent.slots[slot]
        recent.slots[slot] = row
        row += 1
    segment.count_rows(rows, level, columns.rows[article])
    columns.levels[article], columns.published[article], columns.sources[article] = level, published, source
    columns.firsts[article], columns.gone[article] = NOWHERE, 0
    columns.copies[article] = columns.outlets[article] = 1
    columns.last[article] = published
    first_figure = columns.figure_ends[article - 1] if article else np.uint32(0)
    columns.figures[first_figure : first_figure + len(figures)] = figures
    columns.figure_ends[article] = first_figure + len(figures)
    recent.filled[0], recent.filled[1] = article + 1, row
    return int(recent.place[0] + article)


def close(recent: Recent) -> Segment:
    """The segment of its articles; it is empty then, and goes on behind them."""
    articles, rows = recent.filled.tolist()
    figures = int(recent.columns.figure_ends[articles - 1])
    columns = Columns._make(column[:articles].copy() for column in recent.columns)
    columns = columns._replace(figures=recent.columns.figures[:figures].copy())
    closed = segment.build(int(recent.place[0]), recent.keys[:rows], recent.articles[:rows].astype(np.int64), columns)
    begin(recent, closed.place + articles)
    return closed


def begin(recent: Recent, place: int) -> None:
    """Empty it."""
    recent.place[0] = place
    recent.filled[:] = 0
    recent.slots[:] = -1


@compiled
def collect(recent: Recent, keys: Hashes, most: int, counts: Bytes, masks: Hashes, touched: Integers) -> int:
    """Count for each article the ``keys`` that it has, and set their bits; returns how many articles have any.

    Of each key the ``most`` latest articles are looked at, and of those that share its slot.
    They are put into ``touched``, in order of arrival.
    """
    met = 0
    for k in range(len(keys)):
        row = recent.slots[np.int64(keys[k] & _SLOTS)]
        steps = 0
        while row >= 0 and steps < most:
            steps += 1
            if recent.keys[row] == keys[k]:
                article = recent.articles[row]
                if counts[article] == 0:
                    touched[met] = article
                    met += 1
                counts[article] += np.uint8(1)
                masks[article, k >> 6] |= np.uint64(1) << np.uint64(k & 63)
            row = recent.before[row]
    touched[:met].sort()
    return met
