"""Reads the topic of dead letters, from its beginning to where it ended when the reading began.

By a plain consumer with no group: nothing is committed, and any number can read at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from monitor.settings import Settings
from monitor.streaming.connection import client
from monitor.streaming.deadletters.letter import Letter, read_letter, replayed_offset
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.message import bytes_of, headers_of
from monitor.streaming.topics import DEAD

#: Seconds in which the broker must give a record or the end.
TIMEOUT_SECONDS = 30.0
#: Milliseconds since 1970 at which the year 10000 begins; a client may state any time.
END_OF_TIME = 253_402_300_800_000


class Marker(NamedTuple):
    """Says that the letter at an offset of a partition was replayed."""

    partition: int
    offset: int


class Selection(NamedTuple):
    """Which letters are asked for; what is ``None`` or empty does not restrict them."""

    reasons: frozenset[str] = frozenset()
    #: The article's source, where it can be known, in any case of letters.
    source: str | None = None
    #: The partition of the articles' topic that the record stood in.
    partition: int | None = None
    #: When the letter was written, seconds since 1970, the end excluded.
    since: float | None = None
    until: float | None = None

    def takes(self, letter: Letter, source: str | None) -> bool:
        """Whether a letter is asked for; ``source`` is that of its article."""
        failed_at = letter.failed_at or 0.0
        return (
            (not self.reasons or letter.reason in self.reasons)
            and (self.source is None or (source or "").casefold() == self.source.casefold())
            and (self.partition is None or letter.source_partition == self.partition)
            and (self.since is None or failed_at >= self.since)
            and (self.until is None or failed_at < self.until)
        )


def read_dead_letters(settings: Settings, since: float | None = None) -> Iterator[Letter | Marker]:
    """Each letter and marker written from ``since`` on, a partition after the other, in the order of its offsets.

    A marker comes after its letter.

    Raises:
        confluent_kafka.KafkaException: the topic is missing, or the broker does not answer.
    """
    topic = DEAD.full_name(settings.topic_names)
    consumer = Consumer(
        client(settings)
        | {
            "group.id": f"{settings.group}.letters",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": "read_committed",
            # Where retention deletes what is being read, go on with the oldest record that is left.
            "auto.offset.reset": "earliest",
            # The broker reports the end of a partition after this wait; the default of half a second adds up.
            "fetch.wait.max.ms": 10,
        }
    )
    try:
        for partition, (start, end) in _bounds(consumer, topic, since).items():
            if start < end:
                consumer.assign([TopicPartition(topic, partition, start)])
                for message in _up_to(consumer, end):
                    yield _read(message)
    finally:
        consumer.close()


def _bounds(consumer: Consumer, topic: str, since: float | None) -> dict[int, tuple[int, int]]:
    """Of each partition the offset to begin at and its end now."""
    description = consumer.list_topics(topic, timeout=TIMEOUT_SECONDS).topics[topic]
    if description.error is not None:
        raise KafkaException(description.error)
    bounds = {}
    for partition in description.partitions:
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=TIMEOUT_SECONDS)
        if since is not None:
            moment = TopicPartition(topic, partition, max(0, int(since * 1000)))
            (first,) = consumer.offsets_for_times([moment], timeout=TIMEOUT_SECONDS)
            # Negative where nothing is so late.
            low = first.offset if first.offset >= 0 else high
        bounds[partition] = low, high
    return bounds


def _up_to(consumer: Consumer, end: int) -> Iterator[Message]:
    while True:
        message = consumer.poll(TIMEOUT_SECONDS)
        if message is None:
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT, f"no record within {TIMEOUT_SECONDS:g} s"))
        if (error := message.error()) is not None:
            if error.code() == KafkaError._PARTITION_EOF:
                return
            raise KafkaException(error)
        offset = message.offset()
        if offset is None or offset >= end:
            return
        yield message
        if offset == end - 1:
            return


def _read(message: Message) -> Letter | Marker:
    partition, offset, headers = message.partition() or 0, message.offset() or 0, headers_of(message)
    if (replayed := replayed_offset(headers)) is not None:
        return Marker(partition, replayed)
    kind, milliseconds = message.timestamp()
    failed_at = milliseconds / 1000 if kind and 0 <= milliseconds < END_OF_TIME else None
    key, value = bytes_of(message.key()), bytes_of(message.value())
    return read_letter(InputRecord(message.topic() or "", partition, offset, failed_at, key, value, headers))
