"""Characters: each mark stands once and has its role; forms are letters and digits."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest

from monitor.scoring.text.characters import (
    APOSTROPHE,
    BRACKET,
    CASELESS,
    CLASSES,
    COLON,
    COMMA,
    DIGIT,
    FULL_STOP,
    INVISIBLE,
    LOWER,
    MARK,
    MARKS,
    OTHER,
    QUOTE,
    SPACE,
    STOP,
    TABLED,
    UNSPACED,
    UPPER,
    compared_form,
    is_unspaced,
    tables,
)


def class_of(character: str) -> int:
    return int(tables().classes[ord(character)])


def test_no_mark_stands_twice() -> None:
    counts = Counter(mark for marks in MARKS.values() for mark in marks)
    assert [mark for mark, count in counts.items() if count > 1] == []
    assert all(unicodedata.category(mark)[0] in "PSL" for mark in counts)


def test_marks_have_their_class_in_the_table() -> None:
    assert [mark for number, marks in MARKS.items() for mark in marks if class_of(mark) != number] == []
    assert int(tables().classes.max()) < CLASSES


@pytest.mark.parametrize(
    ("characters", "number"),
    [
        ("！？。｡．؟۔।॥។៕།༎။։።‽", STOP),
        (".", FULL_STOP),
        ("，；、､،؛၊", COMMA),
        ("：", COLON),
        ("（）［］【】《》", BRACKET),
        ("「」『』“”„«»", QUOTE),
        ("’‘ʼ׳", APOSTROPHE),
        ("\u00ad\u200b\u200c\u200d\ufeff\u0640\u064e\u05b8\u0e4d", INVISIBLE),
        ("\u0301\u093f\u094d", MARK),
        (" \t\r\n\u00a0\u3000\u2028\x85", SPACE),
        ("aßя", LOWER),
        ("AЯ", UPPER),
        ("अعא한", CASELESS),
        ("桥々〇ไກខကひカｶー𠮷"[:-1], UNSPACED),
        ("1١१๑１½²①", DIGIT),
        ("☃\x00\ue000", OTHER),
    ],
)
def test_classes(characters: str, number: int) -> None:
    assert {character: class_of(character) for character in characters} == dict.fromkeys(characters, number)


def test_scripts_without_blanks_are_those_of_the_table() -> None:
    for code in [*range(0x0E00, 0x1100), *range(0x1780, 0x1800), *range(0x3000, 0x3400), *range(0xF900, 0xFB00)]:
        letter = chr(code)
        if unicodedata.category(letter)[0] == "L":
            assert (class_of(letter) == UNSPACED) == is_unspaced(letter), letter
    assert not is_unspaced("한")


def test_forms_are_letters_and_digits_that_are_their_own() -> None:
    for code in range(TABLED):
        character = chr(code)
        if LOWER <= tables().classes[code] <= DIGIT:
            form = compared_form(character)
            assert form
            assert compared_form(form[0]) == form[0] or len(form) > 1, character
            assert not any(letter.isspace() for letter in form)
