"""NITF: the body of a story, and what its head says."""

from __future__ import annotations

from tests.articles.formats.made_up import only_article, read, texts

STORY = (
    '<nitf xml:lang="en"><head><title>Ferry</title><docdata management-status="usable"><doc-id id-string="a-1"/>'
    '<date.issue norm="20260305T060708Z"/><date.expire norm="20260405T000000Z"/></docdata>'
    '<pubdata name="Lantern"/></head><body><body.head><hedline><hl1>Ferry returns</hl1></hedline></body.head>'
    "<body.content><block><p>The ferry is back.</p><p>It sails twice a day.</p></block></body.content></body></nitf>"
)


def test_story_is_an_article_with_what_its_head_says() -> None:
    article = only_article(STORY)
    assert (article.id, article.title, article.source) == ("a-1", "Ferry returns", "Lantern")
    assert (article.language, article.status) == ("en", "usable")
    assert article.text == "The ferry is back.\nIt sails twice a day."
    assert article.expires is not None
    assert article.expires.isoformat() == "2026-04-05T00:00:00+00:00"


def test_document_of_several_stories_is_several_articles() -> None:
    assert len(read(f"<nitf-document>{STORY}{STORY}</nitf-document>")) == 2


def test_story_without_a_body_is_empty() -> None:
    assert texts("<nitf><head><title>Ferry</title></head></nitf>") == ["empty"]
