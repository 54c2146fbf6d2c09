"""Words: what one is, how many there are, and the form in which they are compared."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.scoring.text.text import Text, count_words
from monitor.scoring.text.words import CAPITAL, FIGURE, SHOUT, hash_word


def forms(text: str) -> list[str]:
    return Text.of_lines([text]).forms(0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("The ferry’s back – at last | really", 6),
        ("It's well-known, e.g. 1,000 km", 5),
        ("我们来了。", 4),
        ("我们 use Kafka，对", 5),
        ("ไทย", 3),
        ("カタカナ", 4),
        ("ភ្លៀង។", 5),
        ("한국어 문장", 2),
        ("नाव चली।", 2),
        ("--- * ---", 0),
        ("word—word", 2),
        ("كلمة،كلمة", 2),
    ],
)
def test_count(text: str, expected: int) -> None:
    assert count_words([text]) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The “Co-operative” isn’t…", ["the", "cooperative", "isnt"]),
        ("1,000 1.000 1’000 1 000 1\u202f000 1000", ["1000"] * 6),
        ("3.5 pct. of 12 34 and 1 0000", ["35", "pct", "of", "12", "34", "and", "1", "0000"]),
        ("１２３ ٣٤ ＡＢＣ", ["123", "34", "abc"]),
        ("我们 use它", ["我", "们", "use", "它"]),
        ("soft\u00adhy\u200bphen", ["softhyphen"]),
        ("שָׁלוֹם שלום", ["שלום", "שלום"]),
        ("𠮷👍x", ["𠮷", "x"]),
        ("\ud800a", ["a"]),
        (
            "piles.Ferries left the U.S. at example.com/a",
            ["piles", "ferries", "left", "the", "us", "at", "examplecoma"],
        ),
        ("", []),
    ],
)
def test_forms(text: str, expected: list[str]) -> None:
    assert forms(text) == expected


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Fußgänger über", unicodedata.normalize("NFD", "Fußgänger über")),
        ("강변시는 화요일", unicodedata.normalize("NFD", "강변시는 화요일")),
        ("Chính quyền thị xã", unicodedata.normalize("NFD", "Chính quyền thị xã")),
        ("\N{DEVANAGARI LETTER QA}लम", unicodedata.normalize("NFD", "\N{DEVANAGARI LETTER QA}लम")),
        ("أعلنت بلدية", "أَعْلَنَتْ بَلَدِيَّةُ"),
        ("وادي النخيل", "وادي النخـــيل"),
        ("شهرداری یک", "شهرداري يك"),
        ("می\u200cشود", "میشود"),
        ("ガイド", "ｶﾞｲﾄﾞ"),
        ("office file", "oﬃce ﬁle"),
        ("น้ำ", "น้ํา"),
        ("STRASSE", "Straße"),
        ("Kafka 12", "Ｋａｆｋａ　１２"),
    ],
)
def test_words_are_equal_in_each_unicode_form(text: str, other: str) -> None:
    assert text != other
    assert forms(text) == forms(other)
    first, second = Text.of_lines([text]), Text.of_lines([other])
    assert np.array_equal(first.words.hashes, second.words.hashes)
    assert np.array_equal(first.words.sizes, second.words.sizes)


def test_kinds_of_words() -> None:
    kinds = Text.of_lines(["BBC News on 12 May, U.S. A"]).words.kinds.tolist()
    assert kinds == [CAPITAL | SHOUT, CAPITAL, 0, FIGURE, CAPITAL, CAPITAL | SHOUT, CAPITAL]


def test_a_figure_has_the_shape_of_its_length() -> None:
    words = Text.of_lines(["1999 2024 199"]).words
    assert words.shapes[0] == words.shapes[1] != words.shapes[2]
    assert len(set(words.hashes.tolist())) == 3


def test_a_number_does_not_reach_into_the_next_text() -> None:
    text = Text.of_lines(["in 1", "000 men", "5,", "300"])
    assert [text.forms(i) for i in range(4)] == [["in", "1"], ["000", "men"], ["5"], ["300"]]


LINES = st.lists(
    st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(["1", "000", "1,", ".5"]),
    max_size=8,
)


@given(LINES)
def test_texts_together_have_the_words_they_have_alone(lines: list[str]) -> None:
    text = Text.of_lines(lines)
    assert [text.forms(i) for i in range(len(lines))] == [forms(line) for line in lines]


@given(LINES)
def test_hashes_are_those_of_the_forms(lines: list[str]) -> None:
    text = Text.of_lines(lines)
    assert text.words.hashes.tolist() == [hash_word(text.form(word)) for word in range(len(text.words.hashes))]
