"""``POST /score``, asked as a client asks."""

from __future__ import annotations

import gzip
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from monitor.articles.article import Article
from monitor.scoring.score import Scorer
from monitor.web import scoring
from tests.web.site import Site, raw, status


def test_score(site: Site) -> None:
    status, text = site.ask("/score", b'{"id": "a", "content": "One.\\nTwo."}')
    assert status == 200
    assert json.loads(text)["id"] == "a"
    assert len(json.loads(text)["paragraphs"]) == 2
    assert json.loads(site.ask("/score", b"<p>One</p><p>Two</p>", "text/html")[1])["words"] == 2
    status, text = site.ask("/score", b'{"id": "a"}')
    assert (status, json.loads(text)["reason"]) == (422, "no_body")
    assert site.ask("/score", b"x" * 5_000_001)[0] == 413


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
    monkeypatch.setattr(scoring, "SCORE_SECONDS", 0.3)
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


def test_a_packed_body_is_unpacked_and_a_bomb_is_refused(site: Site) -> None:
    bomb, good = gzip.compress(b'{"content": "' + b" " * 100_000_000), gzip.compress(b'{"content": "One."}')
    for body, expected in ((good, 200), (bomb, 422)):
        head = f"POST /score HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        for encoding in ("Content-Encoding: gzip\r\n", ""):
            assert status(raw(site.address, f"{head}{encoding}\r\n".encode() + body)) == expected
    head = "POST /score HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Encoding: br\r\n\r\nx"
    assert status(raw(site.address, head.encode())) == 415


def test_a_defect_is_told_without_the_text(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object, article: Article, __: object) -> None:
        raise ValueError(article.text)

    monkeypatch.setattr(Scorer, "score", broken)
    assert site.ask("/score", b'{"content": "a text of its own"}') == (500, '{"reason": "scoring_failed"}')
    assert "ValueError < test_scoring.py" in caplog.text
    assert "a text of its own" not in caplog.text
