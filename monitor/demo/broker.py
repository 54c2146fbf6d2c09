"""The embedded broker: librdkafka's in-process Kafka, for the demo and for tests of faults.

It needs no Java and no container, and keeps nothing on disk. It holds one worker a group, 5 MB a
partition, and makes a topic of four partitions on first use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from confluent_kafka import Producer


@contextmanager
def embedded_broker(topics: Iterable[str]) -> Iterator[str]:
    """Run a broker with these topics; gives its address, HOST:PORT.

    Raises:
        RuntimeError: the broker did not come up.
    """
    owner = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "embedded", "log_level": 2})
    for topic in topics:
        owner.list_topics(topic, timeout=10)
    brokers = list(owner.list_topics(timeout=10).brokers.values())
    if not brokers:
        raise RuntimeError("the embedded broker did not come up within 10 s")
    try:
        yield f"{brokers[0].host}:{brokers[0].port}"
    finally:
        # The broker lives as long as the client that owns it.
        del owner
