"""NewsML-G2: the items of a message, their text in NITF, XHTML or plain, as IPTC and the agencies write it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from monitor.articles.beginning import Beginning
from monitor.articles.body import Body, count
from monitor.articles.document import Document
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.fields import Entry
from monitor.articles.formats import nitf
from monitor.articles.formats.format import Failed, Format, Part
from monitor.articles.formats.xml_text import (
    Element,
    all_named,
    all_text,
    as_html,
    attribute,
    first_named,
    language_of,
    local_name,
    parsed,
    text_of_first,
)

#: Items that hold no text: a package lists others, a concept or a planned event is none.
_WITHOUT_TEXT = ("packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
ROOTS = ("newsmessage", "newsitem", "itemset", "packageitem", "conceptitem", "knowledgeitem", "planningitem")


def read(document: Document) -> Iterator[Part]:
    """The articles: each ``newsItem`` with a text. Pictures and videos beside a text are left out."""
    root = parsed(document)
    items = list(all_named(root, "newsItem", *_WITHOUT_TEXT))
    if not items:
        raise Undecodable(Reason.EMPTY, "NewsML-G2 without an item")
    texts = [(number, item) for number, item in enumerate(items, 1) if _has_text(item)]
    if not texts:
        raise Undecodable(Reason.NO_BODY, f"NewsML-G2 without a text: {_kind(items[0])}; send items of text alone")
    sender = text_of_first(root, "sender")
    for number, item in texts:
        place = "" if len(texts) == 1 else f"item {number}"
        try:
            yield Entry(place, _fields(item, sender), None, _body(item))
        except Undecodable as error:
            yield Failed(place, error)


def recognises(beginning: Beginning) -> bool:
    """By the root element: a message, a set of items or one item."""
    return beginning.root is not None and beginning.root.name in ROOTS


def _has_text(item: Element) -> bool:
    return any(True for _ in all_named(item, "inlineXML", "inlineData"))


def _kind(item: Element) -> str:
    qcode = attribute(first_named(item, "itemClass"), "qcode", "uri") or ""
    kind = qcode.rpartition(":")[2].rpartition("/")[2]
    return f"an item of class {kind[:40]}" if kind else "an item without content"


def _body(item: Element) -> Body:
    """The longest content of an item: alternatives of one story, of which the first is as good as a longer one."""
    words = None
    bodies: list[Body] = []
    for content in all_named(item, "inlineXML", "inlineData"):
        words = count(attribute(content, "wordcount"))
        if content.tag.endswith("inlineData"):
            text = all_text(content)
            bodies.append(Body(text, "html" in (attribute(content, "contenttype") or "") or "</p>" in text, words))
            continue
        story = first_named(content, "body.content", "body", "html", "nitf", "p")
        if story is None:
            continue  # Data of sports, markets or events: no text.
        html = nitf.body_of(content) or as_html(content if local_name(story) == "p" else story)
        bodies.append(Body(html, True, words))
    with_text = [body for body in bodies if body.text.strip()]
    if not with_text:
        raise Undecodable(Reason.EMPTY, "the item's content holds no text")
    return with_text[0]


def _fields(item: Element, sender: str | None) -> dict[str, Any]:
    meta = first_named(item, "itemMeta")
    content = first_named(item, "contentMeta")
    meta = item if meta is None else meta
    content = item if content is None else content
    story = first_named(item, "nitf")
    inner = {} if story is None else {name: value for name, value in nitf.fields_of(story).items() if value}
    own = {
        "id": attribute(item, "guid"),
        "title": text_of_first(content, "headline") or inner.get("title") or text_of_first(item, "headline", "title"),
        "source": _source(item, meta, content) or inner.get("source") or sender,
        "published": text_of_first(content, "contentCreated") or text_of_first(meta, "firstCreated", "versionCreated"),
        "status": _status(meta),
        "language": attribute(first_named(content, "language"), "tag") or language_of(item),
        "url": _address(item),
    }
    return inner | {name: value for name, value in own.items() if value}


def _source(item: Element, meta: Element, content: Element) -> str | None:
    """Who provides the item: by name, else by the code that stands for it."""
    for holder in (content, meta, item):
        for element in all_named(holder, "infoSource", "provider", "copyrightHolder"):
            if name := text_of_first(element, "name"):
                return name
    for holder in (meta, content):
        for element in all_named(holder, "provider", "infoSource"):
            if code := attribute(element, "literal", "qcode", "uri"):
                return code.rpartition(":")[2] if "//" not in code else code
    return text_of_first(content, "creditline", "by")


def _status(meta: Element) -> str | None:
    """``usable``, ``withheld`` or ``canceled`` of a code such as ``stat:usable``."""
    code = attribute(first_named(meta, "pubStatus"), "qcode", "uri")
    return code.rpartition(":")[2].rpartition("/")[2] if code else None


def _address(item: Element) -> str | None:
    for link in all_named(item, "link"):
        if (attribute(link, "rel") or "").rpartition(":")[2] in ("canonical", "web", "isTranslationOf"):
            return attribute(link, "href")
    return None


FORMAT = Format(
    "newsml-g2",
    "NewsML-G2",
    read,
    recognises,
    content_types=("application/vnd.iptc.g2.newsitem+xml", "application/vnd.iptc.g2.newsmessage+xml"),
)
