"""Which format a document has: as it is said to be, else by its content type, first bytes, root element and name.

What is none that is read is refused by its name; nothing is taken for something else.
"""

from __future__ import annotations

import re

from monitor.articles.beginning import Beginning
from monitor.articles.document import Document
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.formats import FORMATS, html_page, json_documents, plain_text, tables
from monitor.articles.formats.format import Format
from monitor.articles.formats.unread import (
    KINDS_OF_TEXT,
    refused,
    unknown_binary,
    unknown_xml,
    unread_by_content,
    unread_by_name,
    unread_by_type,
)

#: How a JSON text begins or, where it is no object or list, what it is: in a record it is read as JSON, which says
#: what is wrong with it.
_JSON_VALUE = re.compile(r"[{\[\"]|(?:null|true|false|-?\d[\d.eE+-]*)\s*\Z")


def format_of(document: Document, name: str | None = None) -> Format:
    """The format of a document: the one of that name, else the one that it is recognised as.

    Raises:
        Undecodable: it is empty, of a kind that is not read or not known, or read from files alone.
    """
    format_ = _named(name) if name is not None else _recognised(document)
    if format_.only_files and document.file is None:
        raise refused(
            f"{format_.title} in a record",
            "it is read from files; monitor feed FILE puts each of its articles on the topic",
        )
    return format_


def _named(name: str) -> Format:
    return next(format_ for format_ in FORMATS if format_.name == name)


def _recognised(document: Document) -> Format:
    beginning = Beginning.of(document.head, document.charset)
    if not beginning.text and not document.head.strip():
        raise Undecodable(Reason.EMPTY, "nothing arrived: the record or file is empty")
    declared = next((f for f in FORMATS if document.content_type in f.content_types), None)
    if error := unread_by_content(beginning) or unread_by_type(document.content_type):
        raise error
    recognised = next((f for f in FORMATS if f.recognises(beginning)), None)
    if declared is not None:
        return _declared_or_recognised(declared, recognised)
    if recognised is not None:
        return recognised
    if error := unread_by_content(beginning, KINDS_OF_TEXT):
        raise error
    return _by_root_or_name(document, beginning)


def _declared_or_recognised(declared: Format, recognised: Format | None) -> Format:
    """What is declared to be text or HTML, and begins as only another format does, is that other one."""
    weak = {"text": (html_page.FORMAT, tables.FORMAT), "html": (tables.FORMAT,)}.get(declared.name)
    if weak is None or recognised is None or recognised in weak:
        return declared
    return recognised


def _by_root_or_name(document: Document, beginning: Beginning) -> Format:
    if beginning.root is not None:
        raise unknown_xml(beginning.root.name)
    if document.file is None and _JSON_VALUE.match(beginning.text):
        return json_documents.FORMAT
    if error := unread_by_name(document.name):
        raise error
    named = next((f for f in FORMATS if f.endings and document.name.endswith(f.endings)), None)
    if named is not None:
        return named
    if error := unknown_binary(beginning):
        raise error
    if document.file is None:
        raise Undecodable(
            Reason.UNKNOWN_FORMAT,
            "neither JSON nor XML nor HTML; send a content-type (text/plain for text), or set input in monitor.toml",
        )
    return plain_text.FORMAT
