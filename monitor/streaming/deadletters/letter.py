"""Dead letters: records that could not be decoded or scored, kept whole with the reason; written and read.

The headers are those of Kafka Connect, so that its tools read them. The raw key, value and headers of
the record are kept (a header without a value becomes an empty one), and its timestamp in a header: as
the dead letter's own it would let the topic's retention delete the letter of an old record at once.
"""

from __future__ import annotations

from typing import NamedTuple

from monitor.streaming.engine.records import Headers, InputRecord, Output

#: Kafka Connect's names (org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter).
PREFIX = "__connect.errors."
#: Our own: the bounded reason code, and the size of a value that was left out since the topic would not take it.
REASON = "monitor.reason"
VALUE_BYTES = "monitor.value.bytes"
#: Which of the articles of a record that holds several could not be handled, from 1.
ITEM = "monitor.item"
#: When the record was written, milliseconds since 1970.
TIMESTAMP = "monitor.timestamp"
#: How many times a record was put back on its topic; on the record itself.
REPLAYS = "monitor.replays"
#: On a marker in the dead letters' topic: the offset, in its partition, of the letter that was replayed.
REPLAYED = "monitor.replayed"


class Refused(Exception):
    """Why a record cannot be handled; a stage raises it. Its message is the cause's."""

    def __init__(self, reason: str, step: str, cause: Exception, item: int | None = None) -> None:
        """``reason`` is of a bounded set; ``step`` is what was being done: ``decode``, ``score``, ``deliver``.

        ``item`` counts the articles of a record that holds several, from 1.
        """
        super().__init__(str(cause))
        self.reason = reason
        self.step = step
        self.cause = cause
        self.item = item


def dead_letter(topic: str, record: InputRecord, refused: Refused) -> Output:
    """The dead letter of one record, for the topic of dead letters."""
    texts: list[tuple[str, str]] = [
        (PREFIX + "topic", record.topic),
        (PREFIX + "partition", str(record.partition)),
        (PREFIX + "offset", str(record.offset)),
        (PREFIX + "stage", refused.step),
        (PREFIX + "exception.class.name", type(refused.cause).__name__),
        (PREFIX + "exception.message", str(refused.cause)[:500]),
        (REASON, refused.reason),
    ]
    if refused.item is not None:
        texts.append((ITEM, str(refused.item)))
    if record.timestamp is not None:
        texts.append((TIMESTAMP, str(round(record.timestamp * 1000))))
    added = tuple((name, text.encode("utf-8", "replace")) for name, text in texts)
    return Output(topic, record.key, record.value, record.headers + added)


def without_value(letter: Output) -> Output | None:
    """The same dead letter without its value, for a topic that takes no record so large.

    The headers still name the record's topic, partition and offset. ``None`` where no value is left
    to leave out.
    """
    if letter.value is None:
        return None
    size = (VALUE_BYTES, str(len(letter.value)).encode())
    return letter._replace(value=None, headers=(*letter.headers, size))


class Letter(NamedTuple):
    """A dead letter as it stands in its topic. What its headers do not say is ``None`` or empty."""

    #: Where in the dead letters' topic it is, and when it was written, in seconds since 1970.
    partition: int
    offset: int
    failed_at: float | None
    #: Where the record that failed was read.
    topic: str
    source_partition: int | None
    source_offset: int | None
    reason: str
    message: str
    #: The record that failed. A value that was too large was left out; ``left_out`` says how many bytes it had.
    key: bytes | None
    value: bytes | None
    headers: Headers
    left_out: int | None
    #: How many times the record had been put back before it failed.
    replays: int


def read_letter(stored: InputRecord) -> Letter:
    """The dead letter in a record of the dead letters' topic, whoever wrote it.

    The record's own headers are those before what :func:`dead_letter` added, wherever a header of
    the same name stood among them.
    """
    begins = [index for index, (name, _) in enumerate(stored.headers) if name == PREFIX + "topic"]
    own = stored.headers[: begins[-1]] if begins else stored.headers
    texts = _texts(stored.headers[len(own) :])
    return Letter(
        partition=stored.partition,
        offset=stored.offset,
        failed_at=stored.timestamp,
        topic=texts.get(PREFIX + "topic", ""),
        source_partition=_number(texts.get(PREFIX + "partition")),
        source_offset=_number(texts.get(PREFIX + "offset")),
        reason=texts.get(REASON, "unknown"),
        message=texts.get(PREFIX + "exception.message", ""),
        key=stored.key,
        value=stored.value,
        headers=own,
        left_out=_number(texts.get(VALUE_BYTES)),
        replays=_number(_texts(own).get(REPLAYS)) or 0,
    )


def replayed_offset(headers: Headers) -> int | None:
    """The offset of the letter that a marker says was replayed; ``None`` where the record is no marker."""
    return (
        _number(headers[0][1].decode("utf-8", "replace")) if len(headers) == 1 and headers[0][0] == REPLAYED else None
    )


def put_back_headers(letter: Letter) -> Headers:
    """The headers with which a letter's record goes back: its own, and how many times it did."""
    own = tuple(pair for pair in letter.headers if pair[0] != REPLAYS)
    return (*own, (REPLAYS, str(letter.replays + 1).encode()))


def marker_headers(letter: Letter) -> Headers:
    """The headers of the marker which says that a letter was replayed."""
    return ((REPLAYED, str(letter.offset).encode()),)


def _texts(headers: Headers) -> dict[str, str]:
    return {name: text.decode("utf-8", "replace") for name, text in headers if name.startswith((PREFIX, "monitor."))}


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 19 else None
