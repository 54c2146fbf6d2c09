"""Kafka's errors end a command with exit code 1 and a message that names what was used."""

from __future__ import annotations

import pytest
import typer
from confluent_kafka import KafkaError, KafkaException

from monitor.cli.kafka_errors import fail_on_kafka_errors
from monitor.settings import Settings
from monitor.streaming.connection import Unreachable

SETTINGS = Settings(bootstrap_servers="broker:9092")


def test_refusal_names_topic_broker_and_progress(capsys: pytest.CaptureFixture[str]) -> None:
    refusal = KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))
    with pytest.raises(typer.Exit) as raised, fail_on_kafka_errors(SETTINGS, "articles", lambda _: "; 3 were sent"):
        raise refusal
    assert raised.value.exit_code == 1
    message = capsys.readouterr().err
    assert message.startswith("monitor: articles at broker:9092: ")
    assert message.endswith("; 3 were sent\n")


def test_broker_that_does_not_answer_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as raised, fail_on_kafka_errors(SETTINGS, "articles"):
        raise Unreachable("no Kafka answers at broker:9092")
    assert raised.value.exit_code == 1
    assert capsys.readouterr().err == "monitor: no Kafka answers at broker:9092\n"


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), fail_on_kafka_errors(SETTINGS, "articles"):
        raise ZeroDivisionError
