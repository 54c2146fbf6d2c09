"""A story: its copies in order, and its outlets."""

from __future__ import annotations

from monitor.scoring.copies.story import Story
from tests.scoring.copies.made_up import at, fingerprint, link, linker, story


def test_copies_stand_in_the_order_of_their_publication() -> None:
    lines = story(1)
    articles = [("first", "Morning", 0.0), ("third", "Evening", 3.0), ("second", "Noon", 2.0)]
    prints = [fingerprint(name, lines, source, published_at=at(hours - 9)) for name, source, hours in articles]
    found = Story.of(link(linker(), *prints))
    assert found.earliest.id == "first"
    assert [copy.article.id for copy in found.copies] == ["second", "third"]
    assert found.outlets == 3
