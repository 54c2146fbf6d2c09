"""Documents made up for the tests of single formats, read as files."""

from __future__ import annotations

import io
from typing import Any

from monitor.articles.article import Article
from monitor.articles.decode import Decoder
from monitor.articles.errors import Reason, Undecodable


def read(document: str | bytes, name: str = "", **options: Any) -> list[Article | Reason]:
    """The articles of a document in order, or the reason where one is none; ``options`` are the decoder's."""
    value = document.encode() if isinstance(document, str) else document
    items = Decoder(**options).articles_of_file(name, io.BytesIO(value))
    return [item.article.reason if isinstance(item.article, Undecodable) else item.article for item in items]


def only_article(document: str | bytes, name: str = "", **options: Any) -> Article:
    """The one article of a document."""
    (article,) = read(document, name, **options)
    assert isinstance(article, Article), article
    return article


def texts(document: str | bytes, name: str = "", **options: Any) -> list[str]:
    """The text of each article; the reason where one is none."""
    return [item.text if isinstance(item, Article) else str(item) for item in read(document, name, **options)]
