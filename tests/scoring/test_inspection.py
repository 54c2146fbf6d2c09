"""The sums that checks for a defect share."""

from __future__ import annotations

import pytest

from tests.scoring.flags.made_up import inspection

TEXT = "The ferry is back on Friday.\nRead more about ferries here\nIt sails twice a day."


def test_words_and_characters_are_those_of_all_paragraphs() -> None:
    inspected = inspection(TEXT)
    assert inspected.total_words == sum(inspected.words) == 16
    assert inspected.total_characters == len(TEXT.replace("\n", ""))


def test_boilerplate_is_what_is_at_one_half_or_above() -> None:
    inspected = inspection(TEXT, boilerplate=(0.1, 0.5, 0.49))
    assert inspected.boilerplate_words == 5
    assert inspected.boilerplate_ratio == pytest.approx(5 / 16)
    assert inspected.story == (0, 2)


def test_text_without_words_has_no_boilerplate() -> None:
    assert inspection("…").boilerplate_ratio == 0.0
