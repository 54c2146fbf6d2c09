"""Resplit: paragraphs joined or split otherwise make each other up; quotations do not."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.scoring.repetition.pairs import index
from monitor.scoring.repetition.resplit import find_resplit
from monitor.scoring.repetition.runs import Span
from monitor.scoring.text.text import Text

FIRST = "the old ferry left the harbour on monday morning for the first time"
SECOND = "some two hundred people stood on the quay and cheered"


def spans(lines: list[str], later: list[int]) -> dict[int, Span]:
    text = Text.of_lines(lines)
    known = index(text.words.hashes, text.words.firsts, np.ones(len(text), np.bool_))
    return {p: match.span for p, match in find_resplit(text, known, later).items()}


@pytest.mark.parametrize(
    ("lines", "later", "expected"),
    [
        ([f"{FIRST} {SECOND}", FIRST, SECOND], [1, 2], {1: (0, 0), 2: (0, 0)}),
        ([FIRST, SECOND, f"{FIRST} {SECOND}"], [2], {2: (0, 1)}),
        ([f"{FIRST} {SECOND}", FIRST], [1], {}),
        ([f"{FIRST} in 1999 {SECOND}", FIRST, f"in 2024 {SECOND}"], [1, 2], {1: (0, 0)}),
        ([FIRST], [], {}),
    ],
    ids=["split", "joined", "a quotation", "another figure", "nothing"],
)
def test_resplit(lines: list[str], later: list[int], expected: dict[int, tuple[int, int]]) -> None:
    assert spans(lines, later) == expected
