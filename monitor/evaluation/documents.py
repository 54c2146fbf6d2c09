"""Documents of which the truth is known: a body, and where there is one the page or container it came in."""

from __future__ import annotations

from typing import NamedTuple

import msgspec


class Unusable(ValueError):
    """A record that is no document; the message says why."""


class Document(NamedTuple):
    """One document: its known body, and lines that hold it among others, each with whether it is the body's."""

    set: str
    id: str
    body: str
    container: tuple[str, ...] = ()
    container_content: tuple[bool, ...] = ()
    waste: tuple[str, ...] = ()


class _Row(msgspec.Struct):
    id: str | int = ""
    set: str = ""
    body: str = ""
    text: str = ""
    container: list[str] = []
    container_content: list[bool | int] = []
    page: list[str] = []
    page_content: list[bool | int] = []


def read_document(line: bytes, name: str) -> Document:
    """A document from one line of JSON; its set is the line's own, else ``name``.

    Raises:
        Unusable: the line is no JSON object of such a form, has no body, or a line without its label.
    """
    try:
        row = msgspec.json.decode(line, type=_Row)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unusable(f"not a document: {error}") from error
    body = row.body or row.text
    if not body.strip():
        raise Unusable("no text under body or text")
    if len(row.container) != len(row.container_content) or len(row.page) != len(row.page_content):
        raise Unusable("container or page has not one label a line")
    return Document(
        set=row.set or name,
        id=str(row.id),
        body=body,
        container=tuple(row.container),
        container_content=tuple(bool(inside) for inside in row.container_content),
        waste=tuple(text for text, inside in zip(row.page, row.page_content, strict=True) if not inside),
    )
