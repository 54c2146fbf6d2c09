"""Sentences: where they end, in every script, and where lines end that lost their breaks."""

from __future__ import annotations

import pytest

from monitor.scoring.text.sentences import CLOSERS, STOPS, ends, holds_sentence, line_ends


def split(text: str, offsets: list[int]) -> list[str]:
    return [text[i:j].strip() for i, j in zip([0, *offsets], [*offsets, len(text)], strict=True)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["The ferry left at 3.5 knots.", "“Why?”", "Nobody knew…", "It rained!"],
        ["Mr. Holt met Dr. J. Reyes, i.e. not much.", "They spoke."],
        ["divers found cracks in the piles.", "Ferries will leave from the quay."],
        ["ข่าววันนี้", "ฝนตก"],
        ["ຂ່າວ", "ຝົນ"],
    ],
)
def test_sentences_are_told_apart(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert split(text, ends(text)) == sentences


def test_blank_lost_between_two_sentences() -> None:
    text = "Divers found cracks in the piles.Ferries will leave from the quay. See example.Com or Node.js now"
    assert split(text, ends(text)) == [
        "Divers found cracks in the piles.",
        "Ferries will leave from the quay.",
        "See example.",
        "Com or Node.js now",
    ]


@pytest.mark.parametrize("mark", sorted(set("。！？｡؟۔।॥។៕།༎။։።．")))
def test_each_script_ends_a_sentence_with_its_own_mark(mark: str) -> None:
    assert mark in STOPS
    text = f"一{mark}二"
    assert split(text, ends(text)) == [f"一{mark}", "二"]


def test_quotes_that_close_belong_to_the_sentence() -> None:
    text = "“好！”他走了。（完）"
    assert split(text, ends(text)) == ["“好！”", "他走了。", "（完）"]
    assert "”" in CLOSERS
    assert "“" not in CLOSERS


def test_headings_links_and_bullets_end_without_a_stop() -> None:
    text = (
        "The wall of the harbour fell in the storm, and the mayor of the town saw it from the quay. Read more about it "
        "Ferry fares go up again The council will meet on the first of May • Share   Comments"
    )
    assert split(text, line_ends(text, 0, len(text)))[1:] == [
        "Read more about it Ferry fares go up again",
        "The council will meet on the first of May",
        "• Share",
        "Comments",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "He met the President on Monday and the President said that the Times had asked for it in May of last year",
        "Der alte Hafen und die neue Fähre und das Boot und die See haben mit dem Wetter und der Stadt zu tun",
    ],
)
def test_names_begin_no_line(text: str) -> None:
    assert line_ends(text, 0, len(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ferry left on Monday.", True),
        ("船は出た。", True),
        ("เรือออกแล้ว", True),
        ("Ferry fares go up", False),
        ("Read More: Ten Beaches For The Summer.", False),
        ("", False),
    ],
)
def test_holds_sentence(text: str, expected: bool) -> None:
    assert holds_sentence(text) is expected
