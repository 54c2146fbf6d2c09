"""Alternatives dealt by their first letters: the pattern matches where one of them does, and nowhere else."""

from __future__ import annotations

import re

import pytest

from monitor.scoring.alternatives import by_first_letter, hints

MADE = [
    "read on",
    "(?:read|see|)(?: much)? more",
    "(?:please )?log ?-?in",
    r"\d+ more",
    "s?he (?:asks|says)?:",
    "(?:a|b)+c",
    "(?:on|off)?? duty",
    r"[]x|(]y",
    r"[^\]|)(a-z]+z",
    r"a\(b|c\|d",
    "(?:a(?:b|c)|d)e",
    "w{2}w",
]
TEXTS = [
    "read on", "see more", "read much more", " more", " much more", "login", "please log-in", "please", "12 more",
    "she says:", "he asks:", "he :", "ababc", "c", "on duty", " duty", "|y", "]y", "(y", "xy", "a(b", "c|d", "abe",
    "ace", "de", "ae", "www", "ww", "please log in to read on", "12z", "|z", "", "off duty and more",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_matches_where_one_of_the_patterns_does(text: str) -> None:
    dealt, plain = re.compile(by_first_letter(MADE)), re.compile("|".join(MADE))
    at = range(len(text) + 1)
    assert [dealt.match(text, begin) is not None for begin in at] == [
        plain.match(text, begin) is not None for begin in at
    ]
    assert (dealt.fullmatch(text) is None) == (plain.fullmatch(text) is None)


@pytest.mark.parametrize("text", TEXTS)
def test_hint_is_found_where_a_pattern_is(text: str) -> None:
    listed = [*MADE, r"\w{0,20}more", r".{1,30}\bto read", r"\d+z"]
    for before in ("", r"(?<!\w)"):
        plain = re.compile(f"{before}(?:{'|'.join(listed)})")
        found = any(hint.search(text) for hint in hints(listed, before))
        assert found or plain.search(text) is None


def test_hint_is_found_in_few_texts() -> None:
    first, second = hints(["read on", r"\w{0,20}limit"], before=r"(?<!\w)")
    assert not first.search("spread on the road")
    assert second.search("the time limit")
    assert not second.search("read on")
