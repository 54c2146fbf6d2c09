"""Writes records to the topic articles at a steady rate."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from monitor.streaming.sender import Sender


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

    Raises:
        confluent_kafka.KafkaException: as :class:`Sender` does.
        Exception: what reading ``values`` raised.
    """
    with Sender(bootstrap_servers, topic, extra) as sender:
        for value in _paced(values, rate, sleep):
            sender.send(value)
    return sender.acknowledged


def _paced(values: Iterable[bytes], rate: float, sleep: Callable[[float], None]) -> Iterator[bytes]:
    start = time.monotonic()
    for number, value in enumerate(values):
        if rate > 0 and (ahead := number / rate - (time.monotonic() - start)) > 0:
            sleep(ahead)
        yield value
