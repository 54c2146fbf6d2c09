"""The address, the probes and the metrics."""

from __future__ import annotations

from concurrent.futures import Future
from ipaddress import ip_address

import pytest
from faust.types import TP

from monitor.settings import Settings
from monitor.web.server import BadAddress, reachable, serve
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
        serve(Settings(web=site.address), site.served),
    ):
        pass


def test_partition_that_is_held_goes_on_when_asked(site: Site) -> None:
    done = Future[None]()
    done.set_result(None)
    site.held.add("monitor", TP("articles", 3), "at offset 7", lambda: done)
    assert site.ask("/partitions/articles-3/resume", b"") == (200, "articles-3 goes on\n")
    status, text = site.ask("/partitions/articles-4/resume", b"")
    assert status == 404
    assert "articles-4 is not held by this worker; it holds: articles-3" in text


@pytest.mark.parametrize("address", ["0.0.0.0:8080", "[::]:8080"])
def test_server_open_to_all_is_reached_at_an_address_of_its_own(address: str) -> None:
    host, _, port = reachable(address).rpartition(":")
    assert port == "8080"
    assert not ip_address(host.strip("[]")).is_unspecified
    assert reachable("127.0.0.1:8080") == "127.0.0.1:8080"
    assert reachable("worker-1:8080") == "worker-1:8080"
