"""How often the server may be asked, and how much of the worker looking at it takes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from monitor.web import limits
from monitor.web.kept.counts import SourceCount
from monitor.web.limits import Kept, KeptPages, Rate
from tests.web.site import Site


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_turns_are_given_one_after_the_other() -> None:
    clock = Clock()
    rate = Rate(10, clock)
    assert [rate.turn(1.0) for _ in range(20)] == [0.0] * 20
    assert [rate.turn(1.0) for _ in range(3)] == pytest.approx([0.1, 0.2, 0.3])
    clock.now += 0.3
    assert rate.turn(1.0) == pytest.approx(0.1)


def test_a_turn_too_far_away_is_not_taken() -> None:
    clock = Clock()
    rate = Rate(10, clock)
    given = [rate.turn(0.5) for _ in range(100)]
    assert given.count(None) == 100 - 20 - 5
    clock.now += 10
    assert rate.turn(0.5) == 0.0


def test_what_is_kept_is_made_once_a_second() -> None:
    clock, results = Clock(), []
    kept = Kept(lambda: results.append(1) or len(results), clock=clock)  # type: ignore[func-returns-value]
    assert [kept.get(), kept.get()] == [1, 1]
    clock.now += 1.01
    assert kept.get() == 2


def test_what_takes_long_to_make_is_kept_longer() -> None:
    clock, results = Clock(), []

    def slow() -> int:
        clock.now += 0.35
        results.append(1)
        return len(results)

    kept = Kept(slow, times=20.0, longest=15.0, clock=clock)
    assert kept.get() == 1
    clock.now += 6.9
    assert kept.get() == 1
    clock.now += 0.2
    assert kept.get() == 2


def test_pages_are_kept_by_address_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    kept = KeptPages(clock)
    assert kept.get("/a") is None
    assert kept.put("/a", lambda: b"one") == b"one"
    assert kept.get("/a") == b"one"
    assert kept.get("/b") is None
    clock.now += 1.01
    assert kept.get("/a") is None
    monkeypatch.setattr(limits, "MOST_PAGES", 3)
    for number in range(5):
        kept.put(f"/{number}", lambda: b"page")
    assert [kept.get(f"/{number}") for number in range(5)] == [None, None, b"page", b"page", b"page"]
    monkeypatch.setattr(limits, "MOST_BYTES", 10)
    kept.put("/large", lambda: b"1234567")
    assert kept.get("/4") is None
    assert kept.get("/large") == b"1234567"


def test_page_and_metrics_are_drawn_once_however_often_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[float] = []
    hour = site.board.counts.hour

    def counted(now: float) -> SourceCount:
        drawn.append(1)
        return hour(now)

    monkeypatch.setattr(site.board.counts, "hour", counted)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: site.ask("/")[0], range(30)))
    assert answers == [200] * 30
    assert 1 <= len(drawn) <= 3


def test_client_in_a_loop_waits_and_is_refused_at_last(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LONGEST_WAIT", 0.2)
    with ThreadPoolExecutor(60) as pool:
        answers = list(pool.map(lambda _: site.ask("/metrics")[0], range(120)))
    assert answers.count(200) >= 40
    assert answers.count(429) > 0
    assert site.ask("/healthz") == (200, "ok\n")


def test_article_is_fetched_once_however_often_asked(site: Site) -> None:
    place = site.topics.article(id="a", source="Lantern", content="Few.")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: site.ask(f"/article/articles-0@{place.offset}")[0], range(16)))
    assert answers == [200] * 16
    assert site.topics.fetched <= 4, "the article and its verdict, once a second"
