"""Looks at the running app every second: what it has in hand, how far it is behind, whether it moves."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from aiokafka.errors import KafkaError

from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming.engine.exit import ExitCode, leave
from monitor.streaming.health.awaited import Health
from monitor.streaming.health.lag import Lag

log = logging.getLogger(__name__)

#: Seconds between two looks at what is in hand.
BEAT_SECONDS = 1.0
#: Seconds after which a topic that the cluster does not know is gone; a broker that starts may not know it yet.
GONE_SECONDS = 5.0


def watch(app: Any, settings: Settings, metrics: Metrics, health: Health) -> None:
    """Connect the timers and signals that keep the metrics of the engine and the health."""
    hang = settings.hang_seconds
    lag = Lag(metrics)
    turned, gone, assignment_came = time.monotonic(), 0, False

    @app.timer(BEAT_SECONDS)
    async def beat() -> None:
        nonlocal turned, gone
        now, consumer = time.monotonic(), app.consumer
        metrics.loop_delay.set(max(now - turned - BEAT_SECONDS, 0.0))
        turned = now
        metrics.loop_tasks.set(len(asyncio.all_tasks()))
        in_hand = consumer.ledger.in_hand_since()
        metrics.oldest_event.set(now - in_hand if in_hand is not None else 0.0)
        if consumer.last_commit is not None:
            metrics.last_commit.set(consumer.last_commit)
        metrics.bytes_in_hand.set(consumer.ledger.bytes_in_hand())
        health.expect("loop", "the event loop has not turned", now, settings.loop_seconds)
        health.expect("event", "an event has been in hand", in_hand, hang)
        health.expect("commit", "finished events have awaited their commit", consumer.ledger.commit_due_since(), hang)
        # Raises where the group is lost for good, which ends the app.
        consumer.check_group()
        if assignment_came:
            gone = gone + 1 if (missing := consumer.missing_topics()) else 0
            if gone * BEAT_SECONDS >= GONE_SECONDS:
                # aiokafka would commit the old topic's offsets to one that is made anew, and skip its records.
                leave(ExitCode.TOPICS_MISSING, f"{', '.join(missing)} is no longer there")

    @app.timer(settings.lag_interval_seconds)
    async def measure() -> None:
        if not app.consumer.assignment():
            return
        try:
            behind = await lag.measure(app.consumer)
        except (KafkaError, TimeoutError) as error:
            # An exception that leaves a timer ends the app; monitor_lag_measured_timestamp_seconds tells.
            log.warning("the lag could not be measured, the broker does not answer: %r", error)
            return
        health.set_ready("lag", lag_missing(behind, settings.ready_lag_seconds))

    health.expect("assignment", "partitions have been awaited", turned, hang)

    @app.on_partitions_assigned.connect
    async def assigned(_app: Any, partitions: set[Any], **_: Any) -> None:
        nonlocal assignment_came
        assignment_came = True
        metrics.rebalances.inc()
        metrics.partitions.set(len(partitions))
        lag.keep(partitions)
        log.info("partitions assigned: %s", ", ".join(sorted(f"{p.topic}-{p.partition}" for p in partitions)) or "none")
        health.expect("assignment", "", None, hang)
        health.set_ready("assignment", None if partitions else "no partitions assigned: there are more workers")
        health.set_ready("lag", "the lag is not measured yet" if partitions else None)

    @app.on_partitions_revoked.connect
    async def revoked(_app: Any, _partitions: set[Any], **_: Any) -> None:
        metrics.partitions.set(0)
        health.expect("assignment", "partitions have been awaited", time.monotonic(), hang)
        health.set_ready("assignment", "partitions are being assigned")


def lag_missing(behind: float | None, ready: float) -> str | None:
    """What readiness misses of the lag, ``behind`` seconds; ``None`` when it is low enough."""
    if behind is None:
        return "still reading what was there at the start"
    return f"{behind:.0f} s behind" if behind > ready else None
