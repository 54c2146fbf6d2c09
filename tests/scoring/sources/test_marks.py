"""Marks of paragraphs: what makes two lines the same, and what does not."""

from __future__ import annotations

import numpy as np

from monitor.scoring.sources.marks import BEGIN, END, KINDS, LINE, MASKED, PLACE, all_kinds, read_marks
from monitor.scoring.text.text import Text
from tests.scoring.sources.made_up import word


def marks(*lines: str) -> np.ndarray:
    written = read_marks(Text.of_lines(lines))
    return all_kinds(written.written, written.words)


def test_same_line_in_other_case_has_same_mark() -> None:
    first, second = marks("Read more stories of today", "READ more stories of  today.")
    assert first[LINE] == second[LINE] != 0


def test_names_and_figures_are_masked() -> None:
    first, second, other = marks(
        "reported by Anna Berg on 3 March for this paper",
        "reported by Tom on 28 November for this paper",
        "reported by Tom on 28 November for that paper",
    )
    assert first[MASKED] == second[MASKED] != other[MASKED]
    assert first[LINE] != second[LINE]


def test_addresses_are_masked() -> None:
    first, second = marks("write to jan.novak@example.org with news", "write to li@example.org with news")
    assert first[MASKED] == second[MASKED] != 0
    assert first[LINE] != second[LINE]


def test_line_of_names_alone_has_no_masked_mark() -> None:
    assert marks("Anna Berg 2026")[0, MASKED] == 0


def test_begins_and_ends_are_marks_of_their_own() -> None:
    first, second = marks("Photo by Anna", "Photo by Tom, of Reuters news")
    assert first[BEGIN] == second[BEGIN] != 0
    assert marks("a tale by Reuters news")[0, END] == second[END]


def test_line_without_words_has_no_marks_of_words() -> None:
    assert marks("* * *")[0, [LINE, MASKED, BEGIN, END]].tolist() == [0, 0, 0, 0]


def test_places_are_counted_from_both_ends() -> None:
    long, short = marks(*["a b c d e f"] * 30), marks(*["a b c d e f"] * 20)
    assert long[0, PLACE] == short[0, PLACE]
    assert long[-1, PLACE] == short[-1, PLACE] != long[15, PLACE]


def test_phrases_are_sampled_alike_wherever_they_stand() -> None:
    words = " ".join(word(i) for i in range(400))
    phrases = read_marks(Text.of_lines([words])).phrases
    assert 20 < len(phrases) < 90
    assert set(phrases) <= set(read_marks(Text.of_lines(["Before it.", f"It said {words} and more"])).phrases)


def test_marks_of_an_empty_text_have_all_kinds() -> None:
    assert marks().shape == (0, len(KINDS))
