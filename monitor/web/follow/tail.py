"""Follows topics from their last records on, in a thread of its own.

By a plain consumer with no group's partitions: nothing is committed, nothing is rebalanced, and no stage of the worker
beside it knows of it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from monitor.articles.errors import place
from monitor.settings import Settings
from monitor.streaming.connection import client
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.message import bytes_of, headers_of

log = logging.getLogger(__name__)

#: Seconds between two looks for topics and partitions that were made since, which also tell whether Kafka answers.
LOOK_SECONDS = 5.0
#: Seconds that Kafka may take for an answer, and seconds to wait for records.
ANSWER_SECONDS, WAIT_SECONDS = 5.0, 0.5
#: Records taken at once, between which another thread gets its turn.
RECORDS_A_TURN = 200
#: What librdkafka may hold of records that were read and not yet taken, and of one answer of a broker.
PREFETCH_KILOBYTES, FETCH_BYTES = 4_096, 8_000_000


class Followed(NamedTuple):
    """A topic to follow."""

    #: In full.
    name: str
    take: Callable[[InputRecord], None]
    #: How many records before its end reading begins, over all its partitions; ``None`` for its begin.
    last: int | None


class KafkaState(NamedTuple):
    """What a page says of Kafka."""

    #: When it last answered, seconds since 1970; ``None`` where it has not yet.
    answered_at: float | None = None
    #: Whether what the topics held at the start has been read.
    caught_up: bool = False
    #: Partitions of the topics that articles are read from.
    partitions: int = 0
    #: Topics that are missing or may not be read, for a person.
    problems: tuple[str, ...] = ()


def consumer_of(settings: Settings, **own: Any) -> Consumer:
    """A consumer for partitions that it is told. librdkafka wants the name of a group; nothing is committed to it."""
    return Consumer(
        client(settings)
        | {
            "group.id": f"{settings.group}.pages",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
            "topic.metadata.refresh.interval.ms": 30_000,
            "reconnect.backoff.max.ms": 2_000,
        }
        | own
    )


class Begin(NamedTuple):
    """Where a partition is read from, and where it ended then."""

    topic: str
    partition: int
    offset: int
    end: int


class Tail:
    """Follows topics while :meth:`running`; each record is given to its topic's ``take``, in the thread."""

    def __init__(self, settings: Settings, followed: Sequence[Followed], articles: Sequence[str]) -> None:
        """``articles`` are the topics whose partitions are counted, and not read."""
        self._settings = settings
        self._followed = {topic.name: topic for topic in followed}
        self._articles = articles
        self._ended = threading.Event()
        #: Where reading of a partition began to be live: the end that it had at the start.
        self._ends: dict[tuple[str, int], int] = {}
        self._waiting: set[tuple[str, int]] = set()
        self._refused: dict[str, str] = {}
        self.state = KafkaState()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Follow while the block runs."""
        thread = threading.Thread(target=self._run, name="pages", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join(timeout=ANSWER_SECONDS + 5)

    def _run(self) -> None:
        consumer = consumer_of(
            self._settings,
            **{
                "queued.max.messages.kbytes": PREFETCH_KILOBYTES,
                "fetch.max.bytes": FETCH_BYTES,
                "fetch.message.max.bytes": FETCH_BYTES // 8,
            },
        )
        looked = -LOOK_SECONDS
        try:
            while not self._ended.is_set():
                if time.monotonic() - looked >= LOOK_SECONDS:
                    self._look(consumer)
                    looked = time.monotonic()
                # Without partitions consume() would return at once.
                if not self._ends:
                    self._ended.wait(WAIT_SECONDS)
                    continue
                for message in consumer.consume(RECORDS_A_TURN, WAIT_SECONDS):
                    self._take(message)
        finally:
            consumer.close()

    def _look(self, consumer: Consumer) -> None:
        """Begin to read the partitions that are new; note whether Kafka answers."""
        try:
            existing = consumer.list_topics(timeout=ANSWER_SECONDS).topics
            begins: list[Begin] = []
            for name, topic in self._followed.items():
                if name not in existing or existing[name].error is not None:
                    continue
                begins += self._begins(consumer, topic, sorted(existing[name].partitions))
        except KafkaException as error:
            log.debug("the pages get no answer from Kafka: %s", error)
            return
        if begins:
            # At once, behind all questions: they would wait behind the fetches of what is assigned.
            consumer.incremental_assign([TopicPartition(*begin[:3]) for begin in begins])
            self._ends |= {(begin.topic, begin.partition): begin.end for begin in begins}
            self._waiting |= {(begin.topic, begin.partition) for begin in begins if begin.offset < begin.end}
        missing = [name for name in self._followed if name not in existing]
        self.state = KafkaState(
            answered_at=time.time(),
            caught_up=not self._waiting,
            partitions=sum(len(existing[name].partitions) for name in self._articles if name in existing),
            problems=(*(f"there is no topic {name}" for name in missing), *self._refused.values()),
        )

    def _begins(self, consumer: Consumer, topic: Followed, partitions: Sequence[int]) -> list[Begin]:
        """Where to begin to read those of a topic's partitions that are not read yet."""
        begins = []
        for partition in partitions:
            if (topic.name, partition) in self._ends:
                continue
            low, high = consumer.get_watermark_offsets(TopicPartition(topic.name, partition), timeout=ANSWER_SECONDS)
            first = low if topic.last is None else max(low, high - -(-topic.last // len(partitions)))
            begins.append(Begin(topic.name, partition, first, high))
        return begins

    def _take(self, message: Message) -> None:
        error = message.error()
        name, partition = message.topic() or "", message.partition() or 0
        if error is not None:
            if error.code() in (KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError.GROUP_AUTHORIZATION_FAILED):
                self._refused[name] = f"{name} may not be read; see the rights in docs/operate.md"
                log.warning("the pages may not read %s: %s", name, error)
            return
        self._refused.pop(name, None)
        record = as_record(message)
        try:
            self._followed[name].take(record)
        except Exception as failure:  # noqa: BLE001 - a record that cannot be shown must not blind the pages
            log.error("%s-%d@%d is not shown: %s", name, partition, record.offset, place(failure))
        if self._waiting and record.offset + 1 >= self._ends[name, partition]:
            self._waiting.discard((name, partition))
            if not self._waiting:
                self.state = self.state._replace(caught_up=True)


def as_record(message: Message) -> InputRecord:
    """A record of librdkafka, as a stage is given it."""
    kind, milliseconds = message.timestamp()
    return InputRecord(
        message.topic() or "",
        message.partition() or 0,
        message.offset() or 0,
        milliseconds / 1000 if kind else None,
        bytes_of(message.key()),
        bytes_of(message.value()),
        headers_of(message),
    )
