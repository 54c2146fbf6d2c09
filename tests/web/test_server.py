"""The HTTP interface, asked as a client asks."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from monitor.metrics import Metrics
from monitor.scoring.verdict import Code, Flag, Verdict
from monitor.settings import Settings
from monitor.streaming.health import Health
from monitor.streaming.recent import Recent
from monitor.web.server import BadAddress, serve


class Site:
    def __init__(self) -> None:
        self.metrics, self.health, self.recent = Metrics(), Health(), Recent()
        self.address = ""

    def ask(self, path: str, body: bytes | None = None, content_type: str = "application/json") -> tuple[int, str]:
        request = urllib.request.Request(f"http://{self.address}{path}", body, {"Content-Type": content_type})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    with serve(Settings(web="127.0.0.1:0"), made.metrics, made.health, made.recent) as made.address:
        yield made


def test_ready_only_with_partitions_and_well_only_while_nothing_hangs(site: Site) -> None:
    assert site.ask("/readyz") == (503, "no partitions assigned yet\n")
    assert site.ask("/healthz") == (200, "ok\n")
    site.health.set_ready("assignment")
    assert site.ask("/readyz") == (200, "ok\n")
    site.health.expect("loop", "the loop has not turned", 0.0, 1.0)
    assert site.ask("/healthz")[0] == 503
    assert site.ask("/healthz")[1].startswith("the loop has not turned for ")
    assert site.ask("/readyz")[0] == 503
    site.health.expect("loop", "the loop has not turned", None, 1.0)
    assert site.ask("/readyz") == (200, "ok\n")


def test_metrics(site: Site) -> None:
    site.metrics.articles.labels('a "quoted"\nsource \\', "bad").inc()
    status, text = site.ask("/metrics")
    assert status == 200
    assert r'monitor_articles_total{source="a \"quoted\"\nsource \\",verdict="bad"} 1.0' in text
    assert "process_cpu_seconds_total" in text


def test_score(site: Site) -> None:
    status, text = site.ask("/score", b'{"id": "a", "content": "One.\\nTwo."}')
    assert status == 200
    assert json.loads(text)["id"] == "a"
    assert len(json.loads(text)["paragraphs"]) == 2
    assert json.loads(site.ask("/score", b"<p>One</p><p>Two</p>", "text/html")[1])["words"] == 2
    status, text = site.ask("/score", b'{"id": "a"}')
    assert (status, json.loads(text)["reason"]) == (422, "no_body")
    assert site.ask("/score", b"x" * 5_000_001)[0] == 413


def test_the_page_escapes_what_articles_hold(site: Site) -> None:
    site.recent.add(
        Verdict(
            id="1", source="<script>alert(1)</script>", url=None, title="T", published_at=None,
            scored_at=datetime(2026, 1, 1, tzinfo=UTC), version="0", language=None, words=1, repetition=0.5,
            boilerplate=0.0, bad=True, flags=(Flag(Code.THIN, 1.0, "<b>few"),), paragraphs=(),
        )
    )  # fmt: skip
    status, text = site.ask("/")
    assert status == 200
    assert "&lt;script&gt;alert(1)" in text
    assert "&lt;b&gt;few" in text
    assert "<script" not in text


def test_a_taken_address_is_named(site: Site) -> None:
    with (
        pytest.raises(BadAddress, match=rf"cannot serve at {site.address}.*--web"),
        serve(Settings(web=site.address), site.metrics, site.health, site.recent),
    ):
        pass
