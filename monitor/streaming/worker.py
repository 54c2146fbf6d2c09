"""Runs the app as a process: checks the topics, takes SIGTERM, drains, commits and leaves in time."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

import faust

from monitor.settings import Settings
from monitor.streaming.connection import cluster
from monitor.streaming.engine.exit import ExitCode, leave
from monitor.streaming.engine.transport import App
from monitor.streaming.health.awaited import Health
from monitor.streaming.health.watchdog import watchdog
from monitor.streaming.topics import Topics, states

log = logging.getLogger(__name__)


class TopicsMissing(Exception):
    """A topic that the worker reads or writes does not exist; the message names it and the remedy."""


def check_topics(settings: Settings) -> None:
    """Ask the cluster for the topics.

    Raises:
        TopicsMissing: one is missing.
        Unreachable: the cluster does not answer.
    """
    missing = [t.name for t in states(cluster(settings), Topics.named(settings.topic_prefix)) if not t.partitions]
    if missing:
        raise TopicsMissing(
            f"missing at {settings.bootstrap_servers}: {', '.join(missing)}; make them with: monitor topics create"
        )


class Worker(faust.Worker):
    """Faust's worker, with a deadline on leaving."""

    def __init__(self, app: App, shutdown_seconds: float, **options: Any) -> None:
        super().__init__(app, **options)
        self._shutdown_seconds = shutdown_seconds

    def _schedule_shutdown(self, signal: Any) -> None:
        log.info("%s: draining, committing and leaving within %g s", signal.name, self._shutdown_seconds)
        timer = threading.Timer(
            self._shutdown_seconds,
            leave,
            (ExitCode.SHUTDOWN_DEADLINE, f"not drained within {self._shutdown_seconds:g} s of {signal.name}"),
        )
        timer.daemon = True
        timer.start()
        super()._schedule_shutdown(signal)

    def _setup_logging(self) -> None:
        """The process has set up logging already."""


def run(app: App, settings: Settings, health: Health) -> None:
    """Run until SIGTERM or SIGINT, or until it hangs.

    Raises:
        TopicsMissing, Unreachable: see :func:`check_topics`.
        SystemExit: at the end, as Faust's worker does.
    """
    check_topics(settings)
    worker = Worker(app, settings.shutdown_seconds, quiet=True, redirect_stdouts=False)
    try:
        with watchdog(health, leave, lambda: asyncio.all_tasks(app.loop)):
            worker.execute_from_commandline()
    finally:
        log.info("ended")
