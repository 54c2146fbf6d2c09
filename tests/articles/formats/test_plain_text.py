"""Plain text: all of it is the body."""

from __future__ import annotations

from monitor.articles.beginning import Beginning
from monitor.articles.formats.plain_text import recognises
from tests.articles.formats.made_up import only_article

TEXT = "Ferry returns\n\nThe <b>ferry</b> is back.\n"


def test_all_of_a_text_is_the_body() -> None:
    assert only_article(TEXT, "story.txt").text == TEXT
    assert only_article(TEXT, input="text").text == TEXT


def test_same_text_has_the_same_id() -> None:
    assert only_article(TEXT, "a.txt").id == only_article(TEXT, "b.txt").id != only_article("Other.", "a.txt").id


def test_beginning_alone_never_tells_plain_text() -> None:
    assert not recognises(Beginning.of(TEXT.encode(), None))
