"""A segment gives back the rows that were put into it, also joined with others."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.scoring.copies import recent, segment
from monitor.scoring.copies.segment import Segment
from monitor.scoring.copies.signature import MOST_ROWS, Hashes, Signature

DRAW = np.random.default_rng(5)


def signatures(count: int) -> list[Signature]:
    """Some that have a few rows of one another."""
    common = DRAW.integers(1 << 63, size=40, dtype=np.uint64)
    return [
        Signature(
            np.unique(np.concatenate((DRAW.integers(1 << 63, size=30, dtype=np.uint64), DRAW.choice(common, 5)))),
            0,
            DRAW.integers(1 << 32, size=int(DRAW.integers(4)), dtype=np.uint64).astype(np.uint32),
            100,
        )
        for _ in range(count)
    ]


def closed(place: int, made: list[Signature]) -> Segment:
    table = recent.empty(place)
    for number, each in enumerate(made):
        assert recent.add(table, each, np.uint64(number), number, 7) == place + number
    return recent.close(table)


def articles_of(tested: Segment, rows: Hashes) -> list[list[int]]:
    ranges = np.empty((MOST_ROWS + 1, 2), np.int64)
    keys = np.array([segment.key_of(row) for row in rows])
    segment.ranges_of(tested, keys, ranges)
    return [[segment.article_at(tested, i) for i in range(*ranges[k])] for k in range(len(keys))]


@pytest.mark.parametrize("sizes", [(1,), (300,), (1, 1), (300, 5), (256, 256, 3), (5, 700)])
def test_each_row_has_the_articles_that_have_it(sizes: tuple[int, ...]) -> None:
    made = [signatures(size) for size in sizes]
    tested = closed(0, made[0])
    for more in made[1:]:
        tested = segment.joined(tested, closed(segment.size(tested), more))
    everything = [each for some in made for each in some]
    for each in everything[:50]:
        expected = [[n for n, other in enumerate(everything) if row in other.rows] for row in each.rows]
        assert articles_of(tested, each.rows) == expected
    ends = tested.columns.figure_ends.tolist()
    for begin, end, each in zip([0, *ends], ends, everything, strict=False):
        assert tested.columns.figures[begin:end].tolist() == each.figures.tolist()


def test_article_is_looked_up_among_those_of_a_row() -> None:
    made = signatures(500)
    common = made[0].rows[:1]
    tested = closed(0, [each._replace(rows=np.unique(np.concatenate((each.rows, common)))) for each in made[::2]])
    ranges = np.empty((MOST_ROWS + 1, 2), np.int64)
    segment.ranges_of(tested, np.array([segment.key_of(common[0])]), ranges)
    begin, end = ranges[0]
    assert end - begin == 250
    assert segment.holds(tested, begin, end, 249)
    assert not segment.holds(tested, begin, end, 250)
