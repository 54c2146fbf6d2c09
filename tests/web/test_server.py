"""The address, the probes and the metrics."""

from __future__ import annotations

import pytest

from monitor.settings import Settings
from monitor.web.server import BadAddress, serve
from tests.web.site import Site


def test_ready_only_with_partitions_and_well_only_while_nothing_hangs(site: Site) -> None:
    assert site.ask("/readyz") == (503, "no partitions assigned yet\n")
    assert site.ask("/healthz") == (200, "ok\n")
    site.health.set_ready("assignment")
    assert site.ask("/readyz") == (200, "ok\n")
    site.health.expect("loop", "the loop has not turned", 0.0, 1.0)
    assert site.ask("/healthz")[0] == 503
    assert site.ask("/healthz")[1].startswith("the loop has not turned for ")
    assert site.ask("/readyz")[0] == 503
    site.health.done("loop")
    assert site.ask("/readyz") == (200, "ok\n")


def test_metrics(site: Site) -> None:
    site.metrics.articles.labels('a "quoted"\nsource \\', "bad").inc()
    status, text = site.ask("/metrics")
    assert status == 200
    assert r'monitor_articles_total{source="a \"quoted\"\nsource \\",verdict="bad"} 1.0' in text
    assert "process_cpu_seconds_total" in text


def test_a_taken_address_is_named(site: Site) -> None:
    with (
        pytest.raises(BadAddress, match=rf"cannot serve at {site.address}.*--web"),
        serve(Settings(web=site.address), site.metrics, site.health, site.recent, site.held),
    ):
        pass
