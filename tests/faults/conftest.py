"""What each test of a fault needs: a broker of its own, workers that are started again, a row of the table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient

from tests.conftest import kafka_or_skip
from tests.faults.ledger import Ledger, Row
from tests.kafka.server import Kafka
from tests.kafka.topics import Topics, create
from tests.kafka.worker import Supervised


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[Row], None]:
    """Writes a row for the table, and fails where a record is missing."""

    def row(figures: Row) -> None:
        record_property("row", json.dumps(figures))
        assert figures.missing == 0, figures

    return row


@pytest.fixture
def own_broker() -> Iterator[Kafka]:
    """A broker that a test may kill."""
    with kafka_or_skip() as server:
        yield server


@pytest.fixture
def ledger(own_broker: Kafka) -> Iterator[Ledger]:
    """What is sent to this broker and comes back; its topics are made, six partitions each."""
    topics = Topics.named()
    create(AdminClient({"bootstrap.servers": own_broker.address}), topics, 6, 1)
    with Ledger(own_broker.address, topics).reading() as ledger:
        yield ledger


@pytest.fixture
def start(own_broker: Kafka, tmp_path: Path) -> Iterator[Callable[..., Supervised]]:
    """Starts a worker of the test's group, with a supervisor; ends it with the test."""
    with ExitStack() as stack:
        count = iter(range(100))

        def make(environment: Mapping[str, str] | None = None, **settings: object) -> Supervised:
            log = tmp_path / f"worker-{next(count)}.log"
            return stack.enter_context(Supervised(log, own_broker.address, environment, **settings))

        yield make
