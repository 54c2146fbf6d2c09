"""Plain text: all of it is the body."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.articles.beginning import Beginning
from monitor.articles.body import Body
from monitor.articles.document import Document
from monitor.articles.fields import Entry
from monitor.articles.formats.format import Format


def read(document: Document) -> Iterator[Entry]:
    """One article."""
    value = document.value()
    yield Entry("", {}, value, Body(document.text_of(value), False))


def recognises(_: Beginning) -> bool:
    """Never: any text may be one; its content type or name must say so."""
    return False


FORMAT = Format(
    "text",
    "plain text",
    read,
    recognises,
    content_types=("text/plain", "text/markdown"),
    endings=(".txt", ".text", ".md"),
)
