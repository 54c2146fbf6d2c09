"""Reuters' SGML: an article in each element of the collection."""

from __future__ import annotations

from monitor.articles.article import Article
from monitor.articles.errors import Reason
from tests.articles.formats.made_up import read, texts

HEAD = '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n'


def story(number: int, body: str) -> str:
    return (
        f'<REUTERS TOPICS="YES" NEWID="{number}">\n<DATE>26-FEB-1987 15:01:01.79</DATE>\n<TEXT>&#2;\n'
        f"<TITLE>FERRY\n  RETURNS</TITLE>\n{body}</TEXT>\n</REUTERS>\n"
    )


def test_story_has_number_title_and_source() -> None:
    (article,) = read(HEAD + story(7, "<BODY>Divers &lt;freed> it.\n Reuter\n&#3;</BODY>"), "reut2-000.sgm")
    assert isinstance(article, Article)
    assert (article.id, article.title, article.source) == ("reuters-7", "FERRY RETURNS", "Reuters")
    assert article.text == "Divers <freed> it.\n Reuter"


def test_headline_alone_is_named_and_the_next_is_read() -> None:
    assert texts(HEAD + story(1, "") + story(2, "<BODY>Divers freed it.</BODY>")) == ["no_body", "Divers freed it."]


def test_collection_that_is_cut_or_empty_is_refused() -> None:
    document = HEAD + story(1, "<BODY>Divers freed it.</BODY>") + story(2, "<BODY>It is back.</BODY>")
    assert texts(document[:-20]) == ["Divers freed it.", "unreadable"]
    assert read(HEAD) == [Reason.EMPTY]
