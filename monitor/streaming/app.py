"""The Faust app: the stages on their topics."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aiokafka.errors import KafkaError

from monitor.articles.article import Article
from monitor.articles.decode import Decoder
from monitor.articles.errors import place
from monitor.metrics import Metrics, SourceLabels
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.settings import Settings
from monitor.streaming.connection import credentials
from monitor.streaming.deadletters.letter import why
from monitor.streaming.deadletters.limits import Limits, Seen
from monitor.streaming.engine.deliveries import Deliveries, Output
from monitor.streaming.engine.exit import ExitCode, leave
from monitor.streaming.engine.transport import App
from monitor.streaming.health.awaited import Health
from monitor.streaming.health.beat import watch
from monitor.streaming.stages.latest_bad import Recent
from monitor.streaming.stages.score import Stage
from monitor.streaming.topics import Topics


def create(settings: Settings, metrics: Metrics, health: Health, recent: Recent) -> Any:
    """The app of one worker, ready to be started; makes no connection by itself."""
    topics = Topics.named(settings.topic_prefix)
    app: Any = App(settings.group, **_configuration(settings))
    app.max_bytes_in_hand = settings.max_bytes_in_hand
    stage = Stage(
        partial(decode_record, settings.decoder()),
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

    limits = Limits(settings.dead_letter_consecutive, settings.dead_letter_ratio, settings.dead_letter_records)
    seen: dict[Any, Seen] = {}

    async def counted(record: Any, outputs: list[Output]) -> str:
        """The note to commit with a record: what has been seen of its partition. Past a limit the process ends."""
        if record.tp not in seen:
            seen[record.tp] = Seen.noted(await app.consumer.note(record.tp))
        reason, message = why(outputs[0])
        now = seen[record.tp] = limits.after(seen[record.tp], reason)
        if crossed := limits.crossed(now):
            # What is in hand is delivered and committed first: else each start would deliver it again.
            await deliveries.drain(settings.shutdown_seconds)
            with contextlib.suppress(KafkaError, TimeoutError):
                async with asyncio.timeout(settings.shutdown_seconds):
                    await app.consumer.commit() or await app.consumer.commit()
            leave(
                ExitCode.DEAD_LETTER_LIMIT,
                f"{crossed}, on {record.topic}-{record.partition} with offset {record.offset}: {reason}: {message}. "
                "That record is not committed, and each start stops at it. Mend what makes the dead letters; or let "
                "them through: monitor worker --dead-letter-consecutive 0 --dead-letter-ratio 0",
            )
        return now.note()

    @app.agent(articles, name="score")
    async def score(stream: Any) -> AsyncIterator[None]:
        try:
            async for event in stream.noack().events():
                record = event.message
                outputs = stage.outputs(record)
                note = await counted(record, outputs)
                await deliveries.deliver(outputs, stage.instead(record), partial(app.consumer.finish, record, note))
        except Exception as error:  # noqa: BLE001 - ends the process
            # Faust would acknowledge the event in hand and go on without it.
            leave(ExitCode.STAGE_FAILED, f"the stage score failed: {place(error)}")
        return
        yield

    @app.on_partitions_assigned.connect
    @app.on_partitions_revoked.connect
    async def forget(_app: Any, _partitions: set[Any], **_: Any) -> None:
        seen.clear()

    watch(app, settings, metrics, health)
    return app


def decode_record(
    decoder: Decoder, value: bytes | None, key: bytes | None, headers: tuple[tuple[str, bytes], ...]
) -> Article:
    """An article from a record's value, key and headers."""
    return decoder.decode(value, key=key, headers=headers)


async def _send(app: App, output: Output) -> Awaitable[object]:
    # aiokafka sends no record that has neither key nor value, as the dead letter of a tombstone without a key.
    value = b"" if output.key is None and output.value is None else output.value
    return await app.producer.send(output.topic, output.key, value, None, output.timestamp, list(output.headers))


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
