"""What stands behind the end of a story, and ``endings.json``."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from monitor.scoring.flags.endings import is_behind_story, is_credit, is_link, left_off_mark


def test_endings_file_names_no_phrase_twice_in_a_language() -> None:
    kinds = json.loads(resources.files("monitor.scoring.flags").joinpath("endings.json").read_bytes())
    for languages in kinds.values():
        for language, phrases in languages.items():
            assert len(phrases) == len(set(phrases)), language


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Divers freed it by… Continue reading Ferry sails again →", "… Continue reading Ferry sails again →"),
        ("Divers freed it [&#8230;]", "[&#8230;]"),
        ("Divers freed it [...] Read More", "[...] Read More"),
        ("市长在记者会上…[详细]", "…[详细]"),
        ("Divers freed it…", None),
        ("Divers freed it. Read more", None),
    ],
)
def test_mark_is_an_ellipsis_in_brackets_or_before_a_link(text: str, mark: str | None) -> None:
    assert left_off_mark(text) == mark


def test_phrase_of_one_word_names_no_story() -> None:
    assert is_link("Continue reading Ferry sails again")
    assert not is_link("More people came than before")


def test_bracket_that_is_not_closed_is_no_credit() -> None:
    assert is_credit("(Reporting by Maren Holt)")
    assert not is_credit("(Maren Holt, who has sold tickets here for")


def test_address_alone_stands_behind_a_story() -> None:
    assert is_behind_story("Passengers can call the harbour office on 0555 010 220")
    assert not is_behind_story("Passengers can call the harbour office")


def test_long_paragraph_never_stands_behind_a_story() -> None:
    assert not is_behind_story("Photo by Maren Holt. " * 30)
