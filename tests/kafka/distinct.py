"""``monitor worker`` with two small stages with state beside its own: ``python -m tests.kafka.distinct worker``.

Both count the distinct records of each key of ``sightings``, one from what it stores beside the topic, one
from the topic alone.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import ClassVar, NamedTuple, Self

from aiokafka import TopicPartition
from confluent_kafka import Consumer, Producer
from confluent_kafka import TopicPartition as At

from monitor.streaming import stages
from monitor.streaming.engine.read import Reader
from monitor.streaming.engine.records import InputRecord, Output
from monitor.streaming.engine.state import Folded
from monitor.streaming.stages.stage import Stage, Surroundings
from monitor.streaming.topics import Topic
from tests.kafka.background import in_background
from tests.kafka.worker import Supervised
from tests.streaming.engine.distinct import Counts

SIGHTINGS = Topic("sightings", "source", "identities of records")
COUNTS = Topic("counts", "source", "how many distinct records a source had")
COUNTS_OF_TOPIC = Topic("counts.of.topic", "source", "the same")
STATE = Topic("counts.state", "source", "what is kept of a source", retention=None)
KNOWN = Topic("known", "source", "sources that are known", retention=None)
TOPICS = (SIGHTINGS, COUNTS, COUNTS_OF_TOPIC, STATE, KNOWN)


class Distinct(Counts, Stage):
    """Counts distinct records by key, and stores the counts; bounded by the keys and a window of ten minutes."""

    name: ClassVar[str] = "distinct"
    reads: ClassVar[Topic] = SIGHTINGS
    writes: ClassVar[tuple[Topic, ...]] = (COUNTS,)
    stores: ClassVar[Topic | None] = STATE
    follows: ClassVar[tuple[Topic, ...]] = (KNOWN,)
    stateful: ClassVar[bool] = True

    @classmethod
    def build(cls, surroundings: Surroundings) -> Self:
        return cls(cls.writes[0].full_name(surroundings.settings.topic_names))

    def __init__(self, writes: str) -> None:
        super().__init__(writes)
        self._known: set[bytes] = set()

    def outputs(self, record: InputRecord) -> Sequence[Output]:
        """The count; its header ``known`` says how many sources are known."""
        header = ("known", b"%d" % len(self._known))
        return [output._replace(headers=(header,)) for output in super().outputs(record)]

    def follow(self, topic: Topic, key: bytes, value: bytes | None) -> None:
        (self._known.discard if value is None else self._known.add)(key)


class DistinctOfTopic(Distinct):
    """The same from the topic alone."""

    name: ClassVar[str] = "distinct-of-topic"
    writes: ClassVar[tuple[Topic, ...]] = (COUNTS_OF_TOPIC,)
    stores: ClassVar[Topic | None] = None


class DistinctWorker(Supervised):
    """Such a worker as a process."""

    COMMAND = (sys.executable, "-m", "tests.kafka.distinct", "worker")


class Count(NamedTuple):
    """What a stage wrote of a record: the distinct records of its key so far, and those of them in the window."""

    partition: int
    offset: int
    total: int
    window: int


class Compared(NamedTuple):
    """The counts that a stage wrote, beside those of a fresh reading."""

    compared: int
    wrong: list[tuple[Count, Count | None]]
    missing: list[Count]
    twice: int


def compare(expected: Mapping[tuple[int, int], Count], counts: Sequence[Count]) -> Compared:
    """Each count written, beside that of a fresh reading at the same record."""
    wrong = [(c, expected.get(c[:2])) for c in counts if expected.get(c[:2]) != c]
    written = {c[:2] for c in counts}
    missing = [count for place, count in expected.items() if place not in written]
    return Compared(len(counts), wrong, missing, len(counts) - len(written))


async def read_topic(address: str, topic: str) -> dict[int, list[InputRecord]]:
    """What a topic holds now, by partition."""
    by_partition: dict[int, list[InputRecord]] = {}
    async with Reader({"bootstrap_servers": address}) as reader:
        spans = await reader.spans(await reader.partitions(topic))
        for tp, span in spans.items():
            by_partition[tp.partition] = [
                record async for batch in reader.read(TopicPartition(*tp), span.begin, span.end) for record in batch
            ]
    return by_partition


def fresh_counts(records: Mapping[int, Sequence[InputRecord]]) -> dict[tuple[int, int], Count]:
    """What a stage writes that reads the partitions once from their begin."""
    counts = {}
    for partition, records_of_partition in records.items():
        folded = Folded(Counts(), partition, 0)
        for record in records_of_partition:
            (output,) = folded.outputs(record)
            assert isinstance(output, Output)
            folded.advance(record)
            count = Count(*json.loads(output.value or b""))
            counts[count.partition, count.offset] = count
    return counts


def counts_of(records: Mapping[int, Sequence[InputRecord]]) -> list[Count]:
    """The counts that a stage wrote."""
    return [
        Count(*json.loads(record.value or b""))
        for records_of_partition in records.values()
        for record in records_of_partition
    ]


class Sightings:
    """Writes sightings: some in transactions, of which some are aborted; some twice; their times run fast."""

    def __init__(self, address: str, topic: str, keys: int = 200) -> None:
        self._topic = topic
        self._keys = keys
        self._number = 0
        self._time = int(time.time() * 1000) - 6 * 60 * 60 * 1000
        plain = {"bootstrap.servers": address, "linger.ms": 5, "log_level": 2}
        self._producer = Producer(plain)
        self._transactional = Producer(plain | {"transactional.id": f"sightings-{topic}"})
        self._transactional.init_transactions(60)

    def send(self, count: int, aborted: bool = True) -> None:
        """Write ``count`` records that hold, and as many aborted ones as a fifth of them."""
        for begin in range(0, count, 50):
            size = min(50, count - begin)
            if begin // 50 % 2:
                self._transactional.begin_transaction()
                self._send(self._transactional, size)
                self._transactional.commit_transaction(60)
            else:
                self._send(self._producer, size)
                self._producer.flush(60)
            if aborted and begin // 50 % 5 == 0:
                self._transactional.begin_transaction()
                self._send(self._transactional, 10)
                self._transactional.flush(60)
                self._transactional.abort_transaction(60)

    def _send(self, producer: Producer, count: int) -> None:
        for _ in range(count):
            self._number += 1
            self._time += 500
            # Each fifth comes twice, a few records later or much later.
            again = self._number % 5 == 0
            number = self._number - self._number % 97 - 1 if again else self._number
            key = b"source-%d" % (number * 7919 % self._keys)
            producer.produce(self._topic, b"%d" % number, key, timestamp=self._time)
            producer.poll(0)

    @contextmanager
    def sending(self, rate: float) -> Iterator[None]:
        """Write so many a second while the block runs."""

        def send(stop: threading.Event) -> None:
            begin, sent = time.monotonic(), 0
            while not stop.is_set():
                due = int((time.monotonic() - begin) * rate) - sent
                if due >= 50:
                    self.send(50)
                    sent += 50
                time.sleep(0.02)

        with in_background(send):
            yield


def committed(address: str, group: str, topic: str, partitions: int = 6) -> dict[int, int]:
    """The offsets that a group has committed; -1001 where none is."""
    client = Consumer({"bootstrap.servers": address, "group.id": group, "enable.auto.commit": False, "log_level": 0})
    try:
        committed = client.committed([At(topic, partition) for partition in range(partitions)], timeout=10)
        return {at.partition: at.offset for at in committed}
    finally:
        client.close()


if __name__ == "__main__":
    stages.STAGES = (*stages.STAGES, Distinct, DistinctOfTopic)
    from monitor.cli import main

    main()
