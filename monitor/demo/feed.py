"""Writes records to the topic articles at a steady rate."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Message, Producer


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
        {"bootstrap.servers": bootstrap_servers, "linger.ms": 5, "message.max.bytes": 8_000_000} | (extra or {})
    )
    failed: list[KafkaError] = []
    acknowledged = 0

    def delivered(error: KafkaError | None, _: Message) -> None:
        nonlocal acknowledged
        if error is not None:
            failed.append(error)
        else:
            acknowledged += 1

    try:
        try:
            for value in _paced(values, rate, sleep):
                while True:
                    try:
                        producer.produce(topic, value, on_delivery=delivered)
                        break
                    except BufferError:
                        producer.poll(0.1)
                producer.poll(0)
                if failed:
                    break
        finally:
            left = producer.flush(120)
        if failed:
            raise KafkaException(failed[0])
        if left:
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT, f"{left} records not acknowledged"))
    except Exception as error:
        error.add_note(f"{acknowledged} records before it are on {topic}")
        raise
    return acknowledged


def _paced(values: Iterable[bytes], rate: float, sleep: Callable[[float], None]) -> Iterator[bytes]:
    start = time.monotonic()
    for number, value in enumerate(values):
        if rate > 0 and (ahead := number / rate - (time.monotonic() - start)) > 0:
            sleep(ahead)
        yield value
