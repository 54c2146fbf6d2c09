"""Dead letters: records that could not be decoded or scored, kept whole with the reason; written and read.

The headers are those of Kafka Connect, so that its tools read them. The raw key, value and headers of
the record are kept (a header without a value becomes an empty one), and its timestamp in a header: as
the dead letter's own it would let the topic's retention delete the letter of an old record at once.
"""

from __future__ import annotations

from typing import NamedTuple

from monitor.streaming.engine.records import Headers, Output

#: Kafka Connect's names (org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter).
PREFIX = "__connect.errors."
#: Our own: the bounded reason code, and the size of a value that was left out since the topic would not take it.
REASON = "monitor.reason"
VALUE_BYTES = "monitor.value.bytes"
#: When the record was written, milliseconds since 1970.
TIMESTAMP = "monitor.timestamp"
#: How many times a record was put back on its topic; on the record itself.
REPLAYS = "monitor.replays"
#: On a marker in the dead letters' topic: the offset, in its partition, of the letter that was replayed.
REPLAYED = "monitor.replayed"


def dead_letter(
    topic: str,
    *,
    source: tuple[str, int, int],
    key: bytes | None,
    value: bytes | None,
    headers: Headers,
    timestamp: float | None,
    reason: str,
    stage: str,
    error: BaseException,
) -> Output:
    """The dead letter of one record; ``source`` is its topic, partition and offset."""
    told: list[tuple[str, str]] = [
        (PREFIX + "topic", source[0]),
        (PREFIX + "partition", str(source[1])),
        (PREFIX + "offset", str(source[2])),
        (PREFIX + "stage", stage),
        (PREFIX + "exception.class.name", type(error).__name__),
        (PREFIX + "exception.message", str(error)[:500]),
        (REASON, reason),
    ]
    if timestamp is not None:
        told.append((TIMESTAMP, str(round(timestamp * 1000))))
    added = tuple((name, text.encode("utf-8", "replace")) for name, text in told)
    return Output(topic, key, value, headers + added)


def without_value(letter: Output) -> Output | None:
    """The same dead letter without its value, for a topic that takes no record so large.

    The headers still name the record's topic, partition and offset. ``None`` where no value is left
    to leave out.
    """
    if letter.value is None:
        return None
    size = (VALUE_BYTES, str(len(letter.value)).encode())
    return letter._replace(value=None, headers=(*letter.headers, size))


def why(output: Output) -> tuple[str | None, str]:
    """The reason and the message of a dead letter; ``None`` and nothing for any other output."""
    told = _told(output.headers)
    return told.get(REASON), told.get(PREFIX + "exception.message", "")


class Letter(NamedTuple):
    """A dead letter as it stands in its topic. What its headers do not say is ``None`` or empty."""

    #: Where the letter stands, and when it was written, in seconds since 1970.
    partition: int
    offset: int
    failed_at: float | None
    #: Where the record stood that it is of.
    topic: str
    source_partition: int | None
    source_offset: int | None
    reason: str
    message: str
    #: The record. Its value may have been left out as too large, and had then so many bytes.
    key: bytes | None
    value: bytes | None
    headers: Headers
    left_out: int | None
    #: How many times the record had been put back before it failed.
    replays: int


def letter(
    partition: int, offset: int, failed_at: float | None, key: bytes | None, value: bytes | None, headers: Headers
) -> Letter:
    """The dead letter in a record of the dead letters' topic, whoever wrote it.

    The record's own headers are those before what :func:`dead_letter` added, wherever a header of
    the same name stood among them.
    """
    begins = [place for place, (name, _) in enumerate(headers) if name == PREFIX + "topic"]
    own = headers[: begins[-1]] if begins else headers
    told = _told(headers[len(own) :])
    return Letter(
        partition,
        offset,
        failed_at,
        told.get(PREFIX + "topic", ""),
        _number(told.get(PREFIX + "partition")),
        _number(told.get(PREFIX + "offset")),
        told.get(REASON, "unknown"),
        told.get(PREFIX + "exception.message", ""),
        key,
        value,
        own,
        _number(told.get(VALUE_BYTES)),
        _number(_told(own).get(REPLAYS)) or 0,
    )


def replayed(headers: Headers) -> int | None:
    """The offset of the letter that a marker says was replayed; ``None`` where the record is no marker."""
    return (
        _number(headers[0][1].decode("utf-8", "replace")) if len(headers) == 1 and headers[0][0] == REPLAYED else None
    )


def put_back(found: Letter) -> Headers:
    """The headers with which a letter's record goes back: its own, and how many times it did."""
    own = tuple(pair for pair in found.headers if pair[0] != REPLAYS)
    return (*own, (REPLAYS, str(found.replays + 1).encode()))


def marker(found: Letter) -> Headers:
    """The headers of the marker which says that a letter was replayed."""
    return ((REPLAYED, str(found.offset).encode()),)


def _told(headers: Headers) -> dict[str, str]:
    return {name: text.decode("utf-8", "replace") for name, text in headers if name.startswith((PREFIX, "monitor."))}


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 19 else None
