"""XML of the news trade, parsed with its dangers off, searched by local names and drawn as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from html.entities import html5

from lxml import etree

from monitor.articles.document import Document
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.html import MOST_TAGS
from monitor.articles.names import replace_surrogates

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
#: Characters that XML 1.0 has not; agencies' systems let them through.
NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: References that HTML has and XML has not, such as ``&nbsp;``; NITF's document type defines them, and is not loaded.
_REFERENCE = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30};)")
_OF_XML = ("amp;", "lt;", "gt;", "quot;", "apos;")
#: Elements of NITF and NewsML as the HTML that they stand for; those left out keep their name.
_AS_HTML = {
    "block": "div", "hl1": "h1", "hl2": "h2", "hedline": "header", "media": "figure", "media-caption": "figcaption",
    "media-producer": "figcaption", "tagline": "footer", "byline": "p", "dateline": "p", "bq": "blockquote",
    "fn": "aside", "note": "aside", "nitf-table": "table", "nitf-col": "td", "body.content": "div",
    "body.end": "footer", "header": "template", "paragraph": "p", "para": "p", "title": "h2", "head": "template",
    "media-metadata": "template", "media-reference": "template",
}  # fmt: skip

Element = etree._Element


def without_declaration(text: str) -> str:
    """An XML document without its declaration, whose encoding no longer holds once it is text."""
    return _DECLARATION.sub("", text, count=1)


def parsed(document: Document) -> Element:
    """The root element of an XML document.

    No entity is expanded but XML's own, nothing is loaded, depth and sizes are bounded by libxml2.

    Raises:
        Undecodable: it is not well-formed.
    """
    text = NO_CHARACTER.sub(" ", without_declaration(replace_surrogates(document.text())))
    text = _REFERENCE.sub(_character, text)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.lstrip().encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Undecodable(Reason.NOT_XML, f"not well-formed XML: {error.msg}; send what the agency sent") from error
    if root is None:
        raise Undecodable(Reason.NOT_XML, "XML without an element")
    if sum(1 for _ in root.iter()) > MOST_TAGS:
        raise Undecodable(Reason.TOO_MANY_TAGS, f"XML of more than {MOST_TAGS:,} elements; send fewer items at once")
    return root


def _character(reference: re.Match[str]) -> str:
    name = reference[1]
    return reference[0] if name in _OF_XML else html5.get(name, reference[0])


def local_name(element: Element) -> str:
    """An element's name without its namespace; empty for a comment or an entity."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def all_named(element: Element, *names: str) -> Iterator[Element]:
    """The elements of those local names within an element and itself, in order."""
    yield from element.iter(*(f"{{*}}{name}" for name in names))


def first_named(element: Element, *names: str) -> Element | None:
    """The first element, of the first of those names that occurs; ``None`` where none does."""
    for name in names:
        for inner in all_named(element, name):
            return inner
    return None


def text_of_first(element: Element, *names: str) -> str | None:
    """The text of the first element of the first of those names that has any, on one line."""
    for name in names:
        for inner in all_named(element, name):
            text = " ".join(all_text(inner).split())
            if text:
                return text
    return None


def all_text(element: Element) -> str:
    """The text in an element and those within it, as it stands."""
    return "".join(str(text) for text in element.itertext())


def attribute(element: Element | None, *names: str) -> str | None:
    """An attribute by its local name, the first of those that is there and not empty."""
    if element is None:
        return None
    values = {etree.QName(name).localname: value for name, value in element.attrib.items()}
    return next((str(values[name]).strip() for name in names if str(values.get(name, "")).strip()), None)


def language_of(element: Element) -> str | None:
    """``xml:lang`` of an element or of the nearest around it."""
    at: Element | None = element
    while at is not None:
        if language := attribute(at, "lang"):
            return language
        at = at.getparent()
    return None


def as_html(element: Element) -> str:
    """The content of an element as HTML: local names, those of NITF as what they stand for, few attributes."""
    pieces: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        name = local_name(inner)
        if inner is element or not name:
            if event == "start" and inner is element:
                pieces.append(escape(inner.text or "", quote=False))
            elif event == "end" and inner is not element:
                pieces.append(escape(inner.tail or "", quote=False))
            continue
        html_name = _AS_HTML.get(name, name)
        if event == "start":
            class_ = attribute(inner, "class")
            pieces.append(f'<{html_name} class="{escape(class_)}">' if class_ else f"<{html_name}>")
            pieces.append(escape(inner.text or "", quote=False))
        else:
            pieces.append(f"</{html_name}>" + escape(inner.tail or "", quote=False))
    return "".join(pieces)
