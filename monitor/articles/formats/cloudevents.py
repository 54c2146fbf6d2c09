"""CloudEvents: the article inside the envelope, and what the envelope says of it.

Structured mode has the whole event as JSON in the value; binary mode has the attributes in ``ce_``
headers and the data in the value (CloudEvents 1.0, Kafka protocol binding, section 3). Batched mode
is a list of events (JSON event format, section 4).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from monitor.articles.errors import Reason, Undecodable
from monitor.articles.formats.format import Nested
from monitor.articles.html_shape import looks_like_html
from monitor.articles.names import replace_surrogates


def is_event(document: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a CloudEvent in structured mode."""
    return "specversion" in document and ("data" in document or "data_base64" in document)


def data_of(event: Mapping[str, Any], place: str, outer: Mapping[str, Any]) -> Nested:
    """The data of a structured CloudEvent, a document within it.

    ``outer`` is what the record says of the article; the event's own attributes come before it.

    Raises:
        Undecodable: its ``data_base64`` is none.
    """
    attributes = {"id": event.get("id"), "source": event.get("source"), "published_at": event.get("time")}
    envelope = dict(outer) | {name: value for name, value in attributes.items() if value is not None}
    data = event.get("data")
    declared = event.get("datacontenttype")
    content_type = declared if isinstance(declared, str) else ""
    if data is None and "data_base64" in event:
        try:
            data = base64.b64decode(event["data_base64"], validate=True)
        except (binascii.Error, TypeError, ValueError) as error:
            raise Undecodable(
                Reason.BODY_TYPE, "the event's data_base64 is not Base64; encode it, or send data"
            ) from error
        return Nested(place, data, content_type, envelope)
    if isinstance(data, str):
        text = replace_surrogates(data)
        # A JSON string has its charset behind it.
        return Nested(place, text.encode(), content_type.partition(";")[0] or _type_of(text), envelope)
    return Nested(place, json.dumps(data).encode(), "application/json", envelope)


def attributes_in_headers(headers: Mapping[str, str]) -> dict[str, Any]:
    """What a binary CloudEvent's headers say of the article; empty where they are none."""
    if "ce_specversion" not in headers and "ce_id" not in headers:
        return {}
    return {
        "id": headers.get("ce_id"),
        "source": headers.get("ce_source"),
        "published_at": headers.get("ce_time"),
    }


def _type_of(text: str) -> str:
    """The content type of data that is a string and declares none: plain text, unless its shape is another's."""
    if text.lstrip()[:1] in ("{", "["):
        return "application/json"
    return "" if text.lstrip().startswith("<") or looks_like_html(text) else "text/plain"
