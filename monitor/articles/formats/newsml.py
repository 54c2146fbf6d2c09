"""NewsML 1: each NewsItem's text in NITF, XHTML or plain, as the agencies write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any, NamedTuple

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
from monitor.articles.html_shape import looks_like_html

#: Codes of IPTC's and the agencies' media types that hold no text.
_NO_TEXT = ("photo", "picture", "graphic", "video", "audio", "image", "animation")
#: Roles of a NewsComponent whose text is no part of the story, and of one that begins it.
_NO_STORY, _LEAD = ("title", "headline", "caption", "abstract", "summary", "keywords", "editor note"), "lead"
#: ``20260203T040506+0100``: ISO 8601 in its basic form.
_BASIC_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?")


def read(document: Document) -> Iterator[Part]:
    """The articles: each ``NewsItem`` with a text. Pictures beside a text are left out."""
    root = parsed(document)
    items = list(all_named(root, "NewsItem")) or [root]
    stories = [(number, item, _story(item)) for number, item in enumerate(items, 1)]
    texts = [(number, item, story) for number, item, story in stories if story is not None]
    if not texts:
        raise Undecodable(Reason.NO_BODY, "NewsML without a text in a DataContent; send items of text alone")
    sender = _party(root, "SentFrom")
    for number, item, story in texts:
        place = "" if len(texts) == 1 else f"item {number}"
        if story.body.text.strip():
            yield Entry(place, _fields(item, story.component, sender), None, story.body)
        else:
            yield Failed(place, Undecodable(Reason.EMPTY, "the text is empty"))


def recognises(beginning: Beginning) -> bool:
    """By the root element."""
    return beginning.root is not None and beginning.root.name == "newsml"


class _Text(NamedTuple):
    """A text of an item, the component around it, and what part of a story that says it is."""

    body: Body
    component: Element
    role: str


def _story(item: Element) -> _Text | None:
    """The first text of an item that is no headline, caption or summary, behind its lead where that stands apart.

    ``None`` where the item has none.
    """
    texts = [text for text in _texts(item) if text.role not in _NO_STORY]
    filled = [text for text in texts if text.body.text.strip()]
    if not filled:
        return texts[0] if texts else None
    lead, *others = filled
    # Components beside each other are parts of one story; another story, or another language, is a component above.
    rest = [text for text in others if text.component.getparent() is lead.component.getparent()]
    if lead.role != _LEAD or not rest:
        return lead
    return lead._replace(body=_joined(lead.body, rest[0].body))


def _joined(first: Body, second: Body) -> Body:
    if first.html == second.html:
        return Body(f"{first.text}\n{second.text}", first.html)
    return Body(
        "".join(body.text if body.html else f"<pre>{escape(body.text)}</pre>" for body in (first, second)), True
    )


def _texts(item: Element) -> Iterator[_Text]:
    for content in all_named(item, "ContentItem"):
        media = attribute(first_named(content, "MediaType"), "FormalName") or ""
        data = first_named(content, "DataContent")
        component = content.getparent()
        if data is None or component is None or media.lower() in _NO_TEXT:
            continue
        role = (attribute(component.find("{*}Role"), "FormalName") or "").lower()
        yield _Text(_body_of(data), component, role)


def _body_of(data: Element) -> Body:
    """NITF, XHTML or plain text, empty where there is none."""
    if len(data) == 0:
        text = data.text or ""
        return Body(text, "</p>" in text.lower() or looks_like_html(text))
    story = first_named(data, "body.content", "body")
    return Body(nitf.body_of(data) or as_html(data if story is None else story), True)


def _fields(item: Element, component: Element, sender: str | None) -> dict[str, Any]:
    story = first_named(item, "nitf")
    inner = {} if story is None else {name: value for name, value in nitf.fields_of(story).items() if value}
    own = {
        "id": text_of_first(item, "PublicIdentifier", "NewsItemId"),
        "title": text_of_first(item, "HeadLine", "NewsLine"),
        "source": _party(item, "Provider", "Source") or text_of_first(item, "CreditLine", "ProviderId") or sender,
        "published": _date(text_of_first(item, "FirstCreated", "ThisRevisionCreated", "DateId")),
        "status": attribute(first_named(item, "Status"), "FormalName"),
        "language": attribute(first_named(item, "Language"), "FormalName") or language_of(component),
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
