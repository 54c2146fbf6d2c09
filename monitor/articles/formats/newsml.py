"""NewsML 1: each NewsItem's text in NITF, XHTML or plain, as the agencies write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from monitor.articles.beginning import Beginning
from monitor.articles.body import Body
from monitor.articles.document import Document
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.fields import Entry
from monitor.articles.formats import nitf
from monitor.articles.formats.format import Failed, Format, Part
from monitor.articles.formats.xml_text import (
    Element,
    all_named,
    as_html,
    attribute,
    first_named,
    language_of,
    parsed,
    text_of_first,
)

#: Codes of IPTC's and the agencies' media types that hold no text.
_NO_TEXT = ("photo", "picture", "graphic", "video", "audio", "image", "animation")
#: ``20260203T040506+0100``: ISO 8601 in its basic form.
_BASIC_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?")


def read(document: Document) -> Iterator[Part]:
    """The articles: each ``NewsItem`` with a text. Pictures beside a text are left out."""
    root = parsed(document)
    items = list(all_named(root, "NewsItem")) or [root]
    bodies = [(number, item, _body(item)) for number, item in enumerate(items, 1)]
    texts = [(number, item, body) for number, item, body in bodies if body is not None]
    if not texts:
        raise Undecodable(Reason.NO_BODY, "NewsML without a text in a DataContent; send items of text alone")
    sender = _party(root, "SentFrom")
    for number, item, body in texts:
        place = "" if len(texts) == 1 else f"item {number}"
        if body.text.strip():
            yield Entry(place, _fields(item, sender), None, body)
        else:
            yield Failed(place, Undecodable(Reason.EMPTY, "the text is empty"))


def recognises(beginning: Beginning) -> bool:
    """By the root element."""
    return beginning.root is not None and beginning.root.name == "newsml"


def _body(item: Element) -> Body | None:
    """The text of the first content that is one; ``None`` where the item has none."""
    for content in all_named(item, "ContentItem"):
        media = attribute(first_named(content, "MediaType"), "FormalName") or ""
        data = first_named(content, "DataContent")
        if data is None or media.lower() in _NO_TEXT:
            continue
        if len(data) == 0:
            text = data.text or ""
            if text.strip():
                return Body(text, "</p>" in text.lower())
            continue
        story = first_named(data, "body.content", "body")
        html = nitf.body_of(data) or as_html(data if story is None else story)
        if html.strip():
            return Body(html, True)
    return None


def _fields(item: Element, sender: str | None) -> dict[str, Any]:
    story = first_named(item, "nitf")
    inner = {} if story is None else {name: value for name, value in nitf.fields_of(story).items() if value}
    own = {
        "id": text_of_first(item, "PublicIdentifier", "NewsItemId"),
        "title": text_of_first(item, "HeadLine", "NewsLine"),
        "source": _party(item, "Provider", "Source") or text_of_first(item, "CreditLine", "ProviderId") or sender,
        "published": _date(text_of_first(item, "FirstCreated", "ThisRevisionCreated", "DateId")),
        "status": attribute(first_named(item, "Status"), "FormalName"),
        "language": attribute(first_named(item, "Language"), "FormalName") or language_of(item),
    }
    return inner | {name: value for name, value in own.items() if value}


def _party(item: Element, *names: str) -> str | None:
    """The name of the party in the first of those elements."""
    for name in names:
        for element in all_named(item, name):
            party = first_named(element, "Party")
            if formal_name := attribute(party, "FormalName"):
                return formal_name
    return None


def _date(text: str | None) -> str | None:
    """A date in ISO's extended form, which every parser takes."""
    basic = _BASIC_DATE.fullmatch(text or "")
    if basic is None:
        return text
    year, month, day, hour, minute, second, zone = basic.groups()
    time = f"T{hour}:{minute}:{second or '00'}{zone or ''}" if hour else ""
    return f"{year}-{month}-{day}{time}"


FORMAT = Format("newsml", "NewsML 1", read, recognises)
