"""Articles over processes: in order, whatever becomes of one of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from monitor.articles.article import Article
from monitor.articles.errors import Reason, Undecodable
from monitor.library.processes import TOGETHER, WAITING, Item, NotScored, Outcome, Score, outcomes
from monitor.scoring.verdict import Verdict


def verdict(article: Article) -> Verdict:
    """Stands in for a scorer: fails on one text, and is killed by another."""
    if article.text == "fail":
        raise ValueError("a text")
    if article.text == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    ratios = {"words": 1, "repetition": 0, "boilerplate": 0, "bad": False, "flags": (), "paragraphs": ()}
    about = {"url": None, "title": None, "published_at": None, "scored_at": now, "version": "1", "language": None}
    return Verdict(id=article.id, source="a", **about, **ratios)  # type: ignore[arg-type]


def make_verdict() -> Score:
    return verdict


def items(texts: list[str]) -> list[Item]:
    return [Item(f"line {number}", Article(id=str(number), text=text)) for number, text in enumerate(texts)]


def ids(scored: list[Outcome]) -> list[str]:
    return [outcome.verdict.id if isinstance(outcome.verdict, Verdict) else str(outcome.verdict) for outcome in scored]


@pytest.mark.parametrize("jobs", [1, 2])
def test_outcomes_come_in_the_order_of_the_items(jobs: int) -> None:
    scored = list(outcomes(items(["a"] * 100), make_verdict, jobs))
    assert ids(scored) == [str(number) for number in range(100)]
    assert [outcome.origin for outcome in scored] == [f"line {number}" for number in range(100)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_article_that_fails_is_one_outcome_and_the_rest_goes_on(jobs: int) -> None:
    given = [*items(["a", "fail", "b"]), Item("line 3", Undecodable(Reason.EMPTY, "cut off"))]
    scored = list(outcomes(given, make_verdict, jobs))
    assert ids(scored) == ["0", "could not be scored: ValueError: a text", "2", "cut off"]
    assert isinstance(scored[1].verdict, NotScored)
    assert scored[3].article is None


def test_article_that_ends_its_process_is_named_and_the_rest_goes_on() -> None:
    scored = list(outcomes(items(["a"] * 20 + ["kill"] + ["a"] * 20), make_verdict, 2))
    expected = [str(number) for number in range(41)]
    expected[20] = "could not be scored: the process that scored it ended, twice"
    assert ids(scored) == expected


def test_no_more_is_taken_than_the_processes_can_hold() -> None:
    taken = 0

    def endless() -> Iterator[Item]:
        nonlocal taken
        while True:
            taken += 1
            yield Item("line", Article(id="a", text="a"))

    scored = outcomes(endless(), make_verdict, 2)
    assert isinstance(next(scored).verdict, Verdict)
    assert taken <= (2 * WAITING + 1) * TOGETHER
    scored.close()
