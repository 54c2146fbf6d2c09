"""``monitor worker``: the stream processor, until it is told to stop."""

from __future__ import annotations

import logging

from monitor import __version__
from monitor.cli.options import fail, with_settings
from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming.app import create
from monitor.streaming.health import Health
from monitor.streaming.leave import ExitCode
from monitor.streaming.recent import Recent
from monitor.streaming.worker import TopicsMissing, run
from monitor.web.server import BadAddress, serve


@with_settings("bootstrap_servers", "group", "topic_prefix", "web", "log_level")
def worker(settings: Settings) -> None:
    """Read articles from Kafka without stopping: score, flag, count."""
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True)
    metrics, health, recent = Metrics(), Health(), Recent()
    metrics.build.labels(__version__).set(1)
    try:
        with serve(settings, metrics, health, recent) as address:
            logging.getLogger(__name__).info("page and metrics at http://%s", address)
            run(create(settings, metrics, health, recent), settings, health)
    except BadAddress as error:
        raise fail(str(error)) from error
    except TopicsMissing as error:
        raise fail(str(error), ExitCode.TOPICS_MISSING) from error
