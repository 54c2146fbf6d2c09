"""The page: what it says of the worker, and that nothing an article holds breaks it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from monitor.metrics import Metrics
from monitor.streaming.health.awaited import Health
from monitor.streaming.stages.latest_bad import LatestBad
from monitor.web.page import Page, is_link
from tests.web.site import Site, bad_verdict


def test_the_page_escapes_what_articles_hold(site: Site) -> None:
    site.recent.add(bad_verdict(source="<script>alert(1)</script>", message="<b>few"))
    status, text = site.ask("/")
    assert status == 200
    assert "&lt;script&gt;alert(1)" in text
    assert "&lt;b&gt;few" in text
    assert "<script" not in text


@pytest.mark.parametrize(
    ("url", "linked"),
    [("https://a.example/?a=1&b=2", True), ("javascript:alert(1)", False), ("data:text/html,x", False), (None, False)],
)
def test_only_web_addresses_are_links(site: Site, url: str | None, linked: bool) -> None:
    site.recent.add(bad_verdict(url=url))
    text = site.ask("/")[1]
    assert ("<td><a href=" in text) is linked
    assert "javascript:" not in text


@pytest.mark.parametrize(
    "url",
    [
        "https://name@host.example/",
        "https://name:password@host.example/",
        "https://www.example.org\\@host.example/",
        "http:///host.example",
        "https://",
        "https://[",
        "//host.example/",
    ],
)
def test_address_that_hides_its_host_is_no_link(url: str) -> None:
    assert not is_link(url)


def test_invisible_characters_of_languages_are_kept_and_others_shown(site: Site) -> None:
    site.recent.add(bad_verdict(title="می\u200cخواهم\u202e\x1b[31m"))
    assert "می\u200cخواهم\ufffd\ufffd[31m" in site.ask("/")[1]


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_page_is_red_when_kafka_has_not_answered_for_three_intervals() -> None:
    metrics, health, clock = Metrics(), Health(), Clock()
    page = Page(metrics, health, LatestBad(), 5.0, clock)
    health.set_ready("assignment")
    metrics.partitions.set(4)
    metrics.lag.labels("monitor", "articles", "0").set(7)
    metrics.lag_measured.set(clock.now)
    clock.now += 15
    assert 'class="state ok"' in page.draw().decode()
    clock.now += 5
    health.set_ready("kafka", "Kafka has not answered for 20 s; the lag is as old")
    text = page.draw().decode()
    assert text.count("Kafka has not answered for 20 s") == 1
    assert 'class="state wrong"' in text
    assert '7 <small class="wrong">20 s ago</small>' in text


def test_page_says_nothing_of_kafka_before_the_first_measurement() -> None:
    metrics = Metrics()
    metrics.partitions.set(4)
    assert "Kafka has not answered" not in Page(metrics, Health(), LatestBad(), 5.0).draw().decode()


def test_page_counts_what_was_scored() -> None:
    recent = LatestBad()
    for _ in range(60):
        recent.add(bad_verdict())
    text = Page(Metrics(), Health(), recent, 5.0).draw().decode()
    assert "<title>monitor: 60 bad of 60</title>" in text
    assert text.count("<code>thin</code>") == 50


class Walked(Metrics):
    """Metrics whose series of sources must not be read."""

    def __init__(self) -> None:
        super().__init__()
        for metric in (self.articles, self.flags, self.repetition, self.boilerplate, self.last_article):
            metric.collect = self.read  # type: ignore[method-assign, assignment]

    def read(self) -> None:
        raise AssertionError("the page reads the series of all sources")


def test_page_reads_no_series_of_sources() -> None:
    assert b"reading articles" not in Page(Walked(), Health(), LatestBad(), 5.0).draw()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_a_title_without_a_blank_widens_nothing(site: Site, browser: Browser, width: int) -> None:
    site.recent.add(bad_verdict(title="W" * 2000, source="S" * 200, message="m" * 500))
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"http://{site.address}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    evidence = page.locator("td").last.bounding_box()
    assert evidence is not None
    assert evidence["x"] + evidence["width"] <= width
    assert page.evaluate("getComputedStyle(document.body).maxWidth") == "1152px", "the style was not applied"
