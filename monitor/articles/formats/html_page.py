"""HTML pages and fragments, with what their JSON-LD and meta elements say of the article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from monitor.articles.beginning import Beginning
from monitor.articles.body import Body
from monitor.articles.document import Document
from monitor.articles.errors import Undecodable
from monitor.articles.fields import Entry
from monitor.articles.formats.format import Format
from monitor.articles.formats.schema_org import article_among
from monitor.articles.html import BLOCKS, UNSEEN, VOID, page
from monitor.articles.html_shape import looks_like_html
from monitor.articles.jsontext import parse_json
from monitor.articles.names import address, replace_surrogates

#: A page's JSON-LD is read up to this many characters.
LONGEST_DATA = 500_000
#: Elements of a line, with which HTML may begin as with a block.
_INLINE = "a abbr b big cite code del em font i ins label mark picture q s small span strike strong sub sup time tt u"
_ELEMENTS = BLOCKS | VOID | UNSEEN | frozenset(_INLINE.split())


def read(document: Document) -> Iterator[Entry]:
    """One article: the text drawn from the page."""
    value = document.value()
    html = replace_surrogates(document.text_of(value))
    yield Entry("", fields_of(html, document), value, Body(html, True))


def fields_of(html: str, document: Document) -> dict[str, Any]:
    """What a page says of its article, under built-in names."""
    about = page(html)
    data = _article_data(about.data)
    fields = {name: value for name, value in data.items() if name not in ("articleBody", "@id", "id")}
    url = address(about.url) or address(data.get("url")) or address(data.get("mainEntityOfPage"))
    url = url or document.envelope.get("url") or about.social.get("og:url")
    title = data.get("headline") or data.get("name") or about.title or about.social.get("og:title") or about.heading
    # Where the address is known its host is the source: a site names itself in many ways.
    site_name = None if url else about.social.get("og:site_name")
    return fields | {
        "id": document.envelope.get("id") or url,
        "url": url,
        "title": title,
        "language": about.language or data.get("inLanguage"),
        "site_name": site_name,
    }


def recognises(beginning: Beginning) -> bool:
    """By its document type or its root element; an XML document only where that is ``html``."""
    if beginning.doctype == "html":
        return True
    root = beginning.root
    if root is not None:
        return root.name == "html" if root.is_xml else root.name in _ELEMENTS
    return beginning.text.startswith("<!--") or looks_like_html(beginning.text)


def _article_data(texts: tuple[str, ...]) -> dict[str, Any]:
    """The JSON-LD object of a page that describes its article; empty where none does."""
    nodes: list[Any] = []
    for text in texts:
        try:
            data = parse_json(text[:LONGEST_DATA].encode())
        except Undecodable:
            continue  # Broken JSON-LD says nothing; the page is still an article.
        nodes += data if isinstance(data, list) else [data]
    return article_among(nodes) or {}


FORMAT = Format(
    "html",
    "HTML",
    read,
    recognises,
    content_types=("text/html", "application/xhtml+xml"),
    endings=(".html", ".htm", ".xhtml", ".shtml"),
)
