"""Feeds: the full text of each entry, and what the feed says for all of them."""

from __future__ import annotations

from monitor.articles.article import Article
from monitor.articles.errors import Reason
from tests.articles.formats.made_up import only_article, read, texts

CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'


def rss(*items: str) -> str:
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0" {CONTENT}><channel><title>Lantern</title><language>en</language>{body}</channel></rss>'


def test_entry_has_the_source_and_language_of_its_feed() -> None:
    item = "<title>Ferry</title><link>https://lantern.example/1</link><description>The ferry is back.</description>"
    article = only_article(rss(item))
    assert (article.title, article.source, article.language) == ("Ferry", "Lantern", "en")
    assert (article.url, article.text) == ("https://lantern.example/1", "The ferry is back.")


def test_full_text_comes_before_the_summary() -> None:
    full = "<content:encoded><![CDATA[<p>The ferry is back.</p><p>It sails twice a day.</p>]]></content:encoded>"
    assert texts(rss(f"<description>Short.</description>{full}")) == ["The ferry is back.\nIt sails twice a day."]


def test_atom_is_read_as_rss_is() -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Lantern</title><entry><id>urn:1</id><title>Ferry</title>'
        '<updated>2026-03-05T06:07:08Z</updated><content type="html">&lt;p&gt;The ferry is back.&lt;/p&gt;</content>'
        "</entry></feed>"
    )
    article = only_article(feed)
    assert (article.id, article.text) == ("urn:1", "The ferry is back.")


def test_only_the_entry_at_the_cut_end_is_lost() -> None:
    whole = rss("<description>The ferry is back.</description>", "<description>Divers freed it.</description>")
    first, last = read(whole[: whole.index("freed")])
    assert isinstance(first, Article)
    assert last is Reason.NOT_XML


def test_feed_without_entries_is_refused() -> None:
    assert read(rss()) == [Reason.EMPTY]
