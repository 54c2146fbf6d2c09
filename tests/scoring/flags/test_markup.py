"""markup: what is left in a text, and texts about programming."""

from __future__ import annotations

import re

from monitor.scoring.flags.markup import _PROGRAMMING, FLAG
from tests.scoring.flags.made_up import inspection, raised

STORY = "The ferry between Lower Quay and the island of Brenn was out of service on Monday."
LESSON = (
    "Put the template code between the tags and let the parser of the browser call the function that the script of "
    "your server returns as a string of HTML, since the syntax of each variable is the same."
)


def test_message_shows_the_first_piece_and_its_paragraph() -> None:
    flag = raised(FLAG, inspection(f"{STORY}\n{{{{ story|safe }}}} and {{{{ more }}}}"))
    assert flag is not None
    assert flag.message == "template code (4 times) left in the text, first in paragraph 2: “{{”"


def test_message_counts_each_kind() -> None:
    flag = raised(FLAG, inspection(f"Tea &amp; cake.\n<b>{STORY}</b>"))
    assert flag is not None
    assert flag.message == ("tags (2 times) and entities (once) left in the text, first in paragraph 1: “&amp;”")


def test_text_about_programming_may_show_code() -> None:
    code = "<div class='x'>{{ name }}</div>"
    assert raised(FLAG, inspection(f"{STORY}\n{code}")) is not None
    assert raised(FLAG, inspection(f"{LESSON}\n{code}")) is None
    assert raised(FLAG, inspection(f"{LESSON}\n{code}"), markup_programming=1) is not None


def test_bare_opening_tag_alone_is_written_about() -> None:
    assert raised(FLAG, inspection(f"{STORY} Write <b> and <table> here.")) is None


def test_each_programming_term_is_one_word() -> None:
    """They are told by the words of a text: one of two words would never be found."""
    assert [term for term in _PROGRAMMING if not re.fullmatch(r"\w+", term)] == []
