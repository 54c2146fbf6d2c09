"""thin: few words of the story, and stubs before a paywall."""

from __future__ import annotations

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


def test_paywall_phrase_makes_a_longer_copy_that_is_not_free_thin() -> None:
    text = f"{LONG}\nAlready a subscriber? Sign in to continue."
    flag = raised(FLAG, inspection(text, free=False))
    assert flag is not None
    assert flag.message == (
        "only 97 words are part of the story: the stub before a paywall, since paragraph 2 says “Already a subscriber”"
    )
    assert raised(FLAG, inspection(text)) is None
    assert raised(FLAG, inspection(text, free=False), paywall_words=97) is None


def test_short_copy_declared_not_free_is_a_stub() -> None:
    flag = raised(FLAG, inspection(SHORT, free=False))
    assert flag is not None
    assert "the publisher declares the article not free" in flag.message
