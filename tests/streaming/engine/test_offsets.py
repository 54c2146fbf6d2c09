"""The ledger of offsets, by calling it."""

from __future__ import annotations

from faust.types import TP

from monitor.streaming.engine.landmarks import Landmark, Landmarks
from monitor.streaming.engine.offsets import Ledger

HERE, THERE = TP("articles", 0), TP("articles", 1)
#: The record of each offset; what it is makes no difference.
RECORDS = [object() for _ in range(30)]


def held(*offsets: int) -> Ledger:
    """A ledger that holds the records of these offsets, of two bytes each."""
    ledger = Ledger()
    for now, offset in enumerate(offsets):
        ledger.hold(HERE, offset, RECORDS[offset], 2, now)
    return ledger


def finish(ledger: Ledger, offset: int, now: float = 100, note: str = "") -> None:
    ledger.finish(HERE, offset, RECORDS[offset], now, note)


def test_commits_pass_gaps_but_nothing_in_hand() -> None:
    ledger = held(3, 4, 9, 20)
    assert ledger.committable(HERE) is None
    finish(ledger, 4)
    finish(ledger, 20)
    assert ledger.committable(HERE) is None
    finish(ledger, 3)
    assert ledger.committable(HERE) == 5
    assert ledger.committable(HERE) == 5
    finish(ledger, 9)
    assert ledger.committable(HERE) == 21


def test_partition_that_nothing_was_delivered_of_has_no_offset() -> None:
    ledger = held(1)
    assert ledger.committable(THERE) is None
    assert ledger.note(THERE, 1) == ""
    ledger.committed(THERE)
    ledger.forget([THERE])
    assert ledger.partitions() == (HERE,)


def test_record_of_before_forgetting_does_not_finish_the_one_read_again() -> None:
    ledger, before, again = Ledger(), object(), object()
    ledger.hold(HERE, 0, before, 2, 0)
    ledger.forget([HERE])
    ledger.hold(HERE, 0, again, 2, 1)
    ledger.finish(HERE, 0, before, 2)
    assert ledger.committable(HERE) is None
    ledger.finish(HERE, 0, again, 2)
    assert ledger.committable(HERE) == 1


def test_record_delivered_again_takes_the_place_and_bytes_of_the_first() -> None:
    ledger, first, second = Ledger(), object(), object()
    ledger.hold(HERE, 0, first, 2, 0)
    ledger.hold(HERE, 0, second, 5, 1)
    assert ledger.bytes_in_hand() == 5
    ledger.finish(HERE, 0, first, 2)
    assert ledger.bytes_in_hand() == 5
    ledger.finish(HERE, 0, second, 2)
    ledger.finish(HERE, 0, second, 2)
    assert ledger.bytes_in_hand() == 0


def test_offset_that_is_not_held_cannot_be_finished() -> None:
    ledger = held(0)
    ledger.finish(HERE, 7, RECORDS[7], 1)
    ledger.finish(THERE, 0, RECORDS[0], 1)
    assert ledger.committable(HERE) is None
    assert ledger.bytes_in_hand() == 2


def test_gap_at_the_end_waits_for_records_in_hand() -> None:
    ledger = held(0, 1)
    finish(ledger, 0)
    ledger.pass_gap(HERE, 10, 5)
    assert ledger.committable(HERE) == 1
    finish(ledger, 1)
    assert ledger.committable(HERE) == 10
    ledger.pass_gap(HERE, 10, 6)
    assert ledger.committable(HERE) == 10
    assert ledger.in_hand_since() is None


def test_gap_before_any_record_moves_the_offset() -> None:
    ledger = Ledger()
    ledger.pass_gap(HERE, 4, 5)
    assert ledger.committable(HERE) == 4


def test_gap_that_is_behind_the_last_record_changes_nothing() -> None:
    ledger = held(7)
    ledger.pass_gap(HERE, 7, 5)
    finish(ledger, 7)
    assert ledger.committable(HERE) == 8


def test_note_goes_with_the_offset_after_its_record_only() -> None:
    ledger = held(3, 4, 9)
    finish(ledger, 4, note="second")
    finish(ledger, 3, note="first")
    assert ledger.committable(HERE) == 5
    assert ledger.note(HERE, 5) == "second"
    finish(ledger, 9, note="third")
    assert ledger.committable(HERE) == 10
    assert ledger.note(HERE, 5) == ""
    assert ledger.note(HERE, 10) == "third"


def test_gap_keeps_the_note_before_it() -> None:
    ledger = held(3)
    finish(ledger, 3, note="third")
    ledger.pass_gap(HERE, 13, 5)
    assert ledger.committable(HERE) == 13
    assert ledger.note(HERE, 13) == "third"


def test_oldest_record_in_hand_is_the_first_of_a_partition() -> None:
    ledger = held(0, 1)
    assert ledger.in_hand_since() == 0
    finish(ledger, 1)
    assert ledger.in_hand_since() == 0
    ledger.hold(THERE, 0, RECORDS[0], 2, 7)
    finish(ledger, 0)
    assert ledger.in_hand_since() == 7


def test_commit_is_due_since_the_first_record_that_could_be_committed() -> None:
    ledger = held(0, 1)
    finish(ledger, 1, now=20)
    assert ledger.commit_due_since() is None, "nothing can be committed before the first"
    finish(ledger, 0, now=30)
    assert ledger.commit_due_since() == 30
    assert ledger.committable(HERE) == 2
    assert ledger.commit_due_since() == 30, "asking for the offset commits nothing"
    ledger.committed(HERE)
    assert ledger.commit_due_since() is None
    assert ledger.committable(HERE) == 2
    assert ledger.commit_due_since() is None


def test_forgetting_gives_back_bytes_offset_note_and_times() -> None:
    ledger = held(0, 1)
    finish(ledger, 0, note="first")
    assert ledger.committable(HERE) == 1
    ledger.forget(ledger.partitions())
    assert ledger.partitions() == ()
    assert ledger.bytes_in_hand() == 0
    assert ledger.committable(HERE) is None
    assert ledger.note(HERE, 1) == ""
    assert ledger.in_hand_since() is None
    assert ledger.commit_due_since() is None


def test_log_is_known_by_the_last_two_records_before_the_offset_to_commit() -> None:
    ledger = held(3, 4, 9, 20)
    for offset in (4, 3, 20):
        ledger.finish(HERE, offset, RECORDS[offset], 100, timestamp=offset * 10)
    assert ledger.committable(HERE) == 5
    assert ledger.landmarks(HERE, 5) == Landmarks(5, (Landmark(3, 30), Landmark(4, 40)))
    assert ledger.landmarks(HERE, 4) is None, "they are those of another offset"
    ledger.finish(HERE, 9, RECORDS[9], 100, timestamp=90)
    ledger.pass_gap(HERE, 30, 100)
    assert ledger.committable(HERE) == 30
    assert ledger.landmarks(HERE, 30) == Landmarks(30, (Landmark(9, 90), Landmark(20, 200)))
    ledger.forget([HERE])
    assert ledger.landmarks(HERE, 30) is None


def test_landmarks_of_before_an_assignment_are_kept_until_others_are_finished() -> None:
    ledger = held(7)
    ledger.recall(HERE, Landmarks(7, (Landmark(5, 50), Landmark(6, 60))))
    assert ledger.landmarks(HERE, 7) == Landmarks(7, (Landmark(5, 50), Landmark(6, 60)))
    ledger.finish(HERE, 7, RECORDS[7], 100, timestamp=70)
    assert ledger.committable(HERE) == 8
    assert ledger.landmarks(HERE, 8) == Landmarks(8, (Landmark(6, 60), Landmark(7, 70)))
