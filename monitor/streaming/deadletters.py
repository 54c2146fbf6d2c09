"""Dead letters: records that could not be decoded or scored, kept whole with the reason.

The headers are those of Kafka Connect, so that its tools read them. The raw key, value and headers of
the record are kept (a header without a value becomes an empty one), and its timestamp in a header: as
the dead letter's own it would let the topic's retention delete the letter of an old record at once.
"""

from __future__ import annotations

from monitor.streaming.deliveries import Output

#: Kafka Connect's names (org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter).
PREFIX = "__connect.errors."
#: Our own: the bounded reason code, and the size of a value that was left out since the topic would not take it.
REASON = "monitor.reason"
VALUE_BYTES = "monitor.value.bytes"
#: When the record was written, milliseconds since 1970.
TIMESTAMP = "monitor.timestamp"


def dead_letter(
    topic: str,
    *,
    source: tuple[str, int, int],
    key: bytes | None,
    value: bytes | None,
    headers: tuple[tuple[str, bytes], ...],
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
