"""Runs the stages as one process: checks the topics, takes SIGTERM, drains, commits and leaves in time."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Sequence
from functools import partial
from signal import Signals
from typing import Any

import faust

from monitor.settings import Settings
from monitor.streaming.connection import cluster
from monitor.streaming.engine.exit import ExitCode, before_exit, exit_process
from monitor.streaming.engine.transport import App
from monitor.streaming.health.awaited import Health
from monitor.streaming.health.watchdog import watchdog
from monitor.streaming.stages import read_by, topics_of, written_by
from monitor.streaming.stages.stage import Stage
from monitor.streaming.topics import full_names, risks, states, unallowed

log = logging.getLogger(__name__)


class TopicsMissing(Exception):
    """A topic that the worker reads or writes does not exist; the message names it and the remedy."""


class NotAllowed(Exception):
    """Kafka does not let the worker read or write a topic; the message names it and the remedy."""


def check_topics(settings: Settings, stages: Sequence[type[Stage]]) -> None:
    """Ask the cluster for the topics and the rights to them, and warn of what could lose acknowledged records.

    A right that is missing would else show with the first record that needs it, which for incidents may be weeks.

    Raises:
        TopicsMissing: one is missing.
        NotAllowed: one may not be read or written.
        NamedTwice: one is both read and written.
        Unreachable: the cluster does not answer.
    """
    names = full_names(topics_of(stages), settings)
    client = cluster(settings)
    found = states(client, names)
    missing = [state.name for state in found if not state.partitions]
    if missing:
        raise TopicsMissing(
            f"missing at {settings.bootstrap_servers}, or hidden from this user: {', '.join(missing)}; make them with: "
            "monitor topics create"
        )
    read, written = (full_names(topics, settings) for topics in (read_by(stages), written_by(stages)))
    if lacking := unallowed(client, read, written):
        raise NotAllowed(
            f"the user of this worker may not {', or '.join(lacking)}; give it the rights of docs/operate.md (ACLs)"
        )
    for risk in risks(client, found):
        log.warning("%s", risk)


class Worker(faust.Worker):
    """Faust's worker over several apps, with a deadline on leaving.

    Faust starts and stops apps one after another: one that is never assigned a partition would keep those
    after it from starting, and one that cannot drain would use up the time of those after it. Here all start
    and stop together.
    """

    def __init__(self, apps: Sequence[App], shutdown_seconds: float, **options: Any) -> None:
        super().__init__(apps[0], **options)
        # Faust's progress on a terminal: at the end of it, it shows the cursor in the middle of a line of the log.
        self.spinner = None
        self._apps = apps
        self._shutdown_seconds = shutdown_seconds

    async def on_start(self) -> None:
        """Start the apps beside the first, which Faust itself starts."""
        await super().on_start()
        for app in self._apps[1:]:
            app.loop = self.loop
            app.in_worker = True
            # What ends an app for good ends the worker.
            app.beacon.reattach(self.beacon)
            self.add_future(app.maybe_start())

    async def _stop_children(self) -> None:
        stopped = await asyncio.gather(*(app.stop() for app in self._apps), return_exceptions=True)
        for app, error in zip(self._apps, stopped, strict=True):
            if isinstance(error, Exception):
                log.error("the app %s did not stop cleanly: %r", app.conf.id, error)
        await super()._stop_children()

    def _schedule_shutdown(self, signal: Signals) -> None:
        log.info("%s: draining, committing and leaving within %g s", signal.name, self._shutdown_seconds)
        timer = threading.Timer(
            self._shutdown_seconds,
            exit_process,
            (ExitCode.SHUTDOWN_DEADLINE, f"not drained within {self._shutdown_seconds:g} s of {signal.name}"),
        )
        timer.daemon = True
        timer.start()
        super()._schedule_shutdown(signal)

    def _setup_logging(self) -> None:
        """The process has set up logging already."""


def _leave_group(app: App) -> None:
    if app.started:
        app.offsets_consumer.leave_group()


def run(apps: Sequence[App], stages: Sequence[type[Stage]], settings: Settings, health: Health) -> None:
    """Run the apps of these stages until SIGTERM or SIGINT, or until it hangs.

    Raises:
        TopicsMissing, NotAllowed, NamedTwice, Unreachable: see :func:`check_topics`.
        SystemExit: at the end, as Faust's worker does.
    """
    check_topics(settings, stages)
    for app in apps:
        before_exit(partial(_leave_group, app))
    worker = Worker(apps, settings.shutdown_seconds, quiet=True, redirect_stdouts=False)
    try:
        with watchdog(health, exit_process, lambda: asyncio.all_tasks(worker.loop)):
            worker.execute_from_commandline()
    finally:
        log.info("ended")
