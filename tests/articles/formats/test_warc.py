"""WARC: the page of each response that succeeded."""

from __future__ import annotations

import pytest

from monitor.articles.article import Article
from monitor.articles.errors import Reason
from tests.articles.formats.made_up import read

pytest.importorskip("warcio")


def archive(*pages: tuple[str, str]) -> bytes:
    """An archive of pages, each an HTTP status and a body."""
    records = []
    for number, (status, body) in enumerate(pages, 1):
        response = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n\r\n{body}"
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://www.lantern.example/{number}\r\n"
            "WARC-Date: 2026-03-05T06:07:08Z\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(response)}\r\n\r\n"
        )
        records.append(f"{head}{response}\r\n\r\n")
    return "".join(records).encode()


def test_page_that_was_answered_is_an_article_with_its_address() -> None:
    (article,) = read(archive(("200 OK", "<p>The ferry is back.</p>"), ("404 Not Found", "<p>Gone.</p>")))
    assert isinstance(article, Article)
    assert (article.url, article.source) == ("https://www.lantern.example/1", "lantern.example")
    assert article.text == "The ferry is back."
    assert article.arrived_at is not None


def test_archive_without_a_page_is_refused() -> None:
    assert read(archive(("404 Not Found", "<p>Gone.</p>"))) == [Reason.EMPTY]


def test_damaged_archive_keeps_the_pages_before_the_damage() -> None:
    document = archive(("200 OK", "<p>The ferry is back.</p>")) + b"WARC/1.0\r\nbroken"
    articles = read(document)
    assert isinstance(articles[0], Article)
