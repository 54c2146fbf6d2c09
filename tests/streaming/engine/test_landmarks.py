"""By which records a log is known again, by calling it."""

from __future__ import annotations

import pytest

from monitor.streaming.engine.landmarks import Landmark, Landmarks, split

NOTED = Landmarks(9, (Landmark(5, 500), Landmark(7, 700)))


@pytest.mark.parametrize(
    "rest", ["", "dead letters: 1 2 3", "held 9 since 7 for malformed by a:80; dead letters: 1 2 3"]
)
def test_note_gives_back_the_landmarks_and_what_stands_after_them(rest: str) -> None:
    assert split(NOTED.note() + rest, 9) == (NOTED, rest)


def test_note_of_another_offset_has_no_landmarks() -> None:
    assert split(NOTED.note() + "rest", 10) == (None, "rest")


@pytest.mark.parametrize("note", ["", "dead letters: 1 2 3", "log 9: ; ", "log 9: 5@x; "])
def test_note_without_landmarks_is_left_whole(note: str) -> None:
    assert split(note, 9) == (None, note)


@pytest.mark.parametrize(
    ("found", "other"),
    [
        ([(5, 500), (7, 700)], False),
        ([(7, 700)], False),  # retention deleted the first, or it was compacted away
        ([], False),
        ([(5, 500), (7, 701)], True),
        ([(5, 501)], True),  # the second is a marker of a transaction there
        ([(5, 500), (6, 600), (7, 700)], True),
        ([(5, 500), (7, 700), (8, 800)], True),  # nothing stood between the last and the committed offset
    ],
)
def test_log_is_another_where_a_record_is_not_among_the_landmarks(found: list[tuple[int, int]], other: bool) -> None:
    assert NOTED.is_other_log([Landmark(*record) for record in found]) is other
