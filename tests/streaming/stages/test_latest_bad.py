"""The latest bad verdicts, for the page."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.scoring.verdict import ParagraphVerdict, Verdict
from monitor.streaming.stages.latest_bad import KEPT, LatestBad

PARAGRAPH = ParagraphVerdict(0, 1, None, None, 0.5, False)


def verdict(number: int, bad: bool) -> Verdict:
    return Verdict(
        id=str(number), source="Lantern", url=None, title=None, published_at=None,
        scored_at=datetime(2026, 1, 1, tzinfo=UTC), version="0", language=None, words=1, repetition=0.5,
        boilerplate=0.5, bad=bad, flags=(), paragraphs=(PARAGRAPH,),
    )  # fmt: skip


def test_only_bad_verdicts_are_kept_without_paragraphs_the_latest_first() -> None:
    latest_bad = LatestBad()
    for number in range(4):
        latest_bad.add(verdict(number, bad=number % 2 == 1))
    assert [kept.id for kept in latest_bad.latest()] == ["3", "1"]
    assert all(kept.paragraphs == () for kept in latest_bad.latest())
    assert latest_bad.counts() == (4, 2)


def test_number_kept_is_bounded_and_all_are_counted() -> None:
    latest_bad = LatestBad()
    for number in range(KEPT + 10):
        latest_bad.add(verdict(number, bad=True))
    assert len(latest_bad.latest()) == KEPT
    assert latest_bad.latest()[0].id == str(KEPT + 9)
    assert latest_bad.counts() == (KEPT + 10, KEPT + 10)
