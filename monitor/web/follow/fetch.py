"""One record where it lies: the text of an article, or the verdict of one."""

from __future__ import annotations

import time
from collections.abc import Collection

from confluent_kafka import Consumer, KafkaException, TopicPartition

from monitor.scoring.copies.record import Place
from monitor.settings import Settings
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.topics import ARTICLES, full_names
from monitor.web.follow.tail import as_record, consumer_of

#: Seconds that a record may take.
SECONDS = 8.0


class Away(Exception):
    """Kafka does not give the record in time; the message is for a person."""


class Records:
    """Gives single records of a few topics. One thread at a time may ask."""

    def __init__(self, settings: Settings, topics: Collection[str]) -> None:
        """No other topics than these are read, whatever is asked for."""
        self._settings = settings
        self._topics = frozenset(topics)
        self._consumer: Consumer | None = None

    def record(self, place: Place) -> InputRecord | None:
        """The record at a place; ``None`` where it is no longer kept, or not of a topic that may be asked for.

        Raises:
            Away: Kafka does not answer.
        """
        if place.topic not in self._topics:
            return None
        if self._consumer is None:
            # A record and little of what stands behind it.
            self._consumer = consumer_of(
                self._settings,
                **{"queued.min.messages": 1, "queued.max.messages.kbytes": 1_024, "fetch.wait.max.ms": 100},
            )
        partition = TopicPartition(place.topic, place.partition)
        try:
            low, high = self._consumer.get_watermark_offsets(partition, timeout=SECONDS)
            if not low <= place.offset < high:
                return None
            self._consumer.assign([TopicPartition(place.topic, place.partition, place.offset)])
            return self._first(place.offset)
        except KafkaException as error:
            if "Unknown" in str(error):
                return None
            raise Away(
                f"Kafka does not give {place.topic}-{place.partition}@{place.offset}: {error.args[0]}"
            ) from error
        finally:
            self._consumer.unassign()

    def _first(self, offset: int) -> InputRecord | None:
        """The record at an offset of the partition assigned; ``None`` where a later one comes first."""
        assert self._consumer is not None  # noqa: S101 - made by the caller
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            message = self._consumer.poll(0.5)
            if message is None:
                continue
            if (error := message.error()) is not None:
                raise KafkaException(error)
            record = as_record(message)
            return record if record.offset == offset else None
        raise Away(f"Kafka has not given the record within {SECONDS:g} s")

    def close(self) -> None:
        """Leave Kafka."""
        if self._consumer is not None:
            self._consumer.close()
            self._consumer = None


def article_topics(settings: Settings) -> list[str]:
    """The topics that articles are read from."""
    return list(full_names([ARTICLES], settings))
