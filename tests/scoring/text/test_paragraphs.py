"""Paragraphs: exact offsets, breaks, and sentences where there are no breaks."""

from __future__ import annotations

from itertools import pairwise

import pytest

from monitor.scoring.text.paragraphs import MOST, sentences, split


def texts(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo", ["one", "two"]),
        ("one\r\ntwo\r\n\r\n", ["one", "two"]),
        ("one\u2028two\u2029three", ["one", "two", "three"]),
        ("  one \n \t\n\u00a0two\u3000", ["one", "two"]),
        ("", []),
        (" \n\r\n\u2028 ", []),
        ("one\rtwo\nthree", ["one\rtwo", "three"]),
    ],
)
def test_breaks(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "It rained. Nobody came! Why? “No idea.” He left.",
            ["It rained.", "Nobody came!", "Why?", "“No idea.”", "He left."],
        ),
        ("Mr. Holt met Dr. J. Reyes. They spoke.", ["Mr. Holt met Dr. J. Reyes.", "They spoke."]),
        ("It rose 3.5 pct. in May, i.e. not much. So what.", ["It rose 3.5 pct. in May, i.e. not much.", "So what."]),
        ("我们来了。你呢？“好！”他走了。", ["我们来了。", "你呢？", "“好！”", "他走了。"]),
        ("هل جاء؟ لا. نعم", ["هل جاء؟", "لا.", "نعم"]),
        ("नाव चली। लोग हँसे।", ["नाव चली।", "लोग हँसे।"]),
        ("เรือออก คนดีใจ", ["เรือออก", "คนดีใจ"]),
        ("one two three", ["one two three"]),
        ("One line.\n", ["One line."]),
        ("Old breaks.\rof a Mac", ["Old breaks.", "of a Mac"]),
    ],
)
def test_one_line_is_split_into_sentences(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_offsets_count_code_points() -> None:
    text = "👍 one\n𠮷 two"
    assert split(text) == [(0, 5), (6, 11)]
    assert texts(text) == ["👍 one", "𠮷 two"]


@pytest.mark.parametrize("piece", ["a\n", "ก ", "我。"])
def test_of_very_many_paragraphs_neighbours_are_joined(piece: str) -> None:
    text = piece * (2 * MOST + 1)
    places = split(text)
    assert MOST / 2 < len(places) <= MOST
    assert (places[0].start, places[-1].end) == (0, len(text.rstrip()))
    assert all(
        text[first.end : second.start].isspace() or first.end == second.start for first, second in pairwise(places)
    )
    assert len(split(piece * MOST)) == MOST


SENTENCE = "The old ferry left the harbour on Monday morning for the first time since the storm."


@pytest.mark.parametrize("among", [["Ferry back"], ["Ferry back", "By Ida Brandt", "Share"]])
def test_long_line_among_short_ones_is_split(among: list[str]) -> None:
    body = " ".join([SENTENCE] * 12)
    assert texts("\n".join([*among, body])) == [*among, *[SENTENCE] * 12]
    assert texts("\n".join([*among, "今日は雨が降った。" * 40])) == [*among, *["今日は雨が降った。"] * 40]


def test_ordinary_paragraphs_are_not_split() -> None:
    lines = [" ".join([SENTENCE] * count) for count in (1, 4, 2, 6, 3)]
    assert texts("\n".join(lines)) == lines


def test_very_long_line_is_split_whatever_stands_beside_it() -> None:
    lines = [" ".join([SENTENCE] * 50) for _ in range(4)]
    assert texts("\n".join(lines)) == [SENTENCE] * 200


def test_sentences_of_one_paragraph() -> None:
    text = f"Ferry back\n{SENTENCE} It took an hour."
    places = sentences(text, split(text)[1])
    assert [text[start:end] for start, end in places] == [SENTENCE, "It took an hour."]
