"""The pages in a real Chromium: every view, wide and narrow, light and dark, with and without scripts, by keyboard."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect

from monitor.streaming.place import place_text
from monitor.web.follow.tail import KafkaState
from tests.web.hostile import HOSTILE
from tests.web.site import Site

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
STORY = "The harbour board met on Tuesday to settle the winter timetable of the island ferry, and rose late."
SIZES = ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"), (320, "light"))


@contextmanager
def tab(browser: Browser, site: Site, width: int = 1280, scheme: Any = "light", scripts: bool = True) -> Iterator[Page]:
    """A tab of a browser of its own; fails where the pages ask another machine, or a script fails."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        java_script_enabled=scripts,
        timezone_id="Asia/Tokyo",
    )
    wrong: list[str] = []
    page = context.new_page()
    page.on(
        "request", lambda r: wrong.append(r.url) if not r.url.startswith((f"http://{site.address}/", "data:")) else None
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.set_default_timeout(10_000)
    try:
        yield page
    finally:
        context.close()
    assert wrong == []


def demo_articles(site: Site) -> None:
    """The demo's articles over the last three quarters of an hour, and one of them corrected."""
    lines = files("monitor.demo").joinpath("articles.jsonl").read_bytes().splitlines()
    end = site.topics.now
    for number, line in enumerate(lines):
        site.topics.now = end - timedelta(minutes=45) + timedelta(seconds=50 * number)
        site.topics.send(line)
    site.topics.now = end
    site.topics.send(b"{broken")
    site.topics.incident("Quayline Newswire")
    site.topics.incident("Harbour Courier", kind="silence", code="", open=False, closed=end, ending="healed")
    earlier = site.topics.article(
        id="e", source="Lantern Wire", content="\n".join(f"{n}. {STORY}" for n in range(1, 7))
    )
    later = site.topics.article(id="c", source="Copyist", content="\n".join(f"{n}. {STORY}" for n in range(2, 9)))
    site.topics.copy(earlier, later, ("e", "c"), ("Lantern Wire", "Copyist"))
    site.topics.learn("Lantern Wire", earlier)


def fits(page: Page, deeply: bool = True) -> None:
    """Nothing is wider than the window, nothing of an article ran, and (``deeply``) nothing shuts anyone out."""
    width = page.evaluate("innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    assert page.evaluate("typeof window.ran") == "undefined", page.url
    if not deeply:
        return
    page.evaluate(AXE)
    found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))]))")
    assert found == [], page.url


VIEWS: dict[str, str] = {
    "bad": "/",
    "filtered": "/?source=Quayline+Newswire&code=repeated_body&hours=24",
    "nothing": "/?source=nobody",
    "article": "/article/articles-0@3",
    "flagged": "/article/articles-0@3?show=flagged",
    "sources": "/sources",
    "source": "/sources/Quayline%20Newswire",
    "learned": "/sources/lantern%20wire",
    "incidents": "/incidents",
    "copies": "/copies",
    "story": "/copies/articles-0@51",
    "dead": "/dead",
    "try": "/try",
    "tried": "/try?example=quayline-003",
    "lost": "/nowhere",
}


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_every_view_fits_and_shuts_nobody_out(site: Site, browser: Browser, width: int, scheme: str) -> None:
    demo_articles(site)
    with tab(browser, site, width, scheme) as page:
        page.on("console", lambda _: None)
        for name, address in VIEWS.items():
            if name != "lost":
                page.goto(f"http://{site.address}{address}")
                fits(page)


def test_page_that_is_not_there_and_kafka_that_is_away_are_told(site: Site, browser: Browser) -> None:
    place = site.topics.article(id="a", source="Lantern", title="Kept", content="Few.")
    site.health.set_ready("assignment")
    site.topics.away = True
    site.board.kafka = lambda: KafkaState(site.board.clock() - 40, caught_up=True)
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    for address, title in ((VIEWS["lost"], "Nothing here"), (f"/article/{place_text(place)}", "Not now")):
        page.goto(f"http://{site.address}{address}")
        assert page.locator("h1").inner_text() == title
        fits(page)
    page.goto(f"http://{site.address}/")
    assert "Kafka has not answered for 40 s" in page.locator(".state.wrong").inner_text()
    assert page.locator(".card").count() == 1, "what was read before is still shown"
    fits(page)
    context.close()


def test_hostile_articles_fit_and_run_nothing(site: Site, browser: Browser) -> None:
    places = [place_text(site.topics.article(**fields)) for fields in HOSTILE]
    with tab(browser, site, 390) as page:
        for address in ("/", *(f"/article/{place}" for place in places)):
            page.goto(f"http://{site.address}{address}")
            fits(page, deeply=page.locator("li").count() < 200)
        assert page.locator("a[href^='javascript']").count() == 0


def test_three_clicks_lead_to_the_paragraph_that_repeats(site: Site, browser: Browser) -> None:
    demo_articles(site)
    with tab(browser, site, scripts=False) as page:
        page.goto(f"http://{site.address}/")
        page.get_by_role("link", name="repeated body 3").click()
        page.get_by_role("link", name="Ministers fail to agree").click()
        page.get_by_role("link", name="paragraphs 11-20 repeat 1-10").click()
        assert page.url.endswith("#p11")
        repeated = page.locator("#p11")
        assert "= 1 (100" in repeated.inner_text()
        assert repeated.evaluate("e => e.getBoundingClientRect().top") < 900
        repeated.get_by_role("link", name="= 1 (100").click()
        assert page.url.endswith("#p1")
        page.go_back()
        page.go_back()
        page.go_back()
        assert "code=repeated_body" in page.url
        page.go_forward()
        assert "/article/" in page.url


def test_without_scripts_the_form_filters_and_try_scores(site: Site, browser: Browser) -> None:
    demo_articles(site)
    with tab(browser, site, scripts=False) as page:
        page.goto(f"http://{site.address}/")
        page.get_by_role("textbox", name="Source").fill("harbour courier")
        page.get_by_role("button", name="Show").click()
        assert "source=harbour+courier" in page.url
        assert {each.inner_text() for each in page.locator(".card bdi").all() if each.inner_text().startswith("H")} == {
            "Harbour Courier"
        }
        page.get_by_role("link", name="source: harbour courier").click()
        assert page.url == f"http://{site.address}/"
        page.get_by_role("link", name="Try it").click()
        page.get_by_label("The article").fill(
            "\n".join([STORY, "Nobody spoke of the ferry's price."] * 3 + [STORY] * 2)
        )
        page.get_by_role("button", name="Score it").click()
        assert page.get_by_text("What is wrong").is_visible()
        assert page.locator(".text .repeat").count() > 2


def test_news_are_offered_and_nothing_moves_by_itself(site: Site, browser: Browser) -> None:
    site.topics.article(id="a", source="Lantern", title="First", content="Few.")
    with tab(browser, site) as page:
        page.clock.install()
        page.goto(f"http://{site.address}/")
        for number in range(3):
            site.topics.article(id=f"n{number}", source="Lantern", title=f"New {number}", content="Few.")
        page.clock.run_for(5_100)
        expect(page.locator("#news span")).to_have_text("3 new.")
        assert page.locator(".card").count() == 1
        site.topics.incident("Lantern")
        page.clock.run_for(5_100)
        expect(page.locator("#news span")).to_have_text("3 new. An incident has opened.")
        assert page.locator(".incident").count() == 0
        page.get_by_role("button", name="Pause").click()
        site.topics.article(id="b", source="Lantern", title="Newest", content="Few.")
        page.clock.run_for(11_000)
        assert page.locator("#news span").inner_text() == "Paused."
        time.sleep(1.1)  # a page is made once a second
        page.get_by_role("link", name="Reload").click()
        assert page.locator(".open").first.inner_text() == "Newest"
        assert page.locator(".incident").count() == 1


def test_keys_lead_through_list_and_articles_and_can_be_turned_off(site: Site, browser: Browser) -> None:
    for number in range(3):
        site.topics.article(id=str(number), source=f"Source {number}", title=f"Title {number}", content="Few.")
    with tab(browser, site) as page:
        page.goto(f"http://{site.address}/")
        focused: Callable[[], Any] = lambda: page.evaluate("document.activeElement.textContent.trim()")  # noqa: E731
        page.keyboard.press("Tab")
        assert focused() == "Skip to the content"
        page.keyboard.press("j")
        page.keyboard.press("j")
        assert focused() == "Title 1"
        page.keyboard.press("k")
        assert focused() == "Title 2"
        page.keyboard.press("Enter")
        page.wait_for_url("**/article/*")
        page.keyboard.press("j")
        page.wait_for_url("**/article/articles-0@1")
        page.keyboard.press("k")
        page.wait_for_url("**/article/articles-0@2")
        page.goto(f"http://{site.address}/")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.name") == "text"
        page.locator("#keys").click()
        page.reload()
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement === document.body")


def test_times_are_told_here_and_in_utc(site: Site, browser: Browser) -> None:
    site.topics.article(id="a", source="Lantern", content="Few.")
    with tab(browser, site) as page:
        page.goto(f"http://{site.address}/")
        title = page.locator(".card time").get_attribute("title") or ""
        assert title.endswith(" UTC)")
        assert title.partition(" (")[0]


def test_hundred_kilobytes_are_laid_out_within_a_second(site: Site, browser: Browser) -> None:
    place = site.topics.article(
        id="a", source="Long", content="\n".join(f"{n}. {STORY}" for n in range(980)) + f"\n{STORY}"
    )
    with tab(browser, site) as page:
        page.goto(f"http://{site.address}/article/{place_text(place)}?show=all")
        assert page.locator(".text > li").count() > 900
        timing = json.loads(page.evaluate("JSON.stringify(performance.getEntriesByType('navigation')[0])"))
        assert timing["domComplete"] - timing["responseStart"] < 3_000
