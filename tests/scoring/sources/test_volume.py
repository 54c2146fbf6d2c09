"""A source's volume: silence and flood by its own hours, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec
import numpy as np
import pytest

from monitor.scoring.sources.volume import Limits, Volume
from tests.scoring.sources.habits import DAY, HOUR, MONDAY, evenly

LIMITS = Limits.of(40 * 365, 0.005)


def sent(times: Iterable[float], volume: Volume | None = None) -> Volume:
    for at in times:
        volume = volume.see(at, LIMITS, None) if volume is not None else Volume.begin(at)
        assert volume.flood is None or not volume.flood.is_open, at
    assert volume is not None
    return volume


def floods(times: Iterable[float], volume: Volume | None = None) -> list[float]:
    """When each flood began that was told, by the start of its run."""
    found: list[float] = []
    for at in times:
        volume = volume.see(at, LIMITS, None) if volume is not None else Volume.begin(at)
        if volume.flood is not None and volume.flood.is_open and volume.flood.since not in found:
            found.append(volume.flood.since)
    return found


def drawn(days: float, a_day: float, seed: int = 1, begin: float = MONDAY) -> list[float]:
    """Times that are independent of each other."""
    draw = np.random.default_rng(seed)
    times: list[float] = np.sort(begin + draw.uniform(0, days * DAY, draw.poisson(days * a_day))).tolist()
    return times


def test_usual_articles_of_a_week_are_those_that_came() -> None:
    volume = sent(evenly(MONDAY, 42, 48))
    assert volume.usual(MONDAY + 42 * DAY, MONDAY + 49 * DAY) == pytest.approx(7 * 48, rel=0.05)
    assert volume.articles_a_year == pytest.approx(365 * 48, rel=0.05)


def test_week_is_that_of_the_source() -> None:
    office = [at for at in evenly(MONDAY, 56, 240) if (at - MONDAY) // DAY % 7 < 5 and 8 <= at % DAY / HOUR < 18]
    week = sent(office).week().reshape(7, 24)
    assert week[0].sum() == pytest.approx(100, rel=0.1)
    assert week[5:].sum() < 5
    assert week[0, :7].sum() < 2


def test_silence_is_due_when_enough_is_missing() -> None:
    volume = sent(drawn(56, 240))
    due = volume.silent_at(LIMITS)
    assert 10 < volume.usual(volume.last, due) < 30
    assert due - volume.last < 4 * HOUR


def test_night_and_weekend_are_no_silence() -> None:
    office = [at for at in drawn(54, 300) if (at - MONDAY) // DAY % 7 < 5 and 8 <= at % DAY / HOUR < 18]
    volume = sent(office)
    monday = MONDAY + 56 * DAY
    assert monday + 8 * HOUR < volume.silent_at(LIMITS) < monday + 18 * HOUR


def test_source_that_sends_once_a_day_is_not_silent_between() -> None:
    batches = [MONDAY + day * DAY + 6.5 * HOUR + n for day in range(60) for n in range(200)]
    volume = sent(batches)
    assert volume.silent_at(LIMITS) > volume.last + 1.1 * DAY


@pytest.mark.parametrize("a_day", [1 / 30, 1 / 7, 1.0])
def test_source_of_few_articles_is_not_silent_for_days(a_day: float) -> None:
    assert sent(evenly(MONDAY, 120, a_day)).silent_at(LIMITS) > MONDAY + 120 * DAY + 3 * DAY


@pytest.mark.parametrize("a_day", [0.3, 0.5, 1, 2, 5])
def test_new_source_may_send_nothing_on_any_day(a_day: float) -> None:
    for seed in range(40):
        volume = sent(drawn(60, a_day, seed))
        assert volume.articles_a_year < 3 * 365 * a_day


def test_empty_day_after_the_first_learned_one_leaves_a_week() -> None:
    volume = sent(MONDAY + day * DAY + 10 * HOUR for day in (0, 1, 3))
    assert volume.days
    assert not volume.hours
    assert volume.week().reshape(7, 24).sum(1).tolist() == pytest.approx([0, 0.002, 0, 0, 0, 0, 0])
    sent([MONDAY + 4 * DAY], volume)


def test_new_source_is_not_silent() -> None:
    assert sent(drawn(14, 100)).silent_at(LIMITS) == math.inf


def test_silence_grows_and_is_forgotten_after_a_month() -> None:
    volume = sent(drawn(42, 100))
    dues = []
    while volume.due(LIMITS) < MONDAY + 200 * DAY:
        dues.append(volume.due(LIMITS))
        volume = volume.pass_time(LIMITS, None)
    assert dues == sorted(dues)
    assert 3 < len(dues) < 20
    assert (volume.silence, volume.days) == (None, b"")


def test_doubled_volume_is_a_flood_within_a_day_and_then_over() -> None:
    volume = sent(drawn(42, 240))
    opened = over = None
    for at in [*drawn(2, 480, 2, MONDAY + 42 * DAY), *drawn(3, 240, 3, MONDAY + 44 * DAY)]:
        volume = volume.see(at, LIMITS, None)
        if volume.flood is not None and volume.flood.is_open:
            opened = opened or at
        elif opened:
            over = over or at
    assert opened is not None
    assert over is not None
    assert opened < MONDAY + 43 * DAY
    assert MONDAY + 44 * DAY < over < MONDAY + 45.5 * DAY
    assert volume.usual(MONDAY, MONDAY + 7 * DAY) == pytest.approx(7 * 240, rel=0.15)


def test_burst_of_three_hours_is_no_flood() -> None:
    volume = sent(drawn(42, 240))
    burst = [*drawn(0.125, 4000, 2, MONDAY + 42 * DAY), *drawn(2, 240, 3, MONDAY + 42.125 * DAY)]
    assert not floods(burst, volume)


def test_flood_of_a_week_is_usual_then() -> None:
    volume = sent(drawn(42, 240))
    for at in drawn(16, 720, 2, MONDAY + 42 * DAY):
        volume = volume.see(at, LIMITS, None)
    assert volume.flood is None or not volume.flood.is_open
    assert volume.usual(MONDAY, MONDAY + 7 * DAY) > 7 * 480


def test_volume_that_doubles_slowly_is_no_flood() -> None:
    times = [at for week in range(24) for at in drawn(7, 100 * 1.04**week, week, MONDAY + week * 7 * DAY)]
    volume = sent(times)
    assert volume.usual(MONDAY, MONDAY + 7 * DAY) == pytest.approx(7 * 100 * 1.04**23, rel=0.2)


def test_articles_of_yesterday_change_nothing() -> None:
    volume = sent(drawn(42, 240))
    late = [volume.see(at, LIMITS, None) for at in drawn(0.5, 1000, 2, volume.last - 1.6 * DAY)]
    assert all(each.last == volume.last and each.week().tolist() == volume.week().tolist() for each in late)


def test_clock_that_was_ahead_is_forgotten() -> None:
    volume = sent(drawn(42, 240))
    volume = volume.see(volume.last + 25 * DAY, LIMITS, None)
    for at in drawn(2, 240, 2, MONDAY + 42 * DAY):
        volume = volume.see(at, LIMITS, None)
    assert MONDAY + 43 * DAY < volume.last < MONDAY + 44 * DAY
    assert volume.silent_at(LIMITS) < MONDAY + 45 * DAY


def test_weekday_learned_from_holidays_is_no_flood_for_ever() -> None:
    """Holidays on the first Mondays: the later ones were floods for ever, since such a day taught nothing."""
    holidays = {0, 7, 14, 21}
    times = [at for day in range(140) for at in evenly(MONDAY + day * DAY, 1, 60 if day in holidays else 240)]
    begun = floods(times)
    assert begun
    assert max(begun) < MONDAY + 84 * DAY


def test_hours_after_a_day_with_a_flood_are_compared_with_what_it_taught() -> None:
    volume = sent(drawn(56, 40))
    suspect = msgspec.structs.replace(volume, undisturbed=False)
    busy = MONDAY + 56 * DAY
    for at in evenly(busy, 1, 100):
        suspect = suspect.see(at, LIMITS, None)
        suspect = msgspec.structs.replace(suspect, undisturbed=False)
    before = suspect.week()
    after = suspect.see(busy + DAY, LIMITS, None)
    assert after.week()[:24].sum() > 1.1 * before[:24].sum()
    assert after.busiest == after.week().max()


def test_level_does_not_follow_a_flood_before_it_is_told() -> None:
    """A source of 30 articles a day, doubled for five days: told after two or three of them."""
    told = 0
    for seed in range(20):
        usual = drawn(112, 30, seed)
        more = drawn(5, 30, seed + 100, MONDAY + 90 * DAY)
        told += any(begin > MONDAY + 88 * DAY for begin in floods(sorted(usual + more)))
    assert told >= 18


def test_first_hour_of_the_morning_is_no_batch() -> None:
    """Four hours of four times the usual, behind a night without articles, are a burst and no flood."""
    office = [at for at in drawn(70, 600) if 8 <= at % DAY / HOUR < 20]
    morning = [at for at in drawn(1, 2400, 2, MONDAY + 63 * DAY) if 8 <= at % DAY / HOUR < 12]
    assert not floods(sorted(office + morning))


def test_two_bursts_of_one_day_are_no_flood() -> None:
    volume = sent(drawn(42, 240))
    begin = MONDAY + 42 * DAY
    bursts = [drawn(0.29, 960, 2 + part, begin + part * 0.33 * DAY) for part in range(2)]
    between = drawn(0.04, 240, 4, begin + 0.29 * DAY)
    assert not floods([*bursts[0], *between, *bursts[1], *drawn(2, 240, 5, begin + 0.62 * DAY)], volume)


def test_days_that_scatter_are_learned_and_ask_for_more_evidence() -> None:
    steady, scattered = sent(drawn(70, 240)), None
    for day in range(70):
        for at in drawn(1, 240 * (1.4 if day % 3 == 0 else 0.8), day, MONDAY + day * DAY):
            scattered = scattered.see(at, LIMITS, None) if scattered is not None else Volume.begin(at)
    assert scattered is not None
    assert steady.scatter < 2
    assert scattered.scatter > 5
