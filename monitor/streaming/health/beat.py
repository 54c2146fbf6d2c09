"""Looks at the running stages every second: what they have in hand, how far they are behind, whether they move."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Protocol

from aiokafka.errors import KafkaError
from faust.types import TP

from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming.engine.consumer import Consumer
from monitor.streaming.engine.exit import ExitCode, exit_process
from monitor.streaming.engine.resets import Cause
from monitor.streaming.engine.transport import App
from monitor.streaming.health.awaited import Health
from monitor.streaming.health.lag import Lag
from monitor.streaming.health.silence import is_silent, silence
from monitor.streaming.stages.stage import Stage

log = logging.getLogger(__name__)

#: Seconds between two looks at what is in hand.
BEAT_SECONDS = 1.0
#: Seconds after which a topic that the cluster does not know is gone; a broker that starts may not know it yet.
GONE_SECONDS = 5.0


class Running(Protocol):
    """A stage and the app that it runs on."""

    stage: Stage
    app: App


class Beat:
    """Keeps the metrics of the engine and the health of a worker, over all its stages."""

    def __init__(self, running: Sequence[Running], settings: Settings, metrics: Metrics, health: Health) -> None:
        self._running = running
        self._settings = settings
        self._metrics = metrics
        self._health = health
        self._lag = Lag(metrics)
        self._last_beat = time.monotonic()
        #: By stage: the partitions it was given last, any or none; and the stages whose partitions are revoked.
        self._partitions: dict[str, set[TP]] = {}
        self._revoked: set[str] = set()
        #: Looks in a row at which a topic was missing.
        self._missing_looks = 0
        #: When Kafka last answered what the lag is made of, or was first asked; ``None`` while it is not asked.
        self._answered: float | None = None

    def connect(self) -> None:
        """Connect the timers, on the first stage's app, and the signals of all."""
        for running in self._running:
            name = running.stage.name
            self._await_partitions(name, "no partitions assigned yet")
            running.app.on_partitions_assigned.connect(partial(self._on_assigned, running))
            running.app.on_partitions_revoked.connect(partial(self._on_revoked, running))
        self._health.set_ready("assignment")
        app = self._running[0].app
        app.timer(BEAT_SECONDS)(self.look)
        app.timer(self._settings.lag_interval_seconds)(self.measure_lag)

    async def look(self) -> None:
        """Set the metrics of what is in hand, and note what is awaited.

        Raises:
            aiokafka.errors.KafkaError: a group is lost for good, which ends the app.
        """
        now, metrics, health = time.monotonic(), self._metrics, self._health
        metrics.loop_delay.set(max(now - self._last_beat - BEAT_SECONDS, 0.0))
        self._last_beat = now
        metrics.loop_tasks.set(len(asyncio.all_tasks()))
        health.expect("loop", "the event loop has not turned", now, self._settings.loop_seconds)
        consumers = self._consumers()
        in_hand = _earliest(consumer.ledger.in_hand_since() for consumer in consumers)
        due = _earliest(consumer.ledger.commit_due_since() for consumer in consumers)
        metrics.oldest_event.set(now - in_hand if in_hand is not None else 0.0)
        metrics.bytes_in_hand.set(sum(consumer.ledger.bytes_in_hand() for consumer in consumers))
        commits = [consumer.last_commit for consumer in consumers if consumer.last_commit is not None]
        if commits:
            metrics.last_commit.set(max(commits))
        self._expect_within_hang_seconds("event", "an event has been in hand", in_hand)
        self._expect_within_hang_seconds("commit", "finished events have awaited their commit", due)
        self._look_at_kafka(now)
        for consumer in consumers:
            consumer.check_group()
        self._exit_if_a_topic_is_gone(consumers)

    def _expect_within_hang_seconds(self, part: str, what: str, since: float | None) -> None:
        if since is None:
            self._health.done(part)
        else:
            self._health.expect(part, what, since, self._settings.hang_seconds)

    def _look_at_kafka(self, now: float) -> None:
        """Not ready where Kafka has not answered for three measurings of the lag, which is then history."""
        silent = now - self._answered if self._answered is not None else 0.0
        is_red = is_silent(silent, self._settings.lag_interval_seconds)
        self._health.set_ready("kafka", silence(silent) if is_red else None)

    def _exit_if_a_topic_is_gone(self, consumers: Sequence[Consumer]) -> None:
        """End the process where a topic was deleted.

        aiokafka would commit its offsets to a topic of that name that is made anew, and skip its records.
        """
        if len(self._partitions) < len(self._running):
            return
        missing = sorted({topic for consumer in consumers for topic in consumer.missing_topics()})
        self._missing_looks = self._missing_looks + 1 if missing else 0
        if self._missing_looks * BEAT_SECONDS >= GONE_SECONDS:
            exit_process(ExitCode.TOPICS_MISSING, f"{', '.join(missing)} is no longer there")

    async def measure_lag(self) -> None:
        """Measure how far the worker is behind, and note that Kafka answers."""
        assigned = [running.app.offsets_consumer for running in self._running if running.stage.name in self._partitions]
        consumers = [consumer for consumer in assigned if consumer.assignment()]
        if not consumers:
            self._answered = None
            return
        if self._answered is None:
            self._answered = time.monotonic()
        try:
            await self._lag.measure(*consumers)
        except (KafkaError, TimeoutError) as error:
            # An exception that leaves a timer ends the app; monitor_lag_measured_timestamp_seconds shows the gap.
            log.warning("the lag could not be measured, the broker does not answer: %r", error)
            return
        self._answered = time.monotonic()
        self._health.set_ready("lag")

    def _consumers(self) -> list[Consumer]:
        return [running.app.offsets_consumer for running in self._running if running.app.started]

    async def _on_assigned(self, running: Running, _app: App, partitions: set[TP], **_: Any) -> None:
        name = running.stage.name
        self._partitions[name] = set(partitions)
        self._revoked.discard(name)
        self._metrics.rebalances.inc()
        self._set_partitions()
        group = running.app.offsets_consumer.group
        self._begin_counters(group, partitions)
        self._lag.keep(group, partitions)
        names = ", ".join(sorted(f"{p.topic}-{p.partition}" for p in partitions))
        log.info("partitions assigned: %s", names or "none", extra={"stage": name})
        self._health.done(f"assignment of {name}")
        # Of a topic with a fixed number of partitions, workers beyond that number stand by.
        stands_by = not partitions and running.stage.reads.partitions is not None
        missing = None if partitions or stands_by else "no partitions assigned: there are more workers"
        self._health.set_ready(f"assignment of {name}", missing)
        if partitions:
            self._health.set_ready("lag", "the lag is not measured yet")
        elif not any(self._partitions.values()):
            self._health.set_ready("lag")

    def _begin_counters(self, group: str, partitions: set[TP]) -> None:
        """Let the counters of a partition begin at 0, so that ``increase()`` sees their first step."""
        for tp in partitions:
            labels = (group, tp.topic, str(tp.partition))
            self._metrics.records_lost.labels(*labels)
            for cause in set(Cause) - {Cause.FIRST_START}:
                self._metrics.offset_resets.labels(*labels, cause)

    async def _on_revoked(self, running: Running, _app: App, _partitions: set[TP], **_: Any) -> None:
        self._revoked.add(running.stage.name)
        self._set_partitions()
        self._await_partitions(running.stage.name, "partitions are being assigned")

    def _set_partitions(self) -> None:
        self._metrics.partitions.set(
            sum(len(held) for name, held in self._partitions.items() if name not in self._revoked)
        )

    def _await_partitions(self, stage: str, missing: str) -> None:
        part = f"assignment of {stage}"
        what = f"the stage {stage} has awaited its partitions"
        self._health.expect(part, what, time.monotonic(), self._settings.hang_seconds)
        self._health.set_ready(part, missing)


def _earliest(times: Iterable[float | None]) -> float | None:
    return min((time for time in times if time is not None), default=None)
