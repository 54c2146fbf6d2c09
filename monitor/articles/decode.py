"""A record's bytes, turned into an article."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from monitor.articles.article import Article
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.fields import from_html, from_object, from_text

Headers = Sequence[tuple[str, bytes]]


def decode(
    value: bytes | None,
    *,
    key: bytes | None = None,
    headers: Headers = (),
    fields: Mapping[str, str] | None = None,
    max_record_bytes: int = 5_000_000,
    max_text_characters: int = 1_048_576,
) -> Article:
    """The article in a record: JSON, a CloudEvent around it, HTML or plain text by its content type.

    Without a content type a record is JSON. ``fields`` names where fields stand, by dotted paths.

    Raises:
        Undecodable: the record is not an article; its reason is one of a bounded set.
    """
    if value is None:
        raise Undecodable(Reason.TOMBSTONE, "a tombstone: the record has no value")
    if len(value) > max_record_bytes:
        raise Undecodable(
            Reason.RECORD_TOO_LARGE, f"{len(value)} bytes, more than max_record_bytes = {max_record_bytes}"
        )
    content_type = _header(headers, "content-type") or _header(headers, "ce_datacontenttype") or ""
    identity = _header(headers, "ce_id") or (key.decode("utf-8", "replace") if key else None)
    if content_type.startswith(("text/html", "application/xhtml")):
        article = from_html(utf8(value), value, identity)
    elif content_type.startswith("text/plain"):
        article = from_text(utf8(value), value, identity)
    else:
        found = parse_json(value)
        if not isinstance(found, dict):
            raise Undecodable(
                Reason.NOT_AN_OBJECT, f"JSON, but of type {type(found).__name__}; an article is one object"
            )
        article = from_object(_unwrapped(found), value, identity, fields or {})
    if not article.text.strip():
        raise Undecodable(Reason.EMPTY, "the text is empty")
    if len(article.text) > max_text_characters:
        raise Undecodable(
            Reason.TEXT_TOO_LARGE,
            f"{len(article.text)} characters of text, more than max_text_characters = {max_text_characters}",
        )
    return article


def utf8(value: bytes) -> str:
    """Text of bytes, a byte order mark left out.

    Raises:
        Undecodable: they are not UTF-8; the message says where.
    """
    try:
        return value.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Undecodable(
            Reason.NOT_UTF8, f"not UTF-8: byte {error.start} is 0x{value[error.start]:02x}; convert it to UTF-8 first"
        ) from error


def parse_json(value: bytes) -> Any:
    """What a JSON text holds.

    Raises:
        Undecodable: it is not JSON, not UTF-8, or nested too deep.
    """
    if not value.strip():
        raise Undecodable(Reason.EMPTY, "the record is empty")
    try:
        return msgspec.json.decode(value)
    except RecursionError as error:
        raise Undecodable(Reason.TOO_DEEP, "JSON nested too deep") from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _lenient(utf8(value))


def _lenient(text: str) -> Any:
    """JSON as Python's own parser takes it: lone surrogates, NaN and integers of any size among it."""
    try:
        return json.loads(text, strict=False)
    except RecursionError as error:
        raise Undecodable(Reason.TOO_DEEP, "JSON nested too deep") from error
    except ValueError as error:
        where = f"{error.msg} at character {error.pos}" if isinstance(error, json.JSONDecodeError) else str(error)[:100]
        raise Undecodable(Reason.NOT_JSON, f"not JSON: {where}") from error


def _unwrapped(found: dict[str, Any]) -> dict[str, Any]:
    """The data of a structured CloudEvent; anything else as it is."""
    data = found.get("data")
    if "specversion" in found and isinstance(data, dict):
        return {"id": found.get("id"), "source": found.get("source"), "published_at": found.get("time")} | data
    return found


def _header(headers: Headers, name: str) -> str | None:
    for header, value in headers:
        if header.lower() == name:
            return (
                value.decode("utf-8", "replace").strip().lower()
                if name == "content-type"
                else value.decode("utf-8", "replace")
            )
    return None
