"""What must stand in a text that has a piece of markup or data."""

from __future__ import annotations

import pytest

from monitor.scoring.flags.signs import Alternatives, Signs, ascii_of
from monitor.scoring.text.text import code_points


@pytest.mark.parametrize(
    ("text", "are_in"), [("a{{b", True), ("{ {", False), ("{", False), ("[[", False), ("", False), ("é {{", True)]
)
def test_signs_are_found_by_their_rare_character(text: str, are_in: bool) -> None:
    assert Signs.of(("{", "{{"), ("}", "}}")).are_in(text, ascii_of(code_points(text))) == are_in


def test_ascii_of_has_a_bit_for_each_character() -> None:
    everything = "".join(map(chr, range(128)))
    assert ascii_of(code_points(everything)) == (1 << 128) - 1
    assert ascii_of(code_points("\0")) == 1
    assert ascii_of(code_points("Ā€\U0001f642")) == 0
    assert ascii_of(code_points("")) == 0


def test_alternatives_match_as_one_pattern_of_all() -> None:
    pattern = Alternatives((("{", r"\{\w+:"), (";", r";\w+:"), ("window.", r"window\.\w")))
    assert pattern.findall("{a:b;c:d} window.x") == ["{a:", ";c:", "window.x"]
    assert pattern.findall("window") == []
    found = pattern.search("x;c:d")
    assert found is not None
    assert found.start() == 1
    assert pattern.search("") is None
