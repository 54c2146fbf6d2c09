"""The pictures of the docs, made in Chromium. ``WRITE_PICTURES=1`` puts them into docs/pictures."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from monitor.web.follow.tail import KafkaState
from tests.web.site import Site
from tests.web.test_browser import demo_articles, tab

pytestmark = pytest.mark.browser

DOCS = Path(__file__).parent.parent.parent / "docs"
STORY = (
    "The harbour board met on Tuesday to settle the winter timetable of the island ferry.",
    "Three captains spoke against the later sailing, which they called a danger in fog.",
    "The mayor answered that the school children could not be left on the quay until dark.",
    "A vote is expected before the end of the month, and the ferry keeps its hours until then.",
)


def story(site: Site) -> str:
    """The address of a story that an outlet copied with changes."""
    changed = (
        STORY[0],
        STORY[1].replace("which they called a danger", "calling it a risk"),
        "The Copyist asked around.",
    )
    earlier = site.topics.article(id="s1", source="Harbour Wire", content="\n".join(STORY))
    later = site.topics.article(id="s2", source="The Copyist", content="\n".join((*changed, STORY[3])))
    site.topics.copy(earlier, later, ("s1", "s2"), ("Harbour Wire", "The Copyist"))
    return f"/copies/articles-0@{later.offset}"


def test_pictures_of_the_docs_are_drawn(site: Site, browser: Browser, tmp_path: Path) -> None:
    demo_articles(site)
    site.health.set_ready("assignment")
    site.metrics.partitions.set(12)
    at = story(site)
    site.topics.now += timedelta(seconds=20)
    answered = site.board.clock()
    site.board.kafka = lambda: KafkaState(answered, caught_up=True)
    written = os.environ.get("WRITE_PICTURES") == "1"
    folder = DOCS / "pictures" if written else tmp_path
    folder.mkdir(exist_ok=True)
    views = {"bad": "/", "article": "/article/articles-0@3", "try": "/try?example=quayline-003", "story": at}
    with tab(browser, site, 1100) as page:
        for name, address in views.items():
            page.goto(f"http://{site.address}{address}")
            page.screenshot(path=folder / f"{name}.png", clip={"x": 0, "y": 0, "width": 1100, "height": 860})
    for name in views:
        assert 10_000 < (folder / f"{name}.png").stat().st_size < 400_000
        assert (DOCS / "pictures" / f"{name}.png").exists(), "WRITE_PICTURES=1 makes it"
