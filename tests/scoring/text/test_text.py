"""Text: offsets into the text as it arrived are exact, whatever its Unicode form."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.scoring.text.paragraphs import Paragraph
from monitor.scoring.text.text import Text, compose

RAW = "Cafe\u0301 noir\n\nｶﾞイド \u1112\u1161\u11ab e\u0323\u0302 \N{DEVANAGARI LETTER QA}x end"


def test_offsets_are_those_of_the_text_as_it_arrived() -> None:
    text = Text.read(RAW)
    assert text.passages == ("Cafe\u0301 noir", "ｶﾞイド \u1112\u1161\u11ab e\u0323\u0302 \N{DEVANAGARI LETTER QA}x end")
    places = [text.place(word) for word in range(len(text.words.hashes))]
    assert [RAW[start:end] for start, end in places] == [
        "Cafe\u0301",
        "noir",
        "ｶﾞ",
        "イ",
        "ド",
        "\u1112\u1161\u11ab",
        "e\u0323\u0302",
        "\N{DEVANAGARI LETTER QA}x",
        "end",
    ]


MARKED = st.text(st.sampled_from("ae\u0301\u0323\u0327 \nｶﾞ\u1112\u1161\u11ab\u09c7\u09be我1.\ud800\u0958"), max_size=40)


@given(st.one_of(st.text(max_size=60), MARKED))
def test_composed_text_is_nfc_and_its_places_are_in_order(raw: str) -> None:
    codes, places = compose(raw)
    composed = "".join(map(chr, codes))
    if places is None:
        assert composed == raw
    else:
        assert len(places) == len(composed)
        assert (np.diff(places) >= 0).all()
        assert len(places) == 0 or (places[0] == 0 and places[-1] < len(raw))
        if "ﾞ" not in raw and "ﾟ" not in raw:
            assert composed == unicodedata.normalize("NFC", raw)


@given(st.one_of(st.text(max_size=60), MARKED))
def test_words_stand_where_they_are_said_to(raw: str) -> None:
    text = Text.read(raw)
    for word in range(len(text.words.hashes)):
        start, end = text.place(word)
        assert 0 <= start < end <= len(raw)
        assert Text.of_lines([raw[start:end]]).forms(0)[0] in (text.form(word), text.form(word)[:1])


def test_nfd_has_the_characters_of_nfc() -> None:
    raw = "Fußgänger über 강변시는 Chính quyền"
    first, second = Text.read(raw), Text.read(unicodedata.normalize("NFD", raw))
    assert np.array_equal(first.characters.counts, second.characters.counts)
    assert np.array_equal(first.lengths, second.lengths)


def test_other_paragraphs_of_the_same_text() -> None:
    text = Text.read("one two\nthree").with_paragraphs([Paragraph(4, 13)])
    assert text.passages == ("two\nthree",)
    assert text.forms(0) == ["two", "three"]
    assert text.counts.tolist() == [2]
    assert text.paragraph_of_word.tolist() == [0, 0]


@pytest.mark.parametrize(("raw", "expected"), [("abc", False), ("a 我", True), ("한국어", False)])
def test_has_unspaced(raw: str, expected: bool) -> None:
    assert Text.read(raw).has_unspaced is expected


def test_no_text_has_no_paragraphs() -> None:
    text = Text.read(" \n")
    assert len(text) == 0
    assert len(text.words.hashes) == 0
