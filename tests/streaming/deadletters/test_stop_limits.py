"""The limits of dead letters: what is counted, when one is crossed, what a note keeps; no broker."""

from __future__ import annotations

import random

from monitor.settings import Settings
from monitor.streaming.deadletters.stop_limits import StopLimits, Tally

BAD, READ, TOMBSTONE = "not_json", None, "tombstone"


def stopped_at(limits: StopLimits, *reasons: str | None) -> int | None:
    """At which record, counted from 1, the worker stops."""
    seen = Tally()
    for number, reason in enumerate(reasons, 1):
        seen = limits.after(seen, reason)
        if limits.crossed(seen):
            return number
    return None


def test_run_stops_past_its_limit_and_a_handled_record_ends_it() -> None:
    limits = StopLimits(consecutive=3, ratio=0, records=10)
    assert stopped_at(limits, *[BAD] * 3) is None
    assert stopped_at(limits, *[BAD] * 4) == 4
    assert stopped_at(limits, BAD, BAD, BAD, READ, BAD, BAD, BAD) is None


def test_a_ratio_stops_past_its_limit_over_the_last_records_only() -> None:
    limits = StopLimits(consecutive=0, ratio=0.5, records=10)
    assert stopped_at(limits, *[BAD] * 9) is None, "fewer records than it is taken over"
    assert stopped_at(limits, *[BAD] * 10) == 10
    assert stopped_at(limits, *[BAD, READ] * 50) is None
    assert stopped_at(limits, *[READ] * 100, *[BAD] * 6) == 106


def test_a_record_that_is_read_never_crosses() -> None:
    limits = StopLimits(consecutive=0, ratio=0.5, records=4)
    seen = Tally(0, 0b1110, 4)
    assert limits.crossed(limits.after(seen, READ)) is None
    assert limits.crossed(limits.after(seen, BAD)) is not None


def test_tombstones_neither_count_nor_end_a_run() -> None:
    limits = StopLimits(consecutive=3, ratio=0.5, records=4)
    assert stopped_at(limits, *[TOMBSTONE] * 1000) is None
    assert stopped_at(limits, BAD, BAD, TOMBSTONE, BAD, TOMBSTONE, BAD) == 6


def test_default_limits_let_a_third_of_poison_through() -> None:
    settings = Settings()
    limits = StopLimits(settings.dead_letter_consecutive, settings.dead_letter_ratio, settings.dead_letter_records)
    chance = random.Random(1)
    assert stopped_at(limits, *(BAD if chance.random() < 0.35 else READ for _ in range(20_000))) is None
    assert stopped_at(limits, *[BAD] * 600) == 501
    assert stopped_at(limits, *([BAD] * 9 + [READ]) * 200) == 1001


def test_what_a_note_keeps_is_counted_on() -> None:
    limits = StopLimits(consecutive=500, ratio=1.0, records=1000)
    seen = Tally()
    for reason in ([BAD] * 7 + [READ, TOMBSTONE]) * 200 + [BAD] * 500:
        again = Tally.from_note(seen.note())
        assert again == seen
        seen = limits.after(again, reason)
    assert len(seen.note()) < 300
    assert limits.crossed(seen) is None
    assert limits.crossed(limits.after(Tally.from_note(seen.note()), BAD)) == (
        "501 dead letters in a row, more than dead_letter_consecutive = 500"
    )


def test_a_note_of_something_else_is_nothing_seen() -> None:
    assert Tally().note() == ""
    for note in ("", "moved by hand", "dead letters: x y z", "dead letters: 1 2", "dead letters: ١ 2 3"):
        assert Tally.from_note(note) == Tally()


def test_dead_letters_under_a_limit_off_are_not_counted_later() -> None:
    off, on = StopLimits(0, 0, 10), StopLimits(3, 0.5, 10)
    seen = Tally()
    for _ in range(100):
        seen = off.after(seen, BAD)
    assert seen.note() == ""
    assert on.crossed(on.after(seen, BAD)) is None
