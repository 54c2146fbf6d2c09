"""Replay: dead letters put back on the topic they came from, each once.

A letter goes back in a transaction together with a marker, in the letter's own partition of the dead
letters' topic, that says so. Both are there or neither is, whenever the process is killed; so what the
markers do not name was not put back, whatever was filtered, and the marker outlives its letter under
any retention. The transactional id is the lock: a second replay takes it over, the broker then refuses
all that the first still sends and undoes what it had not committed, and only then the second looks at
what is left.

The worker reads committed records only, so none arrives twice by a replay. One that is killed keeps the
worker from what comes after its open transaction until the next replay, or for up to 40 s (the
transaction's time limit, looked at by the broker every 10 s).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from confluent_kafka import KafkaError, KafkaException, Producer

from monitor.settings import Settings
from monitor.streaming.connection import client
from monitor.streaming.deadletters.letter import Letter, marker_headers, put_back_headers
from monitor.streaming.deadletters.read import Marker, read_dead_letters
from monitor.streaming.topics import ARTICLES, DEAD, articles_name

#: Letters, and bytes of their values, in one transaction: enough to be quick, little to do again.
BATCH_LETTERS, BATCH_BYTES = 200, 8_000_000
#: Milliseconds after which the broker undoes a transaction that is still open.
TRANSACTION_MILLISECONDS = 30_000
TIMEOUT_SECONDS = 60.0


class TakenOver(Exception):
    """Another replay has begun since; what this one had not committed is undone."""


class Plan(NamedTuple):
    """What a replay would do: the letters to put back, by partition and offset, and what it leaves and why."""

    offsets: frozenset[tuple[int, int]]
    reasons: Counter[str]
    #: Put back by an earlier replay.
    already: int
    #: Too large for the dead letters' topic when it was written, or without a value from the start.
    without_value: int
    #: Of another topic than the articles', or with no word of where it came from.
    elsewhere: int


def plan(letters: Iterable[Letter | Marker], topic: str, takes: Callable[[Letter], bool]) -> Plan:
    """What to put back on ``topic`` of the letters that are taken."""
    reason_by_place: dict[tuple[int, int], str] = {}
    replayed: set[tuple[int, int]] = set()
    without_value = elsewhere = 0
    for letter in letters:
        place = (letter.partition, letter.offset)
        if isinstance(letter, Marker):
            replayed.add(place)
        elif not takes(letter):
            continue
        elif letter.topic != topic:
            elsewhere += 1
        elif letter.value is None:
            without_value += 1
        else:
            reason_by_place[place] = letter.reason
    left = {place: reason for place, reason in reason_by_place.items() if place not in replayed}
    return Plan(frozenset(left), Counter(left.values()), len(reason_by_place) - len(left), without_value, elsewhere)


class Replay:
    """The one replay at a time; holds the lock from its start until another takes it over."""

    def __init__(self, settings: Settings) -> None:
        """Take the lock.

        Raises:
            confluent_kafka.KafkaException: the broker does not give it.
        """
        self._settings = settings
        self._articles = articles_name(settings)
        self._dead = DEAD.full_name(settings.topic_names)
        self._producer = Producer(
            client(settings)
            | {
                "transactional.id": f"{self._dead}.replay",
                "transaction.timeout.ms": TRANSACTION_MILLISECONDS,
                "message.max.bytes": ARTICLES.max_bytes,
                "compression.type": "zstd",
                "linger.ms": 20,
            }
        )
        self._producer.init_transactions(TIMEOUT_SECONDS)

    def run(self, planned: Plan, since: float | None, progress: Callable[[int], object]) -> None:
        """Put the planned letters back; ``progress`` is given how many are back after each transaction.

        A record goes back to the partition it came from, or by its key where that is gone.

        Raises:
            TakenOver: see the class.
            confluent_kafka.KafkaException: the broker refused a record, or does not answer.
        """
        batch: list[Letter] = []
        size = back = 0
        try:
            for letter in read_dead_letters(self._settings, since):
                if isinstance(letter, Marker) or (letter.partition, letter.offset) not in planned.offsets:
                    continue
                batch.append(letter)
                size += len(letter.value or b"")
                if len(batch) >= BATCH_LETTERS or size >= BATCH_BYTES:
                    self._commit(batch)
                    back += len(batch)
                    progress(back)
                    batch, size = [], 0
            if batch:
                self._commit(batch)
                progress(back + len(batch))
        except KafkaException as error:
            if error.args[0].code() in (KafkaError._FENCED, KafkaError.INVALID_PRODUCER_EPOCH):
                raise TakenOver from error
            raise

    def _commit(self, batch: list[Letter]) -> None:
        articles, producer = self._articles, self._producer
        partitions = len(producer.list_topics(articles, timeout=TIMEOUT_SECONDS).topics[articles].partitions)
        producer.begin_transaction()
        try:
            for letter in batch:
                partition = letter.source_partition
                producer.produce(
                    articles,
                    letter.value,
                    letter.key,
                    partition=partition if partition is not None and partition < partitions else -1,
                    headers=list(put_back_headers(letter)),
                )
                producer.produce(self._dead, partition=letter.partition, headers=list(marker_headers(letter)))
        except KafkaException:
            # Where the producer was fenced meanwhile, produce only calls it fatal; this call says why.
            producer.abort_transaction(TIMEOUT_SECONDS)
            raise
        try:
            producer.commit_transaction(TIMEOUT_SECONDS)
        except KafkaException as error:
            if error.args[0].txn_requires_abort():
                producer.abort_transaction(TIMEOUT_SECONDS)
            raise
