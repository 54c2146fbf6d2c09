"""What of a text reaches a terminal or the page."""

from __future__ import annotations

import pytest

from monitor.articles.printable import printable


@pytest.mark.parametrize(
    "text",
    [
        "« 10 % »: 1\N{NARROW NO-BREAK SPACE}000\N{NO-BREAK SPACE}€",
        "می\N{ZERO WIDTH NON-JOINER}خواهم",
        "👩\N{ZERO WIDTH JOINER}🚀 ❤\N{VARIATION SELECTOR-16}",
        "Donau\N{SOFT HYPHEN}dampf",
        "ข่าว\N{ZERO WIDTH SPACE}ด่วน",
        "שלום\N{RIGHT-TO-LEFT MARK}!",
        "全角\N{IDEOGRAPHIC SPACE}空白",
    ],
)
def test_writing_of_good_faith_is_kept(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x07", "\x08", "\x1b", "\x7f", "\x9b", "\n", "\r", "\u2028", "\u202e", "\u2066", "\ufeff", "\ud800"],
)
def test_what_steers_or_reorders_is_replaced(character: str) -> None:
    assert printable(f"a{character}b") == "a\ufffdb"
