"""A message of librdkafka's as the values that the rest of the code takes."""

from __future__ import annotations

from typing import cast

from confluent_kafka import Message

from monitor.streaming.engine.records import Headers


def headers_of(message: Message) -> Headers:
    """The headers, an empty value for none."""
    try:
        pairs = message.headers() or []
    except (SystemError, UnicodeDecodeError):
        # A name that is not UTF-8, which confluent-kafka cannot read: not one of ours.
        return ()
    return tuple((name, bytes_of(value) or b"") for name, value in cast("list[tuple[str, bytes | None]]", pairs))


def bytes_of(value: str | bytes | None) -> bytes | None:
    """A key or a value as bytes."""
    return value.encode() if isinstance(value, str) else value
