"""A source that lays its articles out otherwise: told within ten articles."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from monitor.scoring.sources.incident import Incident
from monitor.scoring.sources.incidents import NO_HABITS
from monitor.scoring.sources.layout import read_layout
from monitor.scoring.sources.templates import SourceTemplates
from tests.scoring.sources.habits import HOUR, MONDAY, WATCH
from tests.scoring.sources.made_up import sighting, story

OLD = ["Read more of our stories about the harbour here.", "Share this story with your friends today.",
       "All rights reserved, no part may be copied without our consent.",
       "Sign up for the morning letter of the paper."]  # fmt: skip
NEW = ["You have two free stories left in this month.", "Our reporters answer letters that you send to them.",
       "Become a member and read without advertisements from now on."]  # fmt: skip


def incidents(lines_of: Callable[[int], list[str]], articles: int) -> list[tuple[int, Incident]]:
    """The number of the article, and the incident that it told, for articles of these lines around a story."""
    source, habits, told = SourceTemplates(), NO_HABITS, []
    for n in range(articles):
        lines = lines_of(n)
        seen = sighting(str(n), [*lines[:1], *story(n), *lines[1:]])
        layout = read_layout(source, seen)
        source = source.learn(seen)
        habits, made = WATCH.see(habits, seen, MONDAY + n * HOUR, layout=layout)
        told += [(n, incident) for incident in made if incident.kind == "layout"]
    return told


@pytest.mark.parametrize("after", [NEW, [*OLD, *NEW], [], OLD[:1]], ids=["others", "more", "none", "one is left"])
def test_change_is_told_within_ten_articles_and_then_over(after: list[str]) -> None:
    told = incidents(lambda n: OLD if n < 120 else after, 220)
    assert len({incident.id for _, incident in told}) == 1
    assert [incident.open for _, incident in told].count(False) == 1
    (opened, first), (closed, last) = told[0], told[-1]
    assert 120 < opened < 130
    assert opened < closed < 200
    assert first.since.timestamp() in (MONDAY + 120 * HOUR, MONDAY + 121 * HOUR)
    assert last.ending == "accepted"
    if len(after) > 1:
        assert first.examples[-1].paragraphs


def test_articles_that_are_laid_out_otherwise_now_and_then_are_none() -> None:
    draw = random.Random(1)
    kinds = [OLD, OLD, OLD, OLD[:2], NEW]
    assert not incidents(lambda n: draw.choice(kinds), 600)


def test_one_new_line_is_none() -> None:
    assert not incidents(
        lambda n: [*OLD, f"This week alone we give away letters numbered {'abcdefgh'[n // 50]}{n // 50}."], 400
    )
