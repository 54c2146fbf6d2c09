"""Pairs: what paragraphs have in common, against plain sets of words."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.scoring.repetition.pairs import Pairs, alike, compare, first_equals, index, rows_elsewhere, survey
from monitor.scoring.text.text import Text

LINES = st.lists(st.lists(st.sampled_from("abcdefg"), max_size=12).map(" ".join), min_size=1, max_size=8)


def known_of(text: Text) -> Pairs:
    return index(text.words.hashes, text.words.firsts, np.ones(len(text), np.bool_))


def sets_of(text: Text) -> list[set[tuple[str, str]]]:
    return [set(pairwise(text.forms(i))) for i in range(len(text))]


@given(LINES)
def test_similarity_is_jaccards(lines: list[str]) -> None:
    text = Text.of_lines(lines)
    sets = sets_of(text)
    pairs = alike(text.words, known_of(text), np.ones(len(text), np.bool_), 0.3)
    expected = [
        (i, j, len(sets[i] & sets[j]) / len(sets[i] | sets[j]))
        for i in range(len(text))
        for j in range(i)
        if sets[i] & sets[j] and len(sets[i] & sets[j]) >= 0.3 * len(sets[i] | sets[j])
    ]
    assert [(pair.later, pair.earlier) for pair in pairs] == [(i, j) for i, j, _ in expected]
    assert [pair.similarity for pair in pairs] == pytest.approx([value for _, _, value in expected])


@given(LINES)
def test_compared_in_full_is_the_same(lines: list[str]) -> None:
    text = Text.of_lines(lines)
    known = known_of(text)
    pairs = alike(text.words, known, np.ones(len(text), np.bool_), 0.3)
    both = np.array([(pair.later, pair.earlier) for pair in pairs], np.int64).reshape(-1, 2)
    assert compare(text.words, known, both[:, 0], both[:, 1], 0.3) == pairs


@given(LINES)
def test_shares_are_of_pairs_that_stand_earlier(lines: list[str]) -> None:
    text = Text.of_lines(lines)
    sets = sets_of(text)
    shares = known_of(text).shares
    for i, pairs in enumerate(sets):
        earlier = set().union(*sets[:i])
        assert shares[i] == pytest.approx(len(pairs & earlier) / max(len(pairs), 1))


def test_pairs_that_stand_again_in_their_paragraph_are_counted() -> None:
    known = known_of(Text.of_lines(["a b a b a", "a b", "c"]))
    assert known.again.tolist() == [2, 0, 0]
    assert np.diff(known.firsts).tolist() == [2, 1, 0]
    assert known.paragraphs[known.begins[0] : known.begins[1]].tolist() == [0, 1]


def test_paragraphs_that_are_not_chosen_have_no_pairs() -> None:
    text = Text.of_lines(["a b c", "a b c"])
    known = index(text.words.hashes, text.words.firsts, np.array([True, False]))
    assert np.diff(known.firsts).tolist() == [2, 0]


def test_first_of_equal_paragraphs() -> None:
    text = Text.of_lines(["The ferry", "…", "the FERRY.", "a ferry", "The ferry"])
    assert first_equals(text.words).tolist() == [0, -1, 0, 3, 0]


def test_of_many_alike_few_are_compared_and_the_earliest_among_them() -> None:
    text = Text.of_lines([f"the net profit of unit {i} rose in the last quarter" for i in range(200)])
    pairs = alike(text.words, known_of(text), np.ones(200, np.bool_), 0.5)
    assert 0 < len(pairs) <= 12 * 200 + 32 * 32 // 2
    assert {pair.earlier for pair in pairs if pair.later == 199} >= {0, 1}


def test_survey_has_the_pairs_of_first_paragraphs_with_words_enough() -> None:
    text = Text.of_lines(["a b c d", "a b", "a b c d"])
    equals, known = survey(text.words, 3)
    assert equals.tolist() == [0, 1, 0]
    assert np.diff(known.firsts).tolist() == [3, 0, 0]


def test_rows_that_stand_elsewhere() -> None:
    text = Text.of_lines(["a b c d x a b c d", "y b c d z", "a y d b", "b c d"])
    nothing = np.zeros(4, np.bool_)
    assert rows_elsewhere(text.words, known_of(text), nothing, 2, 2, 3) == [(0, 0), (1, 0), (3, 0)]
    left_out = np.array([False, False, False, True])
    assert rows_elsewhere(text.words, known_of(text), left_out, 2, 2, 3) == [(0, 0), (1, 0)]


@pytest.mark.parametrize("others", [10, 40, 200])
def test_the_likeliest_is_compared_however_many_have_a_pair_in_common(others: int) -> None:
    body = "it rose in the last quarter of the year by more than anybody had foreseen"
    lines = [f"in the case of unit {i}" for i in range(others)]
    text = Text.of_lines([*lines, body, *lines, f"{body} before"])
    pairs = alike(text.words, known_of(text), np.arange(len(text)) == len(text) - 1, 0.5)
    assert [(pair.later, pair.earlier) for pair in pairs] == [(len(text) - 1, others)]
