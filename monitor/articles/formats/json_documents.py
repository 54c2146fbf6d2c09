"""JSON: one object or list, JSON Lines, JSON text sequences (RFC 7464), or objects one after the other.

What an object is (ninjs, schema.org, a CloudEvent, a feed, an API's answer) is told in ``envelopes.py``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from monitor.articles.beginning import Beginning
from monitor.articles.charset import as_utf8
from monitor.articles.document import Document, too_large
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.formats.envelopes import Known, parts_of
from monitor.articles.formats.format import Failed, Format, Part
from monitor.articles.jsontext import parse_json

#: How a JSON text begins that may hold articles: an object, or a list of objects. ``[Update] The …``
#: and ``{sic} …`` are plain text.
_BEGINS = re.compile(r"(?:\{\s*(?:[\"}]|\Z)|\[\s*(?:[{\[\]]|\Z))")
#: Lines that hold something, looked at to tell JSON Lines.
_LOOKED_AT = 3
#: Stands before each text of a sequence (RFC 7464).
_SEPARATOR = b"\x1e"


def read(document: Document) -> Iterator[Part]:
    """The articles of each JSON text; a damaged line of JSON Lines does not end them."""
    if document.head.lstrip().startswith(_SEPARATOR):
        yield from _sequence(document.lines(), document)
    elif document.file is None:
        yield from _texts(as_utf8(document.value(), document.charset), document)
    else:
        lines = document.lines()
        head = list(_until_told(lines))
        if _is_json_lines(document.name, head):
            yield from _lines(chain(head, lines), document)
        else:
            yield from _texts(_joined(chain(head, lines), document), document)


def lines_as_they_are(document: Document) -> Iterator[bytes] | None:
    """The lines of JSON Lines as they stand, damaged and too long ones too; ``None`` for any other JSON.

    A document can be read once: where this is ``None``, :func:`read` still reads all of it.
    """
    if document.head.lstrip().startswith(_SEPARATOR) or not _is_json_lines(document.name, _first_lines(document.head)):
        return None
    return document.lines()


def recognises(beginning: Beginning) -> bool:
    """By the first characters of a JSON text, also where the first lines of JSON Lines are damaged."""
    text = beginning.text
    if text.startswith("\x1e"):
        return True
    return _BEGINS.match(text) is not None or (text.startswith("{") and text.count("\n{") > 0)


def _lines(lines: Iterator[bytes], document: Document) -> Iterator[Part]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield from _line(line, f"line {number}", document)


def _line(line: bytes, place: str, document: Document) -> Iterator[Part]:
    if len(line) > document.limits.record_bytes:
        yield Failed(place, too_large(document.limits.record_bytes))
        return
    try:
        value = parse_json(line)
    except Undecodable as error:
        yield Failed(place, error)
        return
    raw = line if isinstance(value, dict) else None
    yield from parts_of(value, place, raw, Known(document.envelope, document.body_paths), document.items_path)


def _sequence(lines: Iterator[bytes], document: Document) -> Iterator[Part]:
    number, held = 0, b""
    for line in lines:
        *texts, rest = (held + line).split(_SEPARATOR) if _SEPARATOR in line else (held + line,)
        for text in texts:
            if text.strip():
                number += 1
                yield from _line(text, f"item {number}", document)
        held = rest if len(rest) <= document.limits.record_bytes else rest[: document.limits.record_bytes + 1]
    if held.strip():
        yield from _line(held, f"item {number + 1}", document)


def _texts(value: bytes, document: Document) -> Iterator[Part]:
    """One JSON text, or several: a line each, or one after the other."""
    try:
        parsed = parse_json(value)
    except Undecodable as error:
        if error.reason is not Reason.NOT_JSON or not value.lstrip().startswith((b"{", b"[")):
            raise
        if _is_json_lines(document.name, _first_lines(value)):
            yield from _lines(iter(value.split(b"\n")), document)
        else:
            yield from _one_after_the_other(value, error, document)
        return
    yield from parts_of(parsed, "", value, Known(document.envelope, document.body_paths), document.items_path)


def _one_after_the_other(value: bytes, error: Undecodable, document: Document) -> Iterator[Part]:
    """The JSON texts of a value that is not one; raises ``error`` where not even the first is whole."""
    text = value.decode("utf-8", "surrogateescape")
    decoder = json.JSONDecoder(strict=False)
    number, at = 0, _next(text, 0)
    while at < len(text):
        number += 1
        try:
            parsed, at = decoder.raw_decode(text, at)
        except RecursionError:
            yield Failed(f"item {number}", Undecodable(Reason.TOO_DEEP, "JSON nested too deep"))
            return
        except ValueError as broken:
            if number == 1:
                raise error from broken
            message = f"not JSON from character {at} on; the articles before it were read"
            yield Failed(f"item {number}", Undecodable(Reason.NOT_JSON, message))
            return
        yield from parts_of(
            parsed, f"item {number}", None, Known(document.envelope, document.body_paths), document.items_path
        )
        at = _next(text, at)


def _next(text: str, at: int) -> int:
    """The place of the next character that is neither blank nor a comma."""
    blank = re.compile(r"[\s,]*").match(text, at)
    return blank.end() if blank else at


def _joined(lines: Iterator[bytes], document: Document) -> bytes:
    longest = document.limits.record_bytes
    held, size = [], 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size > longest:
            if held[0].lstrip().startswith(b"["):
                message = f"a list of more than max_record_bytes = {longest}; write one object a line (JSON Lines)"
                raise Undecodable(Reason.RECORD_TOO_LARGE, message)
            raise too_large(longest)
    return b"".join(held)


def _until_told(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The first lines: enough to tell whether each is a JSON text of its own."""
    seen = 0
    for line in lines:
        yield line
        seen += bool(line.strip())
        # A whole object on the first line tells it at once: the lines of a pipe are not waited for.
        if seen == _LOOKED_AT or (seen == 1 and _is_object(line)):
            return


def _first_lines(value: bytes) -> list[bytes]:
    return [line for line in value.split(b"\n", 50) if line.strip()][:_LOOKED_AT]


def _is_json_lines(name: str, head: list[bytes]) -> bool:
    """Whether each line is a record of its own; a damaged line among the first does not hide it."""
    if name.endswith((".jsonl", ".ndjson")):
        return True
    lines = [line for line in head if line.strip()]
    if not lines or lines[0].lstrip().startswith(b"["):
        return False
    # A whole object on the first line is a record. Else that line may be damaged: a JSON text over several
    # lines has no second line that begins with a brace.
    return _is_object(lines[0]) or (len(lines) > 1 and all(line.startswith(b"{") for line in lines[:2]))


def _is_object(line: bytes) -> bool:
    try:
        value: Any = parse_json(line)
    except Undecodable:
        return False
    return isinstance(value, dict)


FORMAT = Format(
    "json",
    "JSON",
    read,
    recognises,
    content_types=(
        "application/json",
        "text/json",
        "application/x-ndjson",
        "application/jsonl",
        "application/json-seq",
        "application/ld+json",
        "application/feed+json",
        "application/cloudevents+json",
        "application/cloudevents-batch+json",
    ),
    endings=(".json", ".jsonl", ".ndjson", ".jsonld", ".json-seq"),
)
