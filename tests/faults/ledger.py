"""Every id that was sent, and when its verdict or dead letter came."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple, cast

from confluent_kafka import Consumer, KafkaError, Message, Producer, TopicPartition

from tests.faults.articles import record
from tests.kafka.background import in_background
from tests.kafka.topics import Topics

#: What is sent so long after a fault counts for the seconds to recover: it waits for the recovery.
AFTER_SECONDS = 2.0


class Row(NamedTuple):
    """One line of the table of faults. ``seconds``: from the mark until all sent until shortly after it had come."""

    fault: str
    sent: int
    verdicts: int
    dead: int
    missing: int
    twice: int
    seconds: float | None


class Ledger:
    """Feeds a topic with articles of known ids, and reads what comes out, all the while."""

    def __init__(self, bootstrap_servers: str, topics: Topics) -> None:
        self._address = bootstrap_servers
        self._topics = topics
        self._lock = threading.Lock()
        self._numbers = iter(range(10**9))
        self._sent: dict[str, float] = {}
        self._verdicts: Counter[str] = Counter()
        self._dead: Counter[str] = Counter()
        self._came: dict[str, float] = {}
        self._marked: float | None = None
        self._stop = threading.Event()

    def sent(self) -> int:
        """How many records the broker has acknowledged."""
        with self._lock:
            return len(self._sent)

    def came(self) -> int:
        """How many ids have an output."""
        with self._lock:
            return len(self._came)

    def _producer(self) -> Producer:
        return Producer(
            {
                "bootstrap.servers": self._address,
                "linger.ms": 20,
                "enable.idempotence": True,
                "message.timeout.ms": 300_000,
                "topic.metadata.refresh.interval.ms": 5000,
                "log_level": 2,
            }
        )

    def _delivered(self, id_: str, error: KafkaError | None, _: Message) -> None:
        if error is None:
            with self._lock:
                self._sent[id_] = time.monotonic()

    def send(
        self,
        count: int,
        poison: float = 0.1,
        tombstones: float = 0.0,
        size: int = 1,
        partitions: Sequence[int] = (-1,),
    ) -> None:
        """Send at once, and wait until the broker has them all. ``partitions`` as in :meth:`feeding`."""
        producer = self._producer()
        for number in range(count):
            self._produce(producer, poison, tombstones, size, partitions[number % len(partitions)])
        assert producer.flush(300) == 0

    def send_in_transactions(self, count: int, size: int = 20) -> set[str]:
        """Send ``count`` transactions of ``size`` articles, the last of each five aborted; gives the aborted ids."""
        producer = Producer({"bootstrap.servers": self._address, "transactional.id": "ledger", "log_level": 2})
        producer.init_transactions(60)
        aborted: set[str] = set()
        for turn in range(count):
            producer.begin_transaction()
            ids = {f"a-{number}": record(number, 0.0, 0.0) for number in islice(self._numbers, size)}
            for id_, value in ids.items():
                # Over the six partitions, of which each test of these has as many.
                partition = int(id_.removeprefix("a-")) % 6
                producer.produce(self._topics.articles, value, partition=partition, headers={"test.id": id_})
            if turn % 5 == 4:
                producer.flush(60)
                producer.abort_transaction(60)
                aborted |= ids.keys()
            else:
                producer.commit_transaction(60)
                with self._lock:
                    self._sent |= dict.fromkeys(ids, time.monotonic())
        return aborted

    def outputs(self) -> set[str]:
        """The ids that have an output."""
        with self._lock:
            return set(self._came)

    @contextlib.contextmanager
    def feeding(self, rate: float, poison: float = 0.1, partitions: Sequence[int] = (-1,)) -> Iterator[None]:
        """Send ``rate`` a second while the block runs, and wait until the broker has them all.

        To these partitions in turn; -1 leaves each to the producer.
        """

        def feed(stop: threading.Event) -> None:
            producer, begin, count = self._producer(), time.monotonic(), 0
            while not stop.is_set():
                while count < (time.monotonic() - begin) * rate:
                    self._produce(producer, poison, 0.0, 1, partitions[count % len(partitions)])
                    count += 1
                producer.poll(0.05)
            producer.flush(300)

        with in_background(feed):
            yield

    def _produce(self, producer: Producer, poison: float, tombstones: float, size: int, partition: int = -1) -> None:
        number = next(self._numbers)
        id_ = f"a-{number}"
        value = record(number, poison, tombstones, size)
        while True:
            try:
                producer.produce(
                    self._topics.articles,
                    value,
                    partition=partition,
                    headers={"test.id": id_},
                    on_delivery=partial(self._delivered, id_),
                )
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Ledger]:
        """Read the outputs while the block runs."""
        thread = threading.Thread(target=self._read)
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            thread.join()

    def _read(self) -> None:
        consumer = Consumer(
            {
                "bootstrap.servers": self._address,
                "group.id": "ledger",
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "auto.offset.reset": "earliest",
                "topic.metadata.refresh.interval.ms": 5000,
                "log_level": 0,
            }
        )
        outputs = {self._topics.scored, self._topics.dead}
        while not outputs <= (existing := consumer.list_topics(timeout=30).topics).keys():
            time.sleep(0.1)
        consumer.assign(
            [TopicPartition(name, partition, 0) for name in outputs for partition in existing[name].partitions]
        )
        while not self._stop.is_set():
            message = consumer.poll(0.2)
            if message is None or message.error():
                continue
            dead = message.topic() == self._topics.dead
            id_ = header(message) if dead else json.loads(message.value() or b"")["id"]
            if id_ is None:
                continue
            with self._lock:
                (self._dead if dead else self._verdicts)[id_] += 1
                self._came.setdefault(id_, time.monotonic())
        consumer.close()

    def mark(self) -> None:
        """Here the fault is, or ends: the seconds to recover are counted from now."""
        self._marked = time.monotonic()

    def wait(self, timeout: float) -> None:
        """Wait until every id sent has an output.

        Raises:
            TimeoutError: they have not come in time; the message names some.
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            with self._lock:
                left = self._sent.keys() - self._came.keys()
            if not left:
                return
            time.sleep(0.2)
        raise TimeoutError(f"{len(left)} of {self.sent()} have no output after {timeout:g} s: {sorted(left)[:5]}")

    def longest_wait(self) -> float:
        """The most seconds from when the broker had a record until its output came."""
        with self._lock:
            return max(self._came[id_] - sent for id_, sent in self._sent.items() if id_ in self._came)

    def row(self, fault: str) -> Row:
        """What became of all that was sent."""
        with self._lock:
            outputs = self._verdicts + self._dead
            seconds = None
            if self._marked is not None:
                until = self._marked + AFTER_SECONDS
                came = (self._came[id_] for id_, sent in self._sent.items() if sent < until and id_ in self._came)
                seconds = max(0.0, max(came, default=0.0) - self._marked)
            return Row(
                fault,
                len(self._sent),
                len(self._verdicts),
                len(self._dead),
                len(self._sent.keys() - outputs.keys()),
                sum(count - 1 for count in outputs.values()),
                seconds,
            )


def header(message: Message) -> str | None:
    """The id that a record was sent with; ``None`` where the ledger did not send it."""
    headers = cast(list[tuple[str, bytes]], message.headers() or [])
    id_ = dict(headers).get("test.id")
    return id_.decode() if id_ is not None else None
