"""CloudEvents over Kafka: the article inside the envelope, and what the envelope says of it.

Structured mode has the whole event as JSON in the value; binary mode has the attributes in ``ce_``
headers and the data in the value (CloudEvents 1.0, Kafka protocol binding, section 3).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, NamedTuple

from monitor.articles.errors import Reason, Undecodable


class Event(NamedTuple):
    """What a CloudEvent carries: JSON, or text of a type; ``said`` is what its envelope says of it."""

    data: Any
    content_type: str
    said: dict[str, Any]


def is_event(found: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a CloudEvent in structured mode."""
    return "specversion" in found and ("data" in found or "data_base64" in found)


def opened(found: Mapping[str, Any]) -> Event:
    """The data of a structured CloudEvent: bytes where it stands as ``data_base64``.

    Raises:
        Undecodable: its ``data_base64`` is none.
    """
    data = found.get("data")
    content_type = found.get("datacontenttype")
    if data is None and "data_base64" in found:
        try:
            data = base64.b64decode(found["data_base64"], validate=True)
        except (binascii.Error, TypeError, ValueError) as error:
            raise Undecodable(
                Reason.BODY_TYPE, "the event's data_base64 is no Base64; encode it, or send data"
            ) from error
    said = {"id": found.get("id"), "source": found.get("source"), "published_at": found.get("time")}
    return Event(data, content_type.strip().lower() if isinstance(content_type, str) else "", said)


def in_headers(headers: Mapping[str, str]) -> dict[str, Any]:
    """What a binary CloudEvent's headers say of the article; empty where they are none."""
    if "ce_specversion" not in headers and "ce_id" not in headers:
        return {}
    return {
        "id": headers.get("ce_id"),
        "source": headers.get("ce_source"),
        "published_at": headers.get("ce_time"),
    }
