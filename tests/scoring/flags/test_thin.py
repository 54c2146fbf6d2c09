"""thin: few words of the story, and stubs before a paywall."""

from __future__ import annotations

import pytest

from monitor.scoring.flags.thin import FLAG
from tests.scoring.flags.made_up import inspection, raised

SHORT = "The ferry is back."
LONG = " ".join(["The ferry between Lower Quay and Brenn sails again."] * 10)


def test_few_words_are_thin() -> None:
    flag = raised(FLAG, inspection(SHORT))
    assert flag is not None
    assert flag.message == "only 4 words are part of the story, fewer than 50"
    assert raised(FLAG, inspection(SHORT), thin_words=4) is None


def test_boilerplate_is_not_part_of_the_story() -> None:
    flag = raised(FLAG, inspection(f"{LONG}\n{LONG}", boilerplate=(0.9, 0.9)))
    assert flag is not None
    assert flag.message == "no word is part of the story, fewer than 50"


def test_line_for_subscribers_at_the_end_makes_a_short_copy_thin() -> None:
    text = f"{LONG}\nAlready a subscriber? Sign in to comment."
    flag = raised(FLAG, inspection(text))
    assert flag is not None
    assert flag.message == (
        "only 97 words are part of the story: the stub before a paywall, since paragraph 2 says “Already a subscriber”"
    )
    assert raised(FLAG, inspection(text), paywall_words=90) is None
    assert raised(FLAG, inspection(f"{LONG}\n{LONG}\n{text}")) is None


def test_wall_at_the_end_makes_a_copy_of_any_length_thin() -> None:
    text = "\n".join([LONG] * 5 + ["This article is for subscribers only.", "Sign in"])
    flag = raised(FLAG, inspection(text))
    assert flag is not None
    assert flag.message == (
        "458 words of the story stand before a paywall: paragraph 6 says “This article is for subscribers”"
    )
    assert flag.score == 0.5


@pytest.mark.parametrize(
    "line",
    [
        "İÇERİK YALNIZCA ABONELER İÇİN",
        "ΜΌΝΟ ΓΙΑ ΣΥΝΔΡΟΜΗΤΈΣ",
        "Ein SPIEGELplus-Artikel",
        "Dieser Magazinbeitrag ist kostenpflichtig.",
        "Ihr Artikellimit an freien Texten ist erreicht.",
        "Je artikellimiet van deze maand is bereikt.",
    ],
)
def test_wall_is_found_in_capitals_and_in_compounds(line: str) -> None:
    assert raised(FLAG, inspection("\n".join([LONG] * 5 + [line]))) is not None


def test_wall_before_the_story_is_none() -> None:
    text = "\n".join(["This article is for subscribers only.", *[LONG] * 3])
    assert raised(FLAG, inspection(text)) is None


def test_phrase_anywhere_counts_where_the_article_is_not_free() -> None:
    text = f"Subscribe to read our other reports.\n{LONG}"
    assert raised(FLAG, inspection(text)) is None
    assert raised(FLAG, inspection(text, free=False)) is not None


def test_short_copy_declared_not_free_is_a_stub() -> None:
    flag = raised(FLAG, inspection(SHORT, free=False))
    assert flag is not None
    assert "the publisher declares the article not free" in flag.message
