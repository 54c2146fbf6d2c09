"""The window holds what is in time and fits, finds what is in it, and drops the oldest slice whole."""

from __future__ import annotations

import time

import numpy as np
import pytest

from monitor.scoring.copies.recent import MOST_RECENT
from monitor.scoring.copies.record import Outlet
from monitor.scoring.copies.signature import Signature
from monitor.scoring.copies.window import SLICES, Window

DRAW = np.random.default_rng(3)


def signature() -> Signature:
    return Signature(np.unique(DRAW.integers(1 << 61, size=40, dtype=np.uint64)), 3, np.zeros(0, np.uint32), 300)


def put(window: Window, signature: Signature, number: int, seconds: float = 0) -> int:
    window.advance(seconds)
    return window.add(signature, np.uint64(number), number, 1, Outlet(id=str(number), source="Morning"))


def filled(window: Window, count: int, seconds: float = 0.0) -> list[Signature]:
    """Articles that come so many seconds apart."""
    made = [signature() for _ in range(count)]
    for number, each in enumerate(made):
        put(window, each, number, number * seconds)
    return made


def test_every_article_is_found_and_only_that() -> None:
    window = Window(60, 1 << 30)
    made = filled(window, 2 * MOST_RECENT + 100, 50 / (2 * MOST_RECENT))
    for number in (0, 5, MOST_RECENT - 1, MOST_RECENT, 2 * MOST_RECENT + 99):
        (found,) = window.search(made[number], 0.5)
        assert (found.common, found.mine, found.theirs) == (40, 40, 40)
        assert window.outlet(found.place).id == str(number)
        assert window.articles_with(np.uint64(number)) == [found.place]
    assert window.search(signature(), 0.5) == []
    assert window.articles == 2 * MOST_RECENT + 100


def test_oldest_slice_is_dropped_whole_by_time() -> None:
    window = Window(60, 1 << 30)
    made = filled(window, 130)
    later = [signature() for _ in range(130)]
    for number, each in enumerate(later):
        put(window, each, number, float(number))
    assert window.slices == SLICES + 1
    assert window.search(made[0], 0.5) == []
    assert window.search(later[20], 0.5) == []
    assert window.search(later[65], 0.5)
    assert window.dropped_articles + window.articles == 260
    assert 60 <= 129 - window.begin < 70


def test_time_that_goes_back_changes_nothing() -> None:
    window = Window(60, 1 << 30)
    first = signature()
    put(window, first, 1, 1000)
    put(window, signature(), 2, 100)
    assert window.slices == 1
    assert window.search(first, 0.5)


def test_bytes_bound_the_window() -> None:
    window = Window(600, 2_500_000)
    filled(window, 4 * MOST_RECENT, 500 / (4 * MOST_RECENT))
    assert window.nbytes < 4_000_000
    assert window.dropped_for_bytes > 0
    assert window.articles < 4 * MOST_RECENT


def test_ten_thousand_of_one_story_are_searched_in_milliseconds() -> None:
    window = Window(float("inf"), 1 << 30)
    one = signature()
    for number in range(10_000):
        put(window, one, number)
    began = time.perf_counter()
    found = window.search(one, 0.5)
    assert time.perf_counter() - began < 0.1
    assert window.outlet(found[0].place).id == "0"
    assert all(each.common == 40 for each in found)


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_tiny_stories_meet_nothing(rows: int) -> None:
    window = Window(60, 1 << 30)
    tiny = Signature(np.arange(rows, dtype=np.uint64), 0, np.zeros(0, np.uint32), rows)
    put(window, tiny, 1)
    assert window.search(tiny, 0.5) == []


def test_place_without_article_says_so() -> None:
    window = Window(60, 1 << 30)
    with pytest.raises(KeyError):
        window.columns(77)
    with pytest.raises(KeyError):
        window.outlet(77)
    assert not window.holds(77)
