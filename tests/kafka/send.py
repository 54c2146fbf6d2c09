"""Puts records on one partition of a topic."""

from __future__ import annotations

from collections.abc import Iterable

from confluent_kafka import Producer


def send_to(bootstrap_servers: str, topic: str, partition: int, values: Iterable[bytes]) -> None:
    """Send records without a key, and wait until the broker has them all."""
    producer = Producer({"bootstrap.servers": bootstrap_servers, "linger.ms": 20, "log_level": 2})
    for value in values:
        producer.produce(topic, value, partition=partition)
        producer.poll(0)
    assert producer.flush(60) == 0
