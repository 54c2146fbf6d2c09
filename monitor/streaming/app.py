"""Wires the stages to their topics: one Faust app for each, with a consumer group of its own."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from faust.types import TP

from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming.connection import credentials, plain_client
from monitor.streaming.deadletters.held import HeldPartitions
from monitor.streaming.engine.resets import Cause, Reset, message
from monitor.streaming.engine.transport import App
from monitor.streaming.health.awaited import Health
from monitor.streaming.health.beat import Beat
from monitor.streaming.runner import StageRunner
from monitor.streaming.stages.stage import Stage, Surroundings

log = logging.getLogger(__name__)


def create(
    stages: Iterable[type[Stage]], surroundings: Surroundings, metrics: Metrics, health: Health, held: HeldPartitions
) -> list[StageRunner]:
    """The stages of one worker, each on its app, ready to be started; makes no connection by itself."""
    settings = surroundings.settings
    runners = [
        StageRunner(stage.build(surroundings), _app(stage, settings, metrics), settings, metrics, held)
        for stage in stages
    ]
    for runner in runners:
        runner.connect_state(plain_client(settings), metrics, health)
    Beat(runners, settings, metrics, health).connect()
    return runners


def _app(stage: type[Stage], settings: Settings, metrics: Metrics) -> App:
    group = stage.group(settings.group)
    app = App(group, **_configuration(group, settings))
    app.max_bytes_in_hand = settings.max_bytes_in_hand
    app.first_start = settings.first_start
    app.connection = plain_client(settings)
    app.on_reset = partial(count_resets, metrics, group)
    return app


def count_resets(metrics: Metrics, group: str, resets: Mapping[TP, Reset]) -> None:
    """Log, a line for each cause, and count which partitions are read from another offset than the one asked for."""
    for cause in Cause:
        if of_cause := {tp: reset for tp, reset in resets.items() if reset.cause is cause}:
            # The text itself, not "%s": the limit on lines of a kind would leave the third cause out.
            log.log(logging.INFO if cause is Cause.FIRST_START else logging.ERROR, message(cause, of_cause))
    for tp, reset in resets.items():
        if reset.cause is not Cause.FIRST_START:
            metrics.offset_resets.labels(group, tp.topic, str(tp.partition), reset.cause).inc()
            metrics.records_lost.labels(group, tp.topic, str(tp.partition)).inc(reset.lost or 0)


def _configuration(group: str, settings: Settings) -> dict[str, Any]:
    session = settings.session_timeout_seconds
    return {
        "broker": [f"kafka://{server.strip()}" for server in settings.bootstrap_servers.split(",")],
        "broker_credentials": credentials(settings),
        "broker_client_id": group,
        "broker_session_timeout": session,
        "broker_heartbeat_interval": session / 5,
        "broker_rebalance_timeout": 60.0,
        "broker_request_timeout": max(40.0, session + 5),
        "broker_commit_interval": 1.0,
        # None waits for a full buffer and hung a worker (Faust issue 402).
        "broker_max_poll_records": 500,
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
        # As small as gzip at 9, which is what aiokafka has for it, in a tenth of the time: 0.3 ms an article less.
        "producer_compression_type": "zstd",
        "store": "memory://",
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "web_enabled": False,
        "autodiscover": False,
    }
