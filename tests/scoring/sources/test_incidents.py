"""Incidents of a source against its own habits, and what must not be one."""

from __future__ import annotations

import random

import msgspec
import pytest

from monitor.scoring.sources.clock import StreamClock
from monitor.scoring.sources.decision import Decision
from monitor.scoring.sources.incident import Incident
from monitor.scoring.sources.incidents import NO_HABITS, Habits, Watch
from monitor.scoring.sources.sighting import Sighting
from tests.scoring.sources.habits import DAY, HOUR, MONDAY, WATCH, article, evenly, fed, usual


def broken(
    habits: Habits, first: int, begin: float, *codes: str, days: float = 1, a_day: float = 40
) -> tuple[Habits, list[Incident]]:
    """All articles of a stretch of time have the flags."""
    times = evenly(begin, days, a_day)
    return fed(habits, [(article(first + n, *codes), at) for n, at in enumerate(times)])


def test_break_is_one_incident_with_since_when_share_and_examples() -> None:
    habits, number, begin = usual()
    habits, told = broken(habits, number, begin, "thin")
    assert {incident.id for incident in told} == {told[0].id}
    first = told[0]
    assert (first.source, first.kind, first.code, first.open) == ("Daily", "share", "thin", True)
    assert first.since.timestamp() == begin
    assert (first.before, first.now) == (0.0, 1.0)
    assert first.affected <= 7
    assert [example.id for example in first.examples] == [
        f"Daily-{number}",
        f"Daily-{number + first.affected - 2}",
        f"Daily-{number + first.affected - 1}",
    ]
    assert next(example.offset for example in first.examples) == number
    assert len(told) <= 4
    assert told[-1].affected > 2 * first.affected
    habits, told = broken(habits, number + 40, begin + DAY)
    assert [(incident.open, incident.ending) for incident in told] == [(False, "healed")]
    assert told[0].id == first.id
    assert not habits.open_runs


def test_silence_is_told_when_time_passes_and_ends_with_an_article() -> None:
    habits, number, begin = usual()
    assert WATCH.pass_time(habits, "Daily", begin + 2 * HOUR).incidents == ()
    due = WATCH.due(habits)
    habits, told = WATCH.pass_time(habits, "Daily", due)
    assert [(incident.kind, incident.open, incident.now) for incident in told] == [("silence", True, 0)]
    assert told[0].before > 10
    habits, ended = fed(habits, [(article(number), begin + 2 * DAY)])
    assert {incident.id for incident in ended} == {told[0].id}
    assert [incident.ending for incident in ended if not incident.open] == ["healed"]


def test_silence_is_the_same_whenever_it_is_looked_for() -> None:
    """After a restart time passes anew."""
    habits, _, begin = usual()
    at_once = WATCH.pass_time(habits, "Daily", begin + 20 * DAY)
    step_by_step: list[Incident] = []
    for hour in range(20 * 24):
        habits, told = WATCH.pass_time(habits, "Daily", begin + hour * HOUR)
        step_by_step += told
    assert step_by_step == list(at_once.incidents)[: len(step_by_step)]


def test_source_that_stops_for_good_is_forgotten_after_a_month() -> None:
    habits, _, begin = usual()
    habits, told = WATCH.pass_time(habits, "Daily", begin + 100 * DAY)
    assert told[-1].ending == "forgotten"
    assert len({incident.id for incident in told}) == 1
    assert not habits.open_runs


def test_source_that_is_always_bad_is_no_incident() -> None:
    _, told = fed(NO_HABITS, [(article(n, *(["thin"] if n % 10 < 9 else [])), MONDAY + n * HOUR) for n in range(3000)])
    assert not told


def test_cold_start_is_no_incident() -> None:
    draw = random.Random(1)
    seen = [(article(n, *(["thin"] if draw.random() < 0.7 else [])), MONDAY + n * HOUR) for n in range(400)]
    assert not fed(NO_HABITS, seen)[1]


def test_new_thresholds_restart_habits_softly() -> None:
    seen = [(article(n), MONDAY + n * HOUR) for n in range(400)]
    habits, told = fed(NO_HABITS, seen, judged_by=1)
    # From now on the same articles are flagged; while workers are upgraded, old and new take turns.
    for n in range(400, 800):
        new = n > 440 or n % 2
        habits, more = fed(
            habits, [(article(n, *(["thin"] if new else [])), MONDAY + n * HOUR)], judged_by=2 if new else 1
        )
        told += more
    assert not told
    # The habit is still watched.
    habits, told = fed(
        habits, [(article(n, "markup", "thin"), MONDAY + n * HOUR) for n in range(800, 840)], judged_by=2
    )
    assert next((incident.kind, incident.code) for incident in told if incident.open) == ("share", "markup")


def test_open_incident_outlives_new_thresholds() -> None:
    habits, number, begin = usual()
    habits, _ = broken(habits, number, begin, "thin")
    habits, more = fed(
        habits, [(article(number + 40 + n, "thin"), begin + DAY + n * HOUR) for n in range(4)], judged_by=7
    )
    assert all(incident.open for incident in more)
    assert habits.open_runs


@pytest.mark.parametrize("codes", [(), ("thin",)])
def test_one_article_ten_thousand_times_is_no_incident(codes: tuple[str, ...]) -> None:
    habits, number, begin = usual()
    habits, told = fed(habits, [(article(number, *codes), begin + n) for n in range(10_000)])
    assert not told
    assert not WATCH.pass_time(habits, "Daily", begin + 10_000).incidents


def test_batch_that_is_sent_over_and_over_is_no_incident() -> None:
    habits, number, begin = usual()
    seen = [(article(number + n % 50, *(["thin"] if n % 50 < 4 else [])), begin + n * 10) for n in range(10_000)]
    assert not fed(habits, seen)[1]


def test_article_a_month_is_no_incident() -> None:
    habits, told = fed(NO_HABITS, [(article(n, "thin"), MONDAY + n * 30 * DAY) for n in range(60)])
    assert not told
    assert not WATCH.pass_time(habits, "Daily", MONDAY + 61 * 30 * DAY).incidents


@pytest.mark.parametrize("shift", [-DAY, 400 * DAY, -400 * DAY])
def test_clock_that_jumps_is_no_incident(shift: float) -> None:
    habits, number, begin = usual()
    times = [*evenly(begin, 1, 40), *(at + shift for at in evenly(begin + DAY, 1, 40)), *evenly(begin + 2 * DAY, 5, 40)]
    seen = [(article(number + n), at) for n, at in enumerate(times)]
    told: list[Incident] = []
    clock = StreamClock()
    for sighting, at in seen:
        habits, more = WATCH.see(habits, sighting, at, time=clock.time)
        clock.advance(("articles", 0), at, 1e12)
        told += more
    assert not told
    assert not WATCH.pass_time(habits, "Daily", clock.time).incidents


def test_articles_out_of_order_by_a_day_are_no_incident() -> None:
    habits, number, begin = usual()
    draw = random.Random(3)
    times = [at - DAY * (draw.random() < 0.3) for at in evenly(begin, 10, 40)]
    assert not fed(habits, [(article(number + n), at) for n, at in enumerate(times)])[1]


def test_day_of_backlog_gives_what_the_day_itself_gave() -> None:
    """The articles' times are those of their arrival, however late they are scored."""
    habits, number, begin = usual()
    seen = [(article(number + n), at) for n, at in enumerate(evenly(begin, 1, 40))]
    assert not fed(habits, seen)[1]


def test_closed_by_a_person_what_is_wrong_is_usual() -> None:
    habits, number, begin = usual()
    habits, told = broken(habits, number, begin, "thin")
    word = Decision(source="Daily", incident=told[0].id, close=True, person="Ann")
    habits, closed = WATCH.decide(habits, "Daily", word, begin + DAY)
    assert [(incident.open, incident.ending, incident.person) for incident in closed] == [(False, "person", "Ann")]
    habits, told = broken(habits, number + 40, begin + DAY, "thin", days=5)
    assert not told


def test_closed_and_muted_by_two_people_at_once_is_closed() -> None:
    habits, number, begin = usual()
    habits, told = broken(habits, number, begin, "thin")
    close = Decision(source="Daily", incident=told[0].id, close=True, person="Ann")
    mute = Decision(source="Daily", incident=told[0].id, muted_until=begin + 9 * DAY, person="Bo", note="known")
    closed_first = WATCH.decide(habits, "Daily", close, begin + DAY)
    assert WATCH.decide(closed_first.habits, "Daily", mute, begin + DAY).incidents == ()
    muted_first = WATCH.decide(habits, "Daily", mute, begin + DAY)
    assert [(each.open, each.muted(each.updated)) for each in muted_first.incidents] == [(True, True)]
    (closed,) = WATCH.decide(muted_first.habits, "Daily", close, begin + DAY).incidents
    assert not closed.open
    assert muted_first.habits.open_runs[0].muted_until == begin + 9 * DAY


def test_decision_on_another_incident_changes_nothing() -> None:
    habits, number, begin = usual()
    habits, _ = broken(habits, number, begin, "thin")
    other = Decision(source="Daily", incident="0123456789", close=True)
    assert WATCH.decide(habits, "Daily", other, begin + DAY) == (habits, ())


def test_habits_are_small_and_read_as_they_were_written() -> None:
    habits, _, _ = usual(28, 40, "thin", "truncated", every=30)
    data = msgspec.msgpack.encode(habits)
    assert len(data) < 700
    assert msgspec.msgpack.decode(data, type=Habits) == habits


def test_habits_stay_bounded_whatever_flags_come() -> None:
    seen = [
        (
            Sighting(
                id="x" * 1000 + str(n),
                source="Daily",
                topic="t" * 200,
                flags=tuple((f"code {n % 100} {i}", 1.0) for i in range(30)),
            ),
            MONDAY + n * HOUR,
        )
        for n in range(2000)
    ]
    habits, _ = fed(NO_HABITS, seen)
    assert len(msgspec.msgpack.encode(habits)) < 14_000


def test_closer_watch_tells_sooner() -> None:
    habits, number, begin = usual()
    seen = [(article(number + n, *(["thin"] if n % 2 else [])), begin + n * HOUR) for n in range(200)]
    (often, *_), (seldom, *_) = (fed(habits, seen, Watch(rate))[1] for rate in (1.0, 1e-6))
    assert often.opened < seldom.opened


def test_forgotten_source_has_its_incidents_closed() -> None:
    habits, number, begin = usual()
    habits, told = broken(habits, number, begin, "thin")
    (closed,) = WATCH.forget(habits, "Daily", begin + DAY)
    assert (closed.id, closed.open, closed.ending) == (told[0].id, False, "forgotten")
