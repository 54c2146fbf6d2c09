"""The Faust app: the stages on their topics, and the timers that watch them."""

from __future__ import annotations

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
from monitor.streaming.leave import ExitCode, leave
from monitor.streaming.recent import Recent
from monitor.streaming.score import Stage
from monitor.streaming.topics import Topics
from monitor.streaming.transport import App

log = logging.getLogger(__name__)


def create(settings: Settings, metrics: Metrics, health: Health, recent: Recent) -> Any:
    """The app of one worker, ready to be started; makes no connection by itself."""
    topics = Topics.named(settings.topic_prefix)
    app: Any = App(settings.group, **_configuration(settings))
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

    @app.timer(1.0)
    async def beat() -> None:
        health.beat()

    @app.timer(settings.lag_interval_seconds)
    async def measure() -> None:
        metrics.oldest_event.set(deliveries.oldest_seconds())
        try:
            await measure_lag(app, metrics)
        except (KafkaError, TimeoutError) as error:
            # An exception that leaves a timer ends the app; monitor_lag_measured_timestamp_seconds tells.
            log.warning("the lag could not be measured, the broker does not answer: %r", error)

    @app.on_partitions_assigned.connect
    async def assigned(_app: Any, partitions: set[Any], **_: Any) -> None:
        metrics.rebalances.inc()
        metrics.partitions.set(len(partitions))
        log.info("partitions assigned: %s", ", ".join(sorted(f"{p.topic}-{p.partition}" for p in partitions)) or "none")
        health.set_ready("assignment", None if partitions else "no partitions assigned")

    @app.on_partitions_revoked.connect
    async def revoked(_app: Any, partitions: set[Any], **_: Any) -> None:
        metrics.partitions.set(0)
        metrics.lag.clear()
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
    return await app.producer.send(output.topic, output.key, output.value, None, output.timestamp, list(output.headers))


async def measure_lag(app: Any, metrics: Metrics) -> None:
    """Set the lag of each partition held: its end offset less what the broker holds as committed.

    Faust's own end offset moves only when a record is read, so a stuck worker's lag would read 0.
    """
    partitions = app.consumer.assignment()
    if not partitions:
        return
    ends = await app.consumer.highwaters(*partitions)
    committed = await app.consumer._thread.committed(partitions)
    without = [tp for tp in partitions if committed.get(tp) is None]
    beginnings = await app.consumer.earliest_offsets(*without) if without else {}
    for tp in partitions:
        start = committed.get(tp)
        lag = ends[tp] - (beginnings[tp] if start is None else start)
        metrics.lag.labels(tp.topic, str(tp.partition)).set(max(lag, 0))
    metrics.lag_measured.set(time.time())


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
