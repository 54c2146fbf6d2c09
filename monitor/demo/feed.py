"""Writes records to the topic articles at a steady rate."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from monitor.streaming.topics import ARTICLES

#: Seconds in which the broker must acknowledge all that was sent.
FLUSH_SECONDS = 120


def feed(
    bootstrap_servers: str,
    topic: str,
    values: Iterable[bytes],
    *,
    rate: float = 0.0,
    sleep: Callable[[float], None] = time.sleep,
    extra: dict[str, Any] | None = None,
) -> int:
    """Send each value, ``rate`` a second (0: as fast as it goes), and wait until the broker has them all.

    Returns how many the broker acknowledged.

    Whatever ends it, what was sent before is waited for; the error's note says how many the broker has.

    Raises:
        confluent_kafka.KafkaException: the broker refused one, or did not answer within two minutes.
        Exception: what reading ``values`` raised.
    """
    producer = Producer(
        {"bootstrap.servers": bootstrap_servers, "linger.ms": 5, "message.max.bytes": ARTICLES.max_bytes}
        | (extra or {})
    )
    sent = Acknowledgements()
    try:
        try:
            for value in _paced(values, rate, sleep):
                _produce(producer, topic, value, sent)
                if sent.refused:
                    break
        finally:
            left = producer.flush(FLUSH_SECONDS)
        if sent.refused:
            raise KafkaException(sent.refused[0])
        if left:
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT, f"{left} records not acknowledged"))
    except Exception as error:
        error.add_note(f"{sent.acknowledged} records before it are on {topic}")
        raise
    return sent.acknowledged


class Acknowledgements:
    """What the broker answered to the records that were sent."""

    def __init__(self) -> None:
        self.acknowledged = 0
        self.refused: list[KafkaError] = []

    def note(self, error: KafkaError | None, _: Message) -> None:
        """Note the answer to one record."""
        if error is None:
            self.acknowledged += 1
        else:
            self.refused.append(error)


def _produce(producer: Producer, topic: str, value: bytes, sent: Acknowledgements) -> None:
    """Send one record; waits where the producer's buffer is full."""
    while True:
        try:
            producer.produce(topic, value, on_delivery=sent.note)
            break
        except BufferError:
            producer.poll(0.1)
    producer.poll(0)


def _paced(values: Iterable[bytes], rate: float, sleep: Callable[[float], None]) -> Iterator[bytes]:
    start = time.monotonic()
    for number, value in enumerate(values):
        if rate > 0 and (ahead := number / rate - (time.monotonic() - start)) > 0:
            sleep(ahead)
        yield value
