"""``monitor worker``: the stream processor, until it is told to stop."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Annotated

import typer

from monitor import __version__
from monitor.cli.options import fail, with_settings
from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming import logs
from monitor.streaming.app import create
from monitor.streaming.connection import Unreachable
from monitor.streaming.deadletters.held import HeldPartitions
from monitor.streaming.engine.exit import ExitCode
from monitor.streaming.health.awaited import Health
from monitor.streaming.stages import STAGES, topics_of
from monitor.streaming.stages.stage import Stage, Surroundings
from monitor.streaming.topics import NamedTwice, full_names
from monitor.streaming.worker import NotAllowed, TopicsMissing, run
from monitor.web.server import BadAddress, Served, followed, reachable, serve

log = logging.getLogger(__name__)


@with_settings(
    "bootstrap_servers",
    "group",
    "topic_prefix",
    "web",
    "log_level",
    "dead_letter_consecutive",
    "dead_letter_ratio",
)
def worker(
    settings: Settings,
    stages: Annotated[
        str, typer.Option(help=f"the stages to run, separated by commas: {', '.join(s.name for s in STAGES)}")
    ] = ",".join(stage.name for stage in STAGES),
) -> None:
    """Read articles from Kafka without stopping: score, flag, count.

    monitor worker --bootstrap-servers kafka-1:9092,kafka-2:9092

    monitor worker --stages score --web 0.0.0.0:8080
    """
    chosen = _chosen(stages)
    logs.set_up(settings)
    metrics, health = Metrics(), Health()
    held = HeldPartitions(metrics, health)
    metrics.build.labels(__version__).set(1)
    try:
        with ExitStack() as stack:
            served = Served(metrics, health, held)
            if settings.pages:
                served = stack.enter_context(followed(settings, served))
            address = stack.enter_context(serve(settings, served))
            held.address = reachable(address)
            started = {
                name: getattr(settings, name)
                for name in ("group", "bootstrap_servers", "security_protocol", "session_timeout_seconds")
            }
            names = {
                "stages": ", ".join(stage.name for stage in chosen),
                "topics": ", ".join(full_names(topics_of(chosen), settings)),
            }
            log.info(
                "started; pages and metrics at http://%s", address, extra={"version": __version__} | names | started
            )
            surroundings = Surroundings(settings, metrics, lambda: datetime.now(UTC))
            runners = create(chosen, surroundings, metrics, health, held)
            run([runner.app for runner in runners], chosen, settings, health)
    except (BadAddress, NamedTwice) as error:
        raise fail(str(error)) from error
    except (TopicsMissing, NotAllowed, Unreachable) as error:
        raise fail(str(error), ExitCode.TOPICS_MISSING) from error


def _chosen(names: str) -> list[type[Stage]]:
    """The stages of these names.

    Raises:
        typer.Exit: there is no stage of one of the names, or no name.
    """
    chosen = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in chosen if name not in {stage.name for stage in STAGES}]
    if unknown or not chosen:
        known = ", ".join(stage.name for stage in STAGES)
        raise fail(f"--stages: no stage is named {', '.join(unknown) or 'in it'}; there are: {known}")
    return [stage for stage in STAGES if stage.name in chosen]
