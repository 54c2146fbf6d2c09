"""NITF, the news industry's text format, also as it stands within NewsML; agencies' variants of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from monitor.articles.beginning import Beginning
from monitor.articles.body import Body
from monitor.articles.document import Document
from monitor.articles.fields import Entry
from monitor.articles.formats.format import Format, Part
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


def read(document: Document) -> Iterator[Part]:
    """The article of each ``nitf`` element."""
    root = parsed(document)
    stories = list(all_named(root, "nitf")) or [root]
    for number, story in enumerate(stories, 1):
        place = "" if len(stories) == 1 else f"item {number}"
        yield Entry(place, fields_of(story), None, Body(body_of(story) or "", True))


def body_of(story: Element) -> str | None:
    """The body of a story as HTML; ``None`` where it has none."""
    content = list(all_named(story, "body.content"))
    if not content:
        body = first_named(story, "body")
        content = [body] if body is not None else []
    html = "".join(f"<div>{as_html(part)}</div>" for part in content)
    return html or None


def fields_of(story: Element) -> dict[str, Any]:
    """What a story's head says of it, under built-in names."""
    data = first_named(story, "docdata")
    head = story if data is None else data
    issued = [first_named(head, name) for name in ("date.issue", "date.release")]
    published = next((date for element in issued if (date := attribute(element, "norm"))), None)
    publication = first_named(story, "pubdata")
    return {
        "id": attribute(first_named(head, "doc-id"), "id-string"),
        "title": text_of_first(story, "hl1", "hedline", "headline", "title"),
        "source": attribute(publication, "name")
        or text_of_first(story, "distributor", "credit", "copyrite.holder")
        or attribute(first_named(head, "doc.copyright"), "holder")
        or attribute(first_named(head, "doc-id"), "regsrc"),
        "url": attribute(publication, "ex-ref"),
        "published": published or attribute(publication, "date.publication"),
        "expires": attribute(first_named(head, "date.expire"), "norm"),
        "status": attribute(data, "management-status"),
        "language": language_of(story) or attribute(first_named(story, "body", "body.content"), "lang"),
    }


def recognises(beginning: Beginning) -> bool:
    """By the root element."""
    return beginning.root is not None and beginning.root.name in ("nitf", "nitf-document")


FORMAT = Format("nitf", "NITF", read, recognises, content_types=("application/nitf+xml",), endings=(".nitf",))
