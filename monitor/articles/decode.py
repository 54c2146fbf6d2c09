"""A record's bytes, turned into an article."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from monitor.articles.article import Article
from monitor.articles.cloudevents import in_headers, is_event, opened
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.fields import article_in, from_html, from_object, from_text, source_in
from monitor.articles.html import looks_like_html
from monitor.articles.jsontext import parse_json, utf8
from monitor.articles.names import LONGEST_SOURCE, clean, replace_surrogates
from monitor.articles.size_limits import SizeLimits

Headers = Sequence[tuple[str, bytes]]

#: Characters of a header or key that are looked at.
LONGEST_HEADER = 4_000


@dataclass(frozen=True)
class Decoder:
    """Turns records into articles: where fields stand in an object, and how large things may be.

    ``fields`` names where fields of an article stand, by dotted paths.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    limits: SizeLimits = field(default_factory=SizeLimits)

    def decode(self, value: bytes | None, *, key: bytes | None = None, headers: Headers = ()) -> Article:
        """The article in a record: JSON, a CloudEvent around it, HTML or plain text by its content type.

        Without a content type a record is JSON.

        Raises:
            Undecodable: the record is not an article; its reason is one of a bounded set.
        """
        if value is None:
            raise Undecodable(Reason.TOMBSTONE, "a tombstone: the record has no value")
        if len(value) > self.limits.record_bytes:
            # How much larger is not said: a file's line arrives cut.
            raise Undecodable(
                Reason.RECORD_TOO_LARGE,
                f"more than max_record_bytes = {self.limits.record_bytes} bytes; send less, or raise it in "
                "monitor.toml",
            )
        named = {name.lower(): text[:LONGEST_HEADER].decode("utf-8", "replace") for name, text in reversed(headers)}
        content_type = named.get("content-type") or named.get("ce_datacontenttype") or ""
        envelope = in_headers(named)
        if not envelope.get("id") and key:
            envelope["id"] = key[:LONGEST_HEADER].decode("utf-8", "replace")
        article = _article(value, content_type.strip().lower(), envelope, self.fields)
        if not article.text.strip():
            raise Undecodable(Reason.EMPTY, "the text is empty")
        if len(article.text) > self.limits.text_characters:
            raise Undecodable(
                Reason.TEXT_TOO_LARGE,
                f"{len(article.text)} characters of text, more than max_text_characters = "
                f"{self.limits.text_characters}; send less, or raise it in monitor.toml",
            )
        return article

    def source_of(self, value: bytes | None, headers: Headers = ()) -> str | None:
        """The source that a record names, also one that is no article; ``None`` where it names none or is too large."""
        if len(value or b"") > self.limits.record_bytes:
            return None
        named = {name.lower(): text[:LONGEST_HEADER].decode("utf-8", "replace") for name, text in reversed(headers)}
        envelope = in_headers(named)
        document: Any = None
        with contextlib.suppress(Undecodable):
            document = parse_json(value or b"")
            if isinstance(document, dict) and is_event(document):
                event = opened(document)
                envelope = envelope | {name: text for name, text in event.said.items() if text is not None}
                document = event.data
        declared = source_in(article_in(document), self.fields) if isinstance(document, dict) else None
        return declared or clean(envelope.get("source"), LONGEST_SOURCE)


def _article(value: bytes, content_type: str, said: dict[str, Any], fields: Mapping[str, str]) -> Article:
    if content_type.startswith(("text/html", "application/xhtml")):
        return from_html(utf8(value), value, said)
    if content_type.startswith("text/plain"):
        return from_text(utf8(value), value, said)
    found = _object(parse_json(value))
    if not is_event(found):
        return from_object(article_in(found), value, said, fields)
    event = opened(found)
    # The key stands in for an event's id, not the other way about.
    said = said | {name: text for name, text in event.said.items() if text is not None}
    if isinstance(event.data, str):
        return _article(replace_surrogates(event.data).encode(), _kind(event.data, event.content_type), said, fields)
    if isinstance(event.data, bytes):
        return _article(event.data, event.content_type, said, fields)
    return from_object(article_in(_object(event.data)), value, said, fields)


def _kind(text: str, declared: str) -> str:
    """The content type of an event's data that is a string: as declared, else JSON once more, HTML or text."""
    if declared.startswith("text/"):
        return declared
    if text.lstrip().startswith("{"):
        return "application/json"
    return "text/html" if looks_like_html(text) else "text/plain"


def _object(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise Undecodable(Reason.NOT_AN_OBJECT, f"JSON, but of type {type(found).__name__}; an article is one object")
    return found
