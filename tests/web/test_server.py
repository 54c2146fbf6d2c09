"""The HTTP interface, asked as a client asks."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from monitor.articles.article import Article
from monitor.metrics import Metrics
from monitor.scoring.score import Scorer
from monitor.scoring.verdict import Flag, Verdict
from monitor.settings import Settings
from monitor.streaming.health.awaited import Health
from monitor.streaming.stages.latest_bad import Recent
from monitor.web import limits, server
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
            boilerplate=0.0, bad=True, flags=(Flag("thin", 1.0, "<b>few"),), paragraphs=(),
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


TOKEN = "0123456789abcdef"  # noqa: S105


def raw(address: str, request: bytes, wait: float = 20.0) -> bytes:
    """What the server answers to these bytes until it closes the connection."""
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=wait) as connection:
        connection.sendall(request)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(65536):
                answer += part
        return answer


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def test_beyond_loopback_it_is_served_with_a_token_only() -> None:
    made = Site()
    for address in ("0.0.0.0:0", "[::]:0", "example.org:0"):
        with (
            pytest.raises(BadAddress, match="no token is set; set MONITOR_WEB_TOKEN or"),
            serve(Settings(web=address), made.metrics, made.health, made.recent),
        ):
            pass
    settings = Settings(web="0.0.0.0:0", web_token=TOKEN)
    with serve(settings, made.metrics, made.health, made.recent) as address:
        basic = b64encode(f"anyone:{TOKEN}".encode()).decode()
        for given, expected in (
            ("", 401),
            ("Bearer wrong", 401),
            ("Bearer é", 401),
            ("Basic ***", 401),
            (f"Bearer {TOKEN}", 200),
            (f"Basic {basic}", 200),
        ):
            head = f"Host: monitor.example\r\nAuthorization: {given}\r\n"
            assert status(raw(address, f"GET / HTTP/1.1\r\n{head}\r\n".encode())) == expected
            body = f"POST /score HTTP/1.1\r\n{head}Content-Length: 16\r\n\r\n".encode() + b'{"content": "x"}'
            assert status(raw(address, body)) == expected
        for path in ("/metrics", "/healthz"):
            assert status(raw(address, f"GET {path} HTTP/1.1\r\nHost: monitor.example\r\n\r\n".encode())) == 200


def test_other_names_and_other_pages_are_turned_away(site: Site) -> None:
    assert status(raw(site.address, b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")) == 421
    assert status(raw(site.address, b"GET /metrics HTTP/1.1\r\nHost: evil.example:8080\r\n\r\n")) == 421
    for host in (b"", b"[", b"127.0.0.1@evil.example", b"127.0.0.1.evil.example"):
        assert status(raw(site.address, b"GET / HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")) in (400, 421), host
    assert status(raw(site.address, b"GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n")) == 200
    post = b"POST /score HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\nContent-Length: 1\r\n\r\nx"
    assert status(raw(site.address, post)) == 403


def test_a_slow_client_is_cut_off(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(server, "BODY_SECONDS", 0.5)
    begin = time.monotonic()
    assert raw(site.address, b"GET / HT") == b""
    head = b"POST /score HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"
    assert status(raw(site.address, head + b"{")) == 408
    monkeypatch.setattr(limits, "CONNECTION_SECONDS", 0.5)
    monkeypatch.setattr(server, "BODY_SECONDS", 60)
    assert raw(site.address, head + b"{") == b""
    assert time.monotonic() - begin < 10


def test_a_crowd_of_slow_clients_keeps_no_probe_out(site: Site) -> None:
    host, _, port = site.address.rpartition(":")
    with contextlib.ExitStack() as stack:
        for _ in range(2 * limits.CONNECTIONS):
            stack.enter_context(socket.create_connection((host, int(port)), timeout=5)).sendall(b"G")
        begin = time.monotonic()
        assert site.ask("/healthz")[0] == 200
        assert time.monotonic() - begin < 2


def test_too_many_requests_are_told_when_to_come_again(site: Site) -> None:
    answers = [
        raw(site.address, b'POST /score HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16\r\n\r\n{"content": "x"}')
        for _ in range(40)
    ]
    refused = [answer for answer in answers if status(answer) == 429]
    assert refused
    assert all(b"Retry-After: 1\r\n" in answer for answer in refused)
    assert sum(status(answer) == 200 for answer in answers) >= 10


def test_a_body_that_takes_long_blocks_nothing_else(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(server, "SCORE_SECONDS", 0.3)
    monkeypatch.setattr(Scorer, "score", lambda *_: released.wait(20))
    try:
        assert site.ask("/score", b'{"content": "x"}')[0] == 503
        # The places of what nobody waits for any more are still taken.
        assert [site.ask("/score", b'{"content": "x"}')[0] for _ in range(4)] == [503, 503, 503, 429]
        assert site.ask("/healthz")[0] == 200
        assert site.ask("/metrics")[0] == 200
    finally:
        released.set()


def test_the_largest_body_leaves_the_probes_quick(site: Site) -> None:
    words = " ".join(f"word{n % 5000}" for n in range(110_000))
    body = json.dumps({"content": words + "\n" + words[::-1]}).encode()[:1_040_000] + b'"}'
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(site.ask, "/score", body)
        slowest = 0.0
        while not answer.done():
            begin = time.monotonic()
            assert site.ask("/healthz")[0] == 200
            slowest = max(slowest, time.monotonic() - begin)
        assert answer.result()[0] in (200, 503)
    assert slowest < 5


def test_a_packed_body_is_not_unpacked(site: Site) -> None:
    bomb = gzip.compress(b"\0" * 100_000_000)
    head = f"POST /score HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(bomb)}\r\nContent-Encoding: gzip\r\n\r\n"
    assert status(raw(site.address, head.encode() + bomb)) == 415
    head = head.replace("Content-Encoding: gzip\r\n", "")
    assert status(raw(site.address, head.encode() + bomb)) == 422


def test_heads_are_bounded(site: Site) -> None:
    for request in (
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: a\r\n" * 1000 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n",
    ):
        assert status(raw(site.address, request)) == 400


def test_every_answer_is_hardened(site: Site) -> None:
    for path in ("/", "/metrics", "/healthz", "/nowhere"):
        answer = raw(site.address, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()).decode()
        assert "frame-ancestors 'none'" in answer
        assert "Content-Security-Policy: default-src 'none'" in answer
        assert "X-Content-Type-Options: nosniff" in answer
        assert "Referrer-Policy: no-referrer" in answer
        assert "Cache-Control: no-store" in answer
        assert "Connection: close" in answer
        assert "Server: monitor\r\n" in answer


@pytest.mark.parametrize(
    ("url", "linked"),
    [("https://a.example/?a=1&b=2", True), ("javascript:alert(1)", False), ("data:text/html,x", False), (None, False)],
)
def test_only_web_addresses_are_links(site: Site, url: str | None, linked: bool) -> None:
    site.recent.add(
        Verdict(
            id="1", source="S", url=url, title="T", published_at=None,
            scored_at=datetime(2026, 1, 1, tzinfo=UTC), version="0", language=None, words=1, repetition=0.5,
            boilerplate=0.0, bad=True, flags=(Flag("thin", 1.0, "few"),), paragraphs=(),
        )
    )  # fmt: skip
    text = site.ask("/")[1]
    assert ("<td><a href=" in text) is linked
    assert "javascript:" not in text


def test_a_defect_is_told_without_the_text(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object, article: Article, __: object) -> None:
        raise ValueError(article.text)

    monkeypatch.setattr(Scorer, "score", broken)
    assert site.ask("/score", b'{"content": "a text of its own"}') == (500, '{"reason": "scoring_failed"}')
    assert "ValueError < test_server.py" in caplog.text
    assert "a text of its own" not in caplog.text
