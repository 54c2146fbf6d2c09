"""When two articles that have rows in common are copies."""

from __future__ import annotations

import pytest

from monitor.scoring.copies.compare import Rules, is_copy
from monitor.scoring.copies.search import Found


def found(common: int, mine: int, theirs: int, *, figures: int = 0, same: int = 0, level: int = 0) -> Found:
    return Found(0, common, mine, theirs, figures, same, 0, 0, 0, 0, 0, level)


@pytest.mark.parametrize(
    ("compared", "expected"),
    [
        # A long story needs half of its rows, a brief four in five, one between them what lies between.
        (found(80, 160, 400), True),
        (found(79, 160, 400), False),
        (found(32, 40, 400), True),
        (found(31, 40, 400), False),
        (found(65, 100, 100), True),
        (found(64, 100, 100), False),
        # Of sampled rows each stands for several.
        (found(20, 40, 50, level=2), True),
        # Five figures that are all the same tell a brief as well; one of four may differ.
        (found(21, 40, 40, figures=5, same=5), True),
        (found(21, 40, 40, figures=4, same=4), False),
        (found(38, 40, 40, figures=4, same=3), True),
        (found(38, 40, 40, figures=4, same=2), False),
        (found(38, 40, 40, figures=1, same=0), False),
    ],
)
def test_copies_are_told_by_rows_and_figures(compared: Found, expected: bool) -> None:
    assert is_copy(compared, Rules()) is expected
