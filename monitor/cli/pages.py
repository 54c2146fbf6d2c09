"""``monitor pages``: the pages on their own, beside workers that show none."""

from __future__ import annotations

import logging
import signal
import threading

from monitor import __version__
from monitor.cli.kafka_errors import fail_on_kafka_errors
from monitor.cli.options import fail, with_settings
from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming import logs
from monitor.streaming.connection import cluster
from monitor.streaming.deadletters.held import HeldPartitions
from monitor.streaming.health.awaited import Health
from monitor.web.server import BadAddress, Served, followed, serve

log = logging.getLogger(__name__)


@with_settings("bootstrap_servers", "group", "topic_prefix", "web", "log_level")
def pages(settings: Settings) -> None:
    """Show what an editor looks at: bad copies, incidents, sources, copies; for all workers.

    Runs until Ctrl-C or SIGTERM. Set MONITOR_PAGES=false on the workers, so that they leave it to this process.

    monitor pages --web 127.0.0.1:8081
    """
    logs.set_up(settings)
    metrics, health = Metrics(), Health()
    metrics.build.labels(__version__).set(1)
    # No partition is assigned to it, and it needs none.
    health.set_ready("assignment")
    served = Served(metrics, health, HeldPartitions(metrics, health), works=False)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with fail_on_kafka_errors(settings, "pages"):
        cluster(settings)
    try:
        with followed(settings, served) as following, serve(settings, following) as address:
            log.info("the pages are at http://%s", address, extra={"version": __version__})
            ended.wait()
    except BadAddress as error:
        raise fail(str(error)) from error
