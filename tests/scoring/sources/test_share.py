"""The share of affected articles: told soon when it breaks, and not otherwise."""

from __future__ import annotations

import random

import pytest

from monitor.scoring.sources.share import Share, threshold

LIMIT = threshold(7300, 0.005)


def learned(articles: int, affected: int) -> Share:
    return Share().learn(articles, affected)


def until_told(share: Share, affected: list[bool]) -> int | None:
    """The affected articles until it is told."""
    for n, each in enumerate(affected):
        share = share.see(each, float(n), None, LIMIT)
        if share.is_open:
            return sum(affected[: n + 1])
    return None


def test_all_bad_is_told_within_seven_articles() -> None:
    assert (until_told(learned(500, 5), [True] * 20) or 99) <= 7


@pytest.mark.parametrize("before", [0, 5, 10])
def test_half_bad_is_told_within_ten_bad_nine_times_of_ten(before: int) -> None:
    draw = random.Random(before)
    counts = [until_told(learned(500, before), [draw.random() < 0.5 for _ in range(200)]) or 999 for _ in range(400)]
    assert sorted(counts)[359] <= 10


def test_source_that_was_always_bad_is_no_incident() -> None:
    assert until_told(learned(500, 300), [n % 5 < 3 for n in range(2000)]) is None
    assert until_told(learned(500, 500), [True] * 2000) is None


def test_share_far_above_a_high_usual_one_is_told() -> None:
    assert until_told(learned(500, 100), [True] * 100) is not None


def test_usual_bad_copies_are_never_told() -> None:
    draw = random.Random(1)
    assert until_told(learned(500, 10), [draw.random() < 0.02 for _ in range(100_000)]) is None


def test_four_bad_copies_in_a_row_are_no_incident() -> None:
    assert until_told(learned(500, 0), [True] * 4 + [False] * 100) is None


def test_incident_begins_with_its_first_bad_copy_and_ends_with_good_ones() -> None:
    share = learned(500, 5)
    for n in range(100):
        share = share.see(n >= 20, float(n), None, LIMIT)
    assert share.run is not None
    assert share.run.since == 20
    assert (share.run.articles, share.run.affected) == (80, 80)
    for n in range(100, 140):
        share = share.see(False, float(n), None, LIMIT)
    assert share.run is None
    assert share.usual().mean == pytest.approx(0.01, abs=0.002)


def test_incident_is_not_learned_however_long_it_goes_on() -> None:
    share = learned(500, 5)
    for n in range(5000):
        share = share.see(n % 2 == 0, float(n), None, LIMIT)
    assert share.is_open
    assert share.usual().mean == pytest.approx(0.01, abs=0.002)


def test_accepted_share_is_usual_from_then_on() -> None:
    share = learned(500, 5)
    for n in range(100):
        share = share.see(True, float(n), None, LIMIT)
    assert until_told(share.accept(), [True] * 100) is None


def test_habit_follows_a_slow_drift() -> None:
    share = learned(500, 5)
    draw = random.Random(3)
    for n in range(20_000):
        share = share.see(draw.random() < 0.01 + n / 20_000 * 0.06, float(n), None, LIMIT)
        assert not share.is_open
    assert share.usual().mean > 0.05
