"""Reuters' SGML, as its collection of 1987 is kept (Reuters-21578): an article in each ``REUTERS`` element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from monitor.articles.beginning import Beginning
from monitor.articles.body import Body
from monitor.articles.document import Document, too_large
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.fields import Entry
from monitor.articles.formats.format import Failed, Format, Part

_BEGIN, _END = b"<REUTERS", b"</REUTERS>"
_ID = re.compile(r'NEWID="(\d{1,10})"')
_ELEMENT = {
    name: re.compile(rf"<{name}\b[^>]*>(.*?)</{name}>", re.DOTALL) for name in ("TITLE", "BODY", "DATE", "TEXT")
}
_TAG = re.compile(r"<[^>]*>")
#: What ends each text of the collection: the word Reuter and the sign that ends a transmission.
_CONTROL = re.compile(r"&#\d{1,2};|[\x00-\x08\x0b-\x1f]")


def read(document: Document) -> Iterator[Part]:
    """The articles, one by one; one without a text is named."""
    held: list[bytes] = []
    size = number = 0
    longest = document.limits.record_bytes
    for line in document.lines():
        if _BEGIN in line:
            held, size, number = [], 0, number + 1
        held.append(line[: max(0, longest + 1 - size)])
        size += len(line)
        if _END in line and number:
            place = f"item {number}"
            yield Failed(place, too_large(longest)) if size > longest else _part(b"".join(held), place)
            held, size = [], 0
    if number and any(_BEGIN in line for line in held):
        raise Undecodable(Reason.UNREADABLE, f"the collection ends in the middle of article {number}")
    if not number:
        raise Undecodable(Reason.EMPTY, "Reuters' SGML without an article")


def recognises(beginning: Beginning) -> bool:
    """By its document type or its first element."""
    return beginning.doctype == "lewis" or (beginning.root is not None and beginning.root.name == "reuters")


def _part(value: bytes, place: str) -> Part:
    text = value.decode("utf-8", "replace") if value.isascii() else value.decode("latin-1")
    id_ = _ID.search(text)
    body = _content(text, "BODY") or (_without_title(text) if 'TYPE="UNPROC"' in text else "")
    if not body.strip():
        return Failed(place, Undecodable(Reason.NO_BODY, "an article without a BODY: a headline alone"))
    fields = {
        "id": f"reuters-{id_[1]}" if id_ else None,
        "title": " ".join(_content(text, "TITLE").split()) or None,
        "published": _content(text, "DATE").strip() or None,
        "source": "Reuters",
        "language": "en",
    }
    return Entry(place, fields, value, Body(body.strip(), False))


def _content(text: str, name: str) -> str:
    element = _ELEMENT[name].search(text)
    return unescape(_CONTROL.sub("", element[1])) if element else ""


def _without_title(text: str) -> str:
    return _TAG.sub("", _content(text, "TEXT"))


FORMAT = Format("reuters-sgml", "Reuters' SGML", read, recognises, endings=(".sgm", ".sgml"), only_files=True)
