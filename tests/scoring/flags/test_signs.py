"""What must stand in a text that has a piece of markup or data."""

from __future__ import annotations

from itertools import product

import pytest

from monitor.scoring.flags.signs import Alternatives, Signs, neighbours


@pytest.mark.parametrize(
    ("text", "are_in"), [("a{{b", True), ("{ {", False), ("{", False), ("[[", False), ("", False), ("é {{", True)]
)
def test_signs_are_found_side_by_side(text: str, are_in: bool) -> None:
    assert Signs.of("{{", "}}").are_in(text, neighbours(text)) == are_in


@pytest.mark.parametrize("text", ["a", "\0", "\x7f", "a\0\x7f", "1\u0100{\U0001f642}", "", "\ud800a", "aaa", "abcabd"])
def test_each_piece_of_a_text_is_a_sign_in_it(text: str) -> None:
    known = neighbours(text)
    for sign in ("".join(signs) for length in (1, 2, 3) for signs in product("ab\0\x7f{}1", repeat=length)):
        assert Signs.of(sign).are_in(text, known) == (sign in text)


def test_alternatives_match_as_one_pattern_of_all() -> None:
    pattern = Alternatives((("{", r"\{\w+:"), (";", r";\w+:"), ("window.", r"window\.\w")))
    assert pattern.findall("{a:b;c:d} window.x") == ["{a:", ";c:", "window.x"]
    assert pattern.findall("window") == []
    found = pattern.search("x;c:d")
    assert found is not None
    assert found.start() == 1
    assert pattern.search("") is None
