"""Real components for the tests: each skips the test where it is missing, unless REQUIRE_ALL=1."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from confluent_kafka.admin import AdminClient
from hypothesis import HealthCheck, settings

from tests.kafka.server import Kafka, Missing, kafka
from tests.kafka.topics import Topics, create

settings.register_profile("repeatable", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")


def without(component: str) -> NoReturn:
    """Skip the test for want of a component; fail it where all are required."""
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"REQUIRE_ALL=1, but: {component}")
    pytest.skip(component)


@contextmanager
def kafka_or_skip() -> Iterator[Kafka]:
    """A real Kafka while the block runs; skips the test where one cannot be started here."""
    try:
        with kafka() as server:
            yield server
    except Missing as missing:
        without(str(missing))


@pytest.fixture(scope="session")
def broker() -> Iterator[Kafka]:
    """A real Kafka, shared by the session's tests; each uses topics of its own prefix."""
    with kafka_or_skip() as server:
        yield server


@pytest.fixture
def topics(broker: Kafka, tmp_path: Path) -> Topics:
    """The topics of one test, made with six partitions under a prefix of its own."""
    named = Topics.named(f"{tmp_path.name}.")
    create(AdminClient({"bootstrap.servers": broker.address}), named, 6, 1)
    return named
