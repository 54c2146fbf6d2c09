"""The Faust app: the stages on their topics, and the timers that watch them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aiokafka.errors import KafkaError

from monitor.articles.decode import decode
from monitor.articles.errors import place
from monitor.metrics import Metrics, SourceLabels
from monitor.scoring.boilerplate import Model
from monitor.scoring.score import Scorer
from monitor.settings import Settings
from monitor.streaming.connection import credentials
from monitor.streaming.deliveries import Deliveries, Output
from monitor.streaming.health import Health
from monitor.streaming.lag import Lag
from monitor.streaming.leave import ExitCode, leave
from monitor.streaming.recent import Recent
from monitor.streaming.score import Stage
from monitor.streaming.topics import Topics
from monitor.streaming.transport import App

log = logging.getLogger(__name__)

#: Seconds between two looks at what is in hand.
BEAT_SECONDS = 1.0
#: Seconds after which a topic that the cluster does not know is gone; a broker that starts may not know it yet.
GONE_SECONDS = 5.0


def create(settings: Settings, metrics: Metrics, health: Health, recent: Recent) -> Any:
    """The app of one worker, ready to be started; makes no connection by itself."""
    topics = Topics.named(settings.topic_prefix)
    app: Any = App(settings.group, **_configuration(settings))
    app.max_bytes_in_hand = settings.max_bytes_in_hand
    stage = Stage(
        partial(decode_record, settings),
        Scorer(Model.load(), settings.thresholds_for),
        topics,
        metrics,
        SourceLabels(settings.source_labels, settings.source_allow),
        recent,
        lambda: datetime.now(UTC),
    )
    articles = app.topic(
        topics.articles, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
    )
    deliveries = Deliveries(
        partial(_send, app),
        limit=settings.deliveries_in_flight,
        timeout_seconds=settings.delivery_timeout_seconds,
        leave=leave,
        metrics=metrics,
    )

    @app.agent(articles, name="score")
    async def score(stream: Any) -> AsyncIterator[None]:
        try:
            async for event in stream.noack().events():
                record = event.message
                await deliveries.deliver(
                    stage.outputs(record),
                    partial(stage.instead, record),
                    partial(app.consumer.finish, record),
                )
        except Exception as error:  # noqa: BLE001 - ends the process
            # Faust would acknowledge the event in hand and go on without it.
            leave(ExitCode.STAGE_FAILED, f"the stage score failed: {place(error)}")
        return
        yield

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
        in_hand = consumer.in_hand_since()
        metrics.oldest_event.set(now - in_hand if in_hand is not None else 0.0)
        if consumer.last_commit is not None:
            metrics.last_commit.set(consumer.last_commit)
        metrics.bytes_in_hand.set(consumer.bytes_in_hand())
        health.expect("loop", "the event loop has not turned", now, settings.loop_seconds)
        health.expect("event", "an event has been in hand", in_hand, hang)
        health.expect("commit", "finished events have awaited their commit", consumer.commit_due_since(), hang)
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

    return app


def decode_record(
    settings: Settings, value: bytes | None, key: bytes | None, headers: tuple[tuple[str, bytes], ...]
) -> Any:
    """An article from a record's value, key and headers, within the settings' limits."""
    return decode(
        value,
        key=key,
        headers=headers,
        fields=settings.fields,
        max_record_bytes=settings.max_record_bytes,
        max_text_characters=settings.max_text_characters,
    )


async def _send(app: App, output: Output) -> Awaitable[object]:
    # aiokafka sends no record that has neither key nor value, as the dead letter of a tombstone without a key.
    value = b"" if output.key is None and output.value is None else output.value
    return await app.producer.send(output.topic, output.key, value, None, output.timestamp, list(output.headers))


def lag_missing(behind: float | None, ready: float) -> str | None:
    """What readiness misses of the lag, ``behind`` seconds; ``None`` when it is low enough."""
    if behind is None:
        return "still reading what was there at the start"
    return f"{behind:.0f} s behind" if behind > ready else None


def _configuration(settings: Settings) -> dict[str, Any]:
    session = settings.session_timeout_seconds
    return {
        "broker": [f"kafka://{server.strip()}" for server in settings.bootstrap_servers.split(",")],
        "broker_credentials": credentials(settings),
        "broker_client_id": settings.group,
        "broker_session_timeout": session,
        "broker_heartbeat_interval": session / 5,
        "broker_rebalance_timeout": 60.0,
        "broker_request_timeout": max(40.0, session + 5),
        "broker_commit_interval": 1.0,
        # None waits for a full buffer and hung a worker (Faust issue 402).
        "broker_max_poll_records": 500,
        "consumer_auto_offset_reset": "earliest",
        # How soon a partition that was added is read; the default is 300.
        "consumer_metadata_max_age_ms": 30_000,
        # 500 records of the largest size are what a worker may hold: 4096, the default, would be 20 GB.
        "stream_buffer_maxsize": 500,
        "stream_wait_empty": True,
        "producer_acks": -1,
        # The default of 1200 s would let one send block for twenty minutes.
        "producer_request_timeout": 30.0,
        # Before compression: a verdict over 10,000 paragraphs is 1.4 MB, and 60 KB behind it.
        "producer_max_request_size": 16_000_000,
        "producer_compression_type": "gzip",
        "store": "memory://",
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "web_enabled": False,
        "autodiscover": False,
    }
