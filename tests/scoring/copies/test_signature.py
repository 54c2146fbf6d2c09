"""The signature: a sample that tells how much of a short text stands in a long one."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.scoring.copies.signature import MOST_FIGURES, MOST_ROWS, Signature, sign
from monitor.scoring.text.text import Text
from tests.scoring.copies.made_up import story


def signed(*lines: str) -> Signature:
    return sign(Text.of_lines(lines), np.ones(len(lines), np.bool_))


def below(signature: Signature, level: int) -> set[int]:
    return {row for row in signature.rows.tolist() if row < 1 << (64 - level)}


@pytest.mark.parametrize("paragraphs", [4, 10, 30, 100, 400])
def test_long_stories_are_sampled_and_short_ones_are_whole(paragraphs: int) -> None:
    signature = signed(*story(1, paragraphs))
    assert len(signature.rows) <= MOST_ROWS
    assert len(signature.rows) == 76 if signature.level == 0 else len(signature.rows) > MOST_ROWS / 5
    assert signature.words == 20 * paragraphs
    assert (np.diff(signature.rows.astype(object)) > 0).all()


def test_share_of_a_short_copy_in_a_long_story_is_estimated() -> None:
    shares = []
    for number in range(20):
        lines = story(number, 60)
        whole, part = signed(*lines), signed(*lines[:15], *story(100 + number, 5))
        level = max(whole.level, part.level)
        shares.append(len(below(whole, level) & below(part, level)) / len(below(part, level)))
    assert 0.68 < sum(shares) / len(shares) < 0.8


def test_line_breaks_change_nothing() -> None:
    lines = story(3)
    assert signed(" ".join(lines)).rows.tolist() == signed(*lines).rows.tolist()


def test_paragraphs_that_are_no_story_are_left_out() -> None:
    lines = [*story(3), *story(4)]
    chosen = sign(Text.of_lines(lines), np.array([True] * 4 + [False] * 4))
    assert chosen.rows.tolist() == signed(*story(3)).rows.tolist()


def test_figures_tell_a_report_from_the_next() -> None:
    first = signed("The index of the harbour rose by 12 points to 3,400 on Monday.")
    second = signed("The index of the harbour rose by 37 points to 3,437 on Monday.")
    around = [[figure >> 8 for figure in each.figures.tolist()] for each in (first, second)]
    assert around[0] == around[1]
    assert not set(first.figures.tolist()) & set(second.figures.tolist())


def test_many_figures_are_kept_by_their_surroundings() -> None:
    assert len(signed(*(f"Unit {'abcdefghijklmnop'[i]} sold {i} boats" for i in range(16))).figures) == MOST_FIGURES


@pytest.mark.parametrize("text", ["", "one two three four", "--- *", "word " * 100_000])
def test_texts_without_a_story_have_at_most_a_row(text: str) -> None:
    assert len(signed(text).rows) <= 1
