"""The time of a stream, whatever its clocks do."""

from __future__ import annotations

from monitor.scoring.sources.clock import StreamClock, arrived

DAY = 86_400.0
HERE, THERE = ("articles", 0), ("articles", 1)


def test_time_follows_the_articles() -> None:
    clock = StreamClock()
    assert [clock.advance(HERE, at, at) for at in (100.0, 160.0, 150.0, 200.0)] == [100, 160, 160, 200]


def test_article_from_the_future_arrived_when_it_was_scored() -> None:
    assert arrived(10**15, 100.0) == 100.0
    assert arrived(50_000, 100.0) == 50.0
    assert arrived(0, 100.0) == 100.0


def test_backlog_is_as_far_as_its_slowest_partition() -> None:
    clock = StreamClock()
    clock.advance(HERE, 0.0, DAY)
    clock.advance(THERE, 0.0, DAY)
    for n in range(100):
        clock.advance(HERE, n * 600.0, DAY + n)
    assert clock.time == 0.0
    assert clock.advance(THERE, 5000.0, DAY + 100) <= 5000.0


def test_partition_that_brings_nothing_more_is_not_waited_for() -> None:
    clock = StreamClock()
    clock.advance(THERE, 0.0, 0.0)
    for n in range(100):
        clock.advance(HERE, n * 60.0, n * 60.0)
    assert clock.time == 99 * 60.0


def test_gap_of_all_sources_is_passed_as_slowly_as_articles_follow() -> None:
    clock = StreamClock()
    clock.advance(HERE, 0.0, 0.0)
    assert clock.advance(HERE, DAY, DAY) <= 3600
    for n in range(1, 6 * 60):
        clock.advance(HERE, DAY + n * 60.0, DAY + n * 60.0)
    assert clock.time < DAY
    for n in range(6 * 60, 25 * 60):
        clock.advance(HERE, DAY + n * 60.0, DAY + n * 60.0)
    assert clock.time == DAY + (25 * 60 - 1) * 60.0


def test_clock_that_was_a_year_ahead_is_forgotten() -> None:
    clock = StreamClock()
    for n in range(100):
        clock.advance(HERE, n * 60.0, 1e9)
    clock.advance(HERE, 365 * DAY, 1e9)
    for n in range(100, 300):
        clock.advance(HERE, n * 60.0, 1e9)
    assert 250 * 60 < clock.time < 300 * 60


def test_articles_a_day_out_of_order_change_nothing() -> None:
    clock = StreamClock()
    for n in range(300):
        clock.advance(HERE, 2 * DAY + n * 60.0, 1e9)
        clock.advance(HERE, DAY + n * 60.0, 1e9)
    assert clock.time == 2 * DAY + 299 * 60.0
