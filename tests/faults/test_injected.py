"""Errors and delays in the broker's answers, by librdkafka's in-process broker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from confluent_kafka import KafkaError

from tests.faults.ledger import Ledger, Row
from tests.kafka.injected import OFFSET_COMMIT, PRODUCE, injected
from tests.kafka.topics import Topics
from tests.kafka.worker import Supervised

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

Tell = Callable[[Row], None]

#: What a cluster in trouble answers; the last ones no client sends again by itself.
PRODUCE_ERRORS = (
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.REQUEST_TIMED_OUT,
    KafkaError.NOT_ENOUGH_REPLICAS,
    KafkaError.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.INVALID_MSG,
)


def test_produce_errors_and_late_answers(tmp_path: Path, tell: Tell) -> None:
    topics = Topics.named()
    with injected(topics) as broker, Ledger(broker.address, topics).reading() as ledger:
        ledger.send(500)
        with Supervised(tmp_path / "worker.log", broker.address) as worker:
            worker.wait_ready()
            ledger.send(300)
            broker.late(0.5)
            broker.errors(PRODUCE, PRODUCE_ERRORS * 4)
            ledger.mark()
            ledger.wait(120)
            broker.late(0)
            ledger.send(500)
            ledger.wait(60)
            tell(
                ledger.row(
                    f"{4 * len(PRODUCE_ERRORS)} errors of {len(PRODUCE_ERRORS)} kinds on produce, answers 0.5 s late"
                )
            )
            assert worker.exits == []


def test_commits_that_are_refused(tmp_path: Path, tell: Tell) -> None:
    topics = Topics.named()
    with (
        injected(topics) as broker,
        Ledger(broker.address, topics).reading() as ledger,
        Supervised(tmp_path / "worker.log", broker.address) as worker,
    ):
        worker.wait_ready()
        broker.errors(OFFSET_COMMIT, [KafkaError.NOT_COORDINATOR, KafkaError.COORDINATOR_LOAD_IN_PROGRESS] * 10)
        ledger.send(1000)
        ledger.mark()
        ledger.wait(120)
        tell(ledger.row("20 commits refused"))
