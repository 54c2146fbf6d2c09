"""Edits: words dropped and replaced, names and figures among them."""

from __future__ import annotations

import pytest

from monitor.scoring.repetition.edits import Difference, difference, have_other_figures
from monitor.scoring.text.text import Text

SENTENCE = "the mayor of the old town said on that day that the wall would be raised by a metre"


def differs(text: str, other: str) -> Difference:
    return Difference(*difference(Text.of_lines([text, other]).words, 0, 1))


@pytest.mark.parametrize(
    ("other", "dropped", "replaced"),
    [
        (SENTENCE, 0, 0),
        (SENTENCE.replace("old ", ""), 1, 0),
        (SENTENCE.replace("old ", "").replace("a metre", "metre"), 2, 0),
        (SENTENCE.replace("said", "told reporters"), 0, 2),
        (SENTENCE.replace("town", "city").replace("raised", "lifted"), 0, 2),
        (SENTENCE.replace("a metre", "two feet"), 0, 2),
    ],
)
def test_words_dropped_and_replaced(other: str, dropped: int, replaced: int) -> None:
    for edit in (differs(SENTENCE, other), differs(other, SENTENCE)):
        assert edit.opened
        assert (edit.dropped, edit.replaced) == (dropped, replaced)


def test_a_passage_replaced_is_another_text() -> None:
    other = SENTENCE.replace("said on that day", "announced in the late evening of that day")
    assert differs(SENTENCE, other).dropped == len(other.split())


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (SENTENCE.replace("the mayor", "the Reeve"), True),
        (SENTENCE.replace("metre", "3"), True),
        (SENTENCE.replace("mayor", "reeve"), False),
    ],
)
def test_names_and_figures_are_told(other: str, named: bool) -> None:
    assert differs(SENTENCE, other).named is named


def test_what_stands_before_or_behind_is_no_frame() -> None:
    assert differs(SENTENCE, SENTENCE).framed
    assert not differs(SENTENCE, f"read more {SENTENCE}").opened
    assert not differs(SENTENCE, f"{SENTENCE} again").framed


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        ("rose 3 to 12", "rose 4 to 12", True),
        ("rose 3 to 12", "rose to 12", False),
        ("cost 1,250,000", "cost 1 250 000", False),
        ("12 12", "12", False),
        ("none", "none", False),
    ],
)
def test_other_figures(text: str, other: str, expected: bool) -> None:
    assert have_other_figures(Text.of_lines([text, other]).words, 0, 1) is expected
