"""NITF."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.articles.decode import Decoder
from tests.articles.formats.reading import of_record


def test_the_head_of_the_body_is_no_text() -> None:
    body = "<body><body.head><hedline><hl1>T</hl1></hedline></body.head><body.content><p>x</p></body.content></body>"
    article = Decoder().decode(f"<nitf>{body}</nitf>".encode())
    assert (article.title, article.text) == ("T", "x")


def test_a_status_and_an_expiry_are_read() -> None:
    head = "<head><docdata management-status='canceled'><date.expire norm='20260203T040506Z'/></docdata></head>"
    article = Decoder().decode(f"<nitf>{head}<body><body.content><p>x</p></body.content></body></nitf>".encode())
    assert article.status == "canceled"
    assert article.expires == datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_a_story_without_text_is_named() -> None:
    assert of_record(b"<nitf><body><body.content/></body></nitf>") == ["empty"]
