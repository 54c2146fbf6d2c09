"""``monitor worker``: the stream processor, until it is told to stop."""

from __future__ import annotations

import logging

from monitor import __version__
from monitor.cli.options import fail, with_settings
from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming import logs
from monitor.streaming.app import create
from monitor.streaming.connection import Unreachable
from monitor.streaming.engine.exit import ExitCode
from monitor.streaming.health.awaited import Health
from monitor.streaming.stages.latest_bad import Recent
from monitor.streaming.topics import Topics
from monitor.streaming.worker import TopicsMissing, run
from monitor.web.server import BadAddress, serve

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
def worker(settings: Settings) -> None:
    """Read articles from Kafka without stopping: score, flag, count."""
    logs.set_up(settings)
    metrics, health, recent = Metrics(), Health(), Recent()
    metrics.build.labels(__version__).set(1)
    try:
        with serve(settings, metrics, health, recent) as address:
            started = {
                name: getattr(settings, name)
                for name in ("group", "bootstrap_servers", "security_protocol", "session_timeout_seconds")
            }
            topics = ", ".join(Topics.named(settings.topic_prefix))
            log.info(
                "started; page and metrics at http://%s",
                address,
                extra={"version": __version__, "topics": topics} | started,
            )
            run(create(settings, metrics, health, recent), settings, health)
    except BadAddress as error:
        raise fail(str(error)) from error
    except (TopicsMissing, Unreachable) as error:
        raise fail(str(error), ExitCode.TOPICS_MISSING) from error
