"""NewsML-G2: the text of each item, and what its metadata say."""

from __future__ import annotations

from monitor.articles.errors import Reason
from tests.articles.formats.made_up import only_article, read, texts


def item(content: str) -> str:
    return (
        '<newsItem guid="urn:1" xml:lang="en"><itemMeta><provider><name>Lantern</name></provider>'
        '<pubStatus qcode="stat:canceled"/></itemMeta><contentMeta><headline>Ferry</headline>'
        "<contentCreated>2026-03-05T06:07:08Z</contentCreated></contentMeta>"
        f"<contentSet>{content}</contentSet></newsItem>"
    )


XHTML = "<inlineXML wordcount='4'><html><body><p>The ferry is back.</p></body></html></inlineXML>"


def message(*items: str) -> str:
    return f"<newsMessage><itemSet>{''.join(items)}</itemSet></newsMessage>"


def test_item_is_an_article_with_its_metadata() -> None:
    article = only_article(message(item(XHTML)))
    assert (article.id, article.title, article.source, article.language) == ("urn:1", "Ferry", "Lantern", "en")
    assert (article.text, article.declared_words, article.status) == ("The ferry is back.", 4, "canceled")


def test_plain_text_of_an_item_is_read() -> None:
    assert texts(message(item("<inlineData contenttype='text/plain'>Divers freed it.</inlineData>"))) == [
        "Divers freed it."
    ]


def test_items_without_a_text_are_left_out() -> None:
    picture = item("<remoteContent href='a.jpg'/>")
    assert texts(message(picture, item(XHTML))) == ["The ferry is back."]
    assert read(message(picture)) == [Reason.NO_BODY]
    assert read(message()) == [Reason.EMPTY]


def test_item_whose_content_is_empty_is_named_beside_the_others() -> None:
    assert texts(message(item(XHTML), item("<inlineXML><html><body/></html></inlineXML>"))) == [
        "The ferry is back.",
        "empty",
    ]
