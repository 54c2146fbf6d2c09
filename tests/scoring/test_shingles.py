"""Shingles: the words of a text in one form, each text by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.scoring.shingles import tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The “Co-operative” isn’t…", ["the", "co", "operative", "isn", "t"]),
        ("1,000 1.000 1’000 1 000 1\u202f000 1000", ["1000"] * 6),
        ("3.5 pct. of 12 34 and 1 0000", ["35", "pct", "of", "12", "34", "and", "1", "0000"]),
        ("１２３ ٣٤ ＡＢＣ", ["123", "34", "abc"]),
        ("我们 use它", ["我", "们", "use", "它"]),
        ("soft\u00adhy\u200bphen", ["softhyphen"]),
        ("हिन्दी שָׁלוֹם", ["हिन्दी", "שָׁלוֹם"]),
        ("𠮷👍x", ["𠮷", "x"]),
        ("\ud800a", ["a"]),
        ("", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens([text]) == [expected]


def test_a_number_does_not_reach_into_the_next_text() -> None:
    assert tokens(["in 1", "000 men", "5,", "300"]) == [["in", "1"], ["000", "men"], ["5"], ["300"]]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(["1", "000", "1,", ".5"]),
        max_size=8,
    )
)
def test_texts_together_have_the_words_they_have_alone(texts: list[str]) -> None:
    assert tokens(texts) == [tokens([text])[0] for text in texts]
