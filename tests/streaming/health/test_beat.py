"""The beat over the stages of a worker; no broker."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming.engine.exit import ExitCode
from monitor.streaming.engine.offsets import Ledger
from monitor.streaming.health import beat as module
from monitor.streaming.health.awaited import Health
from monitor.streaming.health.beat import Beat
from monitor.streaming.topics import Topic

ARTICLES, FINGERPRINTS = TP("articles", 0), TP("articles.fingerprints", 0)


class Lost(Exception):
    """As GroupAuthorizationFailedError."""


class FakeConsumer:
    group = "monitor"

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.last_commit: float | None = None
        self.missing: tuple[str, ...] = ()
        self.lost = False

    def check_group(self) -> None:
        if self.lost:
            raise Lost

    def assignment(self) -> set[TP]:
        return {ARTICLES}

    def missing_topics(self) -> tuple[str, ...]:
        return self.missing


class Stages:
    """Two stages: one of as many partitions as are asked for, one of a single partition."""

    def __init__(self) -> None:
        self.metrics, self.health = Metrics(), Health()
        self.running = [self._running("score", None), self._running("link", 1)]
        self.beat = Beat(self.running, Settings(hang_seconds=200), self.metrics, self.health)
        for running in self.running:
            self.beat._await_partitions(running.stage.name, "no partitions assigned yet")
        self.health.set_ready("assignment")

    def _running(self, name: str, partitions: int | None) -> Any:
        reads = Topic(name, "any", "records", partitions=partitions)
        app = SimpleNamespace(started=True, offsets_consumer=FakeConsumer())
        return SimpleNamespace(stage=SimpleNamespace(name=name, reads=reads), app=app)

    def assign(self, index: int, *partitions: TP) -> None:
        asyncio.run(self.beat._on_assigned(self.running[index], self.running[index].app, set(partitions)))

    def revoke(self, index: int) -> None:
        asyncio.run(self.beat._on_revoked(self.running[index], self.running[index].app, set()))

    def answer(self, monkeypatch: pytest.MonkeyPatch, behind: float) -> None:
        """Let Kafka answer what the lag is made of."""

        async def measure(*_: object) -> float:
            return behind

        monkeypatch.setattr(self.beat._lag, "measure", measure)

    def look(self) -> None:
        asyncio.run(self.beat.look())

    def value(self, name: str) -> float | None:
        return self.metrics.registry.get_sample_value(name)


@pytest.fixture
def stages() -> Stages:
    return Stages()


def test_worker_is_ready_once_every_stage_has_its_partitions(stages: Stages) -> None:
    assert stages.health.not_ready() == ("no partitions assigned yet",) * 2
    stages.assign(0, ARTICLES)
    assert stages.health.not_ready() == ("no partitions assigned yet", "the lag is not measured yet")
    stages.assign(1, FINGERPRINTS)
    assert stages.health.not_ready() == ("the lag is not measured yet",)
    assert stages.value("monitor_partitions_assigned") == 2
    stages.revoke(1)
    assert "partitions are being assigned" in stages.health.not_ready()
    assert stages.value("monitor_partitions_assigned") == 1


def test_standby_of_a_single_partition_is_ready_a_spare_worker_is_not(stages: Stages) -> None:
    stages.assign(1)
    stages.assign(0)
    assert stages.health.not_ready() == ("no partitions assigned: there are more workers",)


def test_metrics_are_over_all_stages(stages: Stages) -> None:
    for running, offset, size in zip(stages.running, (7, 8), (10, 5), strict=True):
        running.app.offsets_consumer.ledger.hold(ARTICLES, offset, object(), size, 0.0)
        running.app.offsets_consumer.last_commit = float(offset)
    stages.look()
    assert stages.value("monitor_bytes_in_hand") == 15
    assert stages.value("monitor_last_commit_timestamp_seconds") == 8
    age = stages.value("monitor_oldest_event_age_seconds")
    assert age is not None
    assert age > 0


def test_group_that_is_lost_ends_the_app(stages: Stages) -> None:
    stages.running[1].app.offsets_consumer.lost = True
    with pytest.raises(Lost):
        stages.look()


def test_deleted_topic_ends_the_process_once_all_stages_had_partitions(
    stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    exits: list[tuple[ExitCode, str]] = []
    monkeypatch.setattr(module, "exit_process", lambda *reason: exits.append(reason))
    stages.running[0].app.offsets_consumer.missing = ("articles",)
    stages.assign(0, ARTICLES)
    for _ in range(10):
        stages.look()
    assert exits == [], "the other stage has not joined yet"
    stages.assign(1, FINGERPRINTS)
    for _ in range(4):
        stages.look()
    assert exits == [], "a broker that starts may not know the topic yet"
    stages.look()
    assert exits == [(ExitCode.TOPICS_MISSING, "articles is no longer there")]


def test_worker_with_a_backlog_is_ready_once_kafka_has_answered(
    stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages.answer(monkeypatch, behind=3600.0)
    stages.assign(0, ARTICLES)
    stages.assign(1, FINGERPRINTS)
    asyncio.run(stages.beat.measure_lag())
    assert stages.health.not_ready() == ()


def test_worker_is_red_while_kafka_has_not_answered_for_three_intervals(
    stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages.answer(monkeypatch, behind=0.0)
    stages.assign(0, ARTICLES)
    stages.assign(1, FINGERPRINTS)
    asyncio.run(stages.beat.measure_lag())
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 14)
    stages.look()
    assert stages.health.not_ready() == ()
    monkeypatch.setattr(time, "monotonic", lambda: now + 16)
    stages.look()
    assert stages.health.not_ready() == ("Kafka has not answered for 16 s; what is shown is as old",)
    asyncio.run(stages.beat.measure_lag())
    stages.look()
    assert stages.health.not_ready() == ()
