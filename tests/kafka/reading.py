"""Everything a topic holds, read to its end."""

from __future__ import annotations

from typing import NamedTuple, cast

from confluent_kafka import Consumer, TopicPartition


class Read(NamedTuple):
    """One record as it was read."""

    key: bytes | None
    value: bytes | None
    headers: dict[str, bytes]


def read_all(bootstrap_servers: str, topic: str) -> list[Read]:
    """All committed records of a topic up to its end now.

    Raises:
        TimeoutError: the end was not reached within 30 s without a record.
    """
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            "group.id": "reading",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": "read_committed",
            "log_level": 2,
        }
    )
    try:
        partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
        consumer.assign([TopicPartition(topic, p, 0) for p in partitions])
        open_, records = len(partitions), []
        while open_:
            message = consumer.poll(30)
            if message is None:
                raise TimeoutError(f"{topic}: no end after 30 s")
            if message.error():
                open_ -= 1
                continue
            headers = cast(list[tuple[str, bytes]], message.headers() or [])
            records.append(Read(message.key(), message.value(), dict(headers)))
        return records
    finally:
        consumer.close()
