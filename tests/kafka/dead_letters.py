"""Dead letters written for a test, and ``monitor deadletters`` called on them."""

from __future__ import annotations

import json

from confluent_kafka import Producer
from typer.testing import CliRunner

from monitor.cli import app
from monitor.streaming.deadletters.letter import Refused, dead_letter, without_value
from monitor.streaming.engine.records import InputRecord
from tests.kafka.server import Kafka
from tests.kafka.topics import Topics

#: The offset of the record whose dead letter is written without its value.
WITHOUT_VALUE = 4


def write(broker: Kafka, topics: Topics, count: int, *, begin: int = 0, reason: str = "no_body") -> None:
    """Dead letters as the worker writes them, with ids of their own, spread over six partitions."""
    producer = Producer({"bootstrap.servers": broker.address, "linger.ms": 20})
    for number in range(begin, begin + count):
        source = "Lantern" if number % 2 else "Quay\x9b\x1b[31m"
        value = json.dumps({"id": f"a-{number}", "source": source}).encode()
        record = InputRecord(topics.articles, number % 6, number, 1.5, b"k-%d" % number, value, (("ce_type", b"x"),))
        letter = dead_letter(topics.dead, record, Refused(reason, "decode", ValueError("no text \x1b[2J\u202e")))
        if number == WITHOUT_VALUE:
            letter = without_value(letter) or letter
        producer.produce(letter.topic, letter.value, letter.key, headers=list(letter.headers))
    assert producer.flush(30) == 0


class Commands:
    """``monitor deadletters`` on the topics of one test."""

    def __init__(self, broker: Kafka, topics: Topics) -> None:
        self.environment = {
            "MONITOR_BOOTSTRAP_SERVERS": broker.address,
            "MONITOR_TOPIC_PREFIX": topics.articles.removesuffix("articles"),
            "COLUMNS": "200",
        }

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, output and errors of the command, called within this process, which is quicker."""
        result = CliRunner().invoke(app, ["deadletters", *arguments], env=self.environment)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout, result.stderr
