"""The embedded broker: it holds what is sent to it, and ends with its block."""

from __future__ import annotations

import pytest
from confluent_kafka import Consumer, KafkaException, Producer

from monitor.demo.broker import embedded_broker
from tests.kafka.reading import read_all


def test_broker_has_the_topics_and_keeps_records() -> None:
    with embedded_broker(["articles", "articles.scored"]) as address:
        producer = Producer({"bootstrap.servers": address})
        producer.produce("articles", b"value", b"key")
        assert producer.flush(10) == 0
        assert [(record.key, record.value) for record in read_all(address, "articles")] == [(b"key", b"value")]
        assert read_all(address, "articles.scored") == []


def test_two_brokers_share_nothing() -> None:
    with embedded_broker(["articles"]) as first, embedded_broker(["articles"]) as second:
        assert first != second
        producer = Producer({"bootstrap.servers": first})
        producer.produce("articles", b"value")
        assert producer.flush(10) == 0
        assert read_all(second, "articles") == []


def test_nothing_answers_after_the_block() -> None:
    with embedded_broker(["articles"]) as address:
        pass
    consumer = Consumer({"bootstrap.servers": address, "group.id": "after", "log_level": 0})
    with pytest.raises(KafkaException):
        consumer.list_topics(timeout=1)
    consumer.close()
