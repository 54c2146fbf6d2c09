"""Repetition: what repeats what, how likely, and in which runs."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from monitor.scoring.repetition.find import Repetition
from monitor.scoring.repetition.find import find as find_in_text
from monitor.scoring.text.text import Text
from monitor.scoring.thresholds import Thresholds

STORY = (
    "The old ferry left the harbour on Monday morning for the first time since the storm.",
    "Some two hundred people stood on the quay and cheered as the captain sounded the horn.",
    "The repair cost 1,250,000 crowns, of which the island gave almost a third by itself.",
    "Until the new pier is finished in the autumn the ferry will run four times a day.",
    "The mayor promised that schoolchildren would travel free of charge for the whole year.",
)
THRESHOLDS = Thresholds()


def find(paragraphs: Sequence[str], thresholds: Thresholds) -> Repetition:
    return find_in_text(Text.of_lines(paragraphs), thresholds)


def test_nothing_repeats() -> None:
    assert find(STORY, THRESHOLDS) == ((None,) * 5, (None,) * 5, 0.0, None, {})
    assert find((), THRESHOLDS).ratio == 0


def test_paragraph_repeats_its_earliest_match_without_breaking_the_run() -> None:
    others = tuple(f"Something else altogether, number {i}" for i in "abcdef")
    repetition = find((STORY[2], *others, *STORY, *STORY), THRESHOLDS)
    assert repetition.repeats[7:] == (None, None, 0, None, None, 7, 8, 0, 10, 11)
    run = repetition.run
    assert run is not None
    assert (run.later, run.earlier) == ((12, 16), (7, 11))
    assert run.paragraphs == (12, 13, 14, 15, 16)
    assert run.characters == sum(map(len, STORY))


def test_ratio_is_by_characters() -> None:
    repetition = find(("aaaa bbbb cc", "dd", "aaaa bbbb cc"), THRESHOLDS)
    assert repetition.ratio == pytest.approx(12 / 26)
    assert repetition.similarity == (None, None, 1.0)


@pytest.mark.parametrize(
    ("of", "again"),
    [
        (1, STORY[1].upper()),
        (1, STORY[1].replace(" and", " –").rstrip(".")),
        (1, STORY[1].replace("two ", "")),
        (2, STORY[2].replace("1,250,000", "1.250.000")),
        (2, STORY[2].replace("1,250,000", "1 250 000")),
        (2, STORY[2].replace("1,250,000", "1\u202f250\u202f000")),
        (3, STORY[3].replace("the ", "“the” ", 1)),
    ],
)
def test_an_edited_paragraph_repeats(of: int, again: str) -> None:
    assert find((*STORY, again), THRESHOLDS).repeats[5] == of


@pytest.mark.parametrize(
    "again",
    [
        STORY[2].replace("1,250,000", "1,350,000"),
        STORY[1].replace("captain", "mayor").replace("horn", "bell").replace("quay", "pier").replace("two", "six"),
        "stood on the quay and cheered",
    ],
    ids=["another figure", "other words", "a quotation out of it"],
)
def test_what_only_resembles_does_not_repeat(again: str) -> None:
    assert find((*STORY, again), THRESHOLDS).repeats[5] is None


def test_a_heavily_edited_paragraph_repeats_only_within_a_run() -> None:
    edited = STORY[1].replace("Some two hundred people", "A large crowd of islanders")
    assert find((*STORY, edited), THRESHOLDS).repeats[5] is None
    assert find((*STORY, STORY[0], edited, STORY[2]), THRESHOLDS).repeats[5:] == (0, 1, 2)


def test_split_and_joined_paragraphs_repeat() -> None:
    joined = (f"{STORY[0]} {STORY[1]}", f"{STORY[2]} {STORY[3]}", STORY[4])
    repetition = find((*STORY, *joined), THRESHOLDS)
    assert repetition.repeats[5:] == (0, 2, 4)
    assert repetition.run is not None
    assert repetition.run.earlier == (0, 4)
    assert repetition.run.length == 5
    assert find((*joined, *STORY), THRESHOLDS).repeats[3:] == (0, 0, 1, 1, 2)


def test_lines_of_a_form_that_differ_in_their_subject_do_not_repeat() -> None:
    shut = "shut on Thursday, open on Friday and on Saturday from eight to noon and in the evening."
    lines = [f"{what}: {shut}" for what in ("Banks", "Post offices", "Health centres", "The town's library")]
    assert find(lines, THRESHOLDS).repeats == (None,) * 4


def test_a_run_goes_on_over_other_lines() -> None:
    repetition = find((*STORY, STORY[0], "Read more", STORY[1], "- A link", "- Another", STORY[2]), THRESHOLDS)
    assert repetition.run is not None
    assert repetition.run.paragraphs == (5, 7, 10)
    assert repetition.run.earlier == (0, 2)


def test_what_follows_a_repeat_at_a_distance_is_another_run() -> None:
    others = tuple(f"Something else altogether, number {i}" for i in "abcdef")
    repetition = find((*STORY, STORY[0], *others, STORY[1]), THRESHOLDS)
    assert repetition.repeats[5] == 0
    assert repetition.run is not None
    assert repetition.run.paragraphs == (12,)


@pytest.mark.parametrize(
    "texts",
    [
        ["The same words stand here again and again, without end."] * 10_000,
        [
            " ".join("abcdefghij"[: i % 9 + 1]) + f" and word{i} in the middle of the very same text"
            for i in range(10_000)
        ],
        [f"The net profit of unit {i} rose in the last quarter of the year by as much" for i in range(10_000)],
        ["one two three four five six seven", "eight nine ten eleven twelve thirteen"] * 5_000,
        [
            f"{STORY[i % 5]} And this is sentence {chr(97 + i % 26)}{chr(97 + i // 26 % 26)}{i // 676}."
            for i in range(10_000)
        ],
    ],
    ids=["equal", "nearly equal", "figures", "two by two", "alike by fives"],
)
def test_ten_thousand_hostile_paragraphs_take_about_a_second(texts: list[str]) -> None:
    start = time.process_time()
    find(texts, THRESHOLDS)
    assert time.process_time() - start < 6  # on a machine of 2020 0.3 to 0.9 s, in poor company 2.4
