"""The beginning of a document: what formats are told apart by."""

from __future__ import annotations

import re
from typing import NamedTuple

from monitor.articles.charset import declared_charset, mark_of

#: What may stand before the root element: XML's declaration, comments, a document type.
_BEFORE_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!doctype[^\[>]*+(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_DOCTYPE = re.compile(r"<!doctype\s+([^\s>\[]+)", re.IGNORECASE)
_TAG = re.compile(r"<(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>?")


class Root(NamedTuple):
    """A markup document's first element: its local name, lower-case, and its attributes as written.

    ``is_xml`` says whether the document declares itself XML: by ``<?xml``, a namespace or a prefix.
    """

    name: str
    attributes: str
    is_xml: bool


class Beginning(NamedTuple):
    """The first bytes of a document, the same as text without what is blank, and its root element."""

    value: bytes
    text: str
    root: Root | None
    doctype: str

    @classmethod
    def of(cls, head: bytes, charset: str | None) -> Beginning:
        """The beginning in the first bytes of a document, of which the last character may be cut."""
        encoding = mark_of(head) or charset or declared_charset(head) or "utf-8"
        try:
            text = head.decode(encoding, "replace")
        except (LookupError, ValueError):
            text = head.decode("latin-1")
        text = text.lstrip("\ufeff \t\r\n\x00")
        doctype = _DOCTYPE.search(text[:2_000]) if text.startswith("<") else None
        return cls(head, text, _root(text), doctype[1].lower() if doctype else "")


def _root(text: str) -> Root | None:
    if not text.startswith("<"):
        return None
    at = 0
    while (before := _BEFORE_ROOT.match(text, at)) and before.end() > at:
        at = before.end()
    tag = _TAG.match(text, at)
    if tag is None:
        return None
    prefix, name, attributes = tag.groups()
    is_xml = text.startswith("<?xml") or bool(prefix) or "xmlns" in attributes
    return Root(name.lower(), attributes, is_xml)
