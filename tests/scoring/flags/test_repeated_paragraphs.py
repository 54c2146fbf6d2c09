"""repeated_paragraphs: what repeats outside of a repeated body."""

from __future__ import annotations

from monitor.scoring.flags.repeated_paragraphs import FLAG
from tests.scoring.flags.made_up import inspection, raised
from tests.scoring.repetition.test_find import STORY


def test_long_paragraph_that_stands_twice_is_named() -> None:
    flag = raised(FLAG, inspection("\n".join((*STORY, STORY[1]))))
    assert flag is not None
    assert flag.message == f"paragraph 6 repeats 2: {len(STORY[1].split())} words stand twice"


def test_repeated_body_is_left_out() -> None:
    assert raised(FLAG, inspection("\n".join((*STORY, *STORY)))) is None
    assert raised(FLAG, inspection("\n".join((*STORY, *STORY))), repeated_body_paragraphs=6) is not None


def test_message_names_three_pairs_and_counts_the_rest() -> None:
    text = "\n".join((*STORY, *reversed(STORY)))
    flag = raised(FLAG, inspection(text), repeated_body_paragraphs=9, repeated_paragraph_words=3)
    assert flag is not None
    assert ", and 2 more: " in flag.message


def test_short_paragraph_may_stand_twice() -> None:
    assert raised(FLAG, inspection("\n".join((*STORY, "More soon", "Weather", "More soon")))) is None


def test_line_that_recurs_between_paragraphs_is_none_but_twice_it_is() -> None:
    note = "Readers can send their questions to the desk of this paper until six this evening."
    lines = [line for paragraph in STORY for line in (paragraph, note)]
    assert raised(FLAG, inspection("\n".join(lines))) is None
    assert raised(FLAG, inspection("\n".join(lines[:4]))) is not None
    assert raised(FLAG, inspection("\n".join((*STORY, note, note, note)))) is not None
