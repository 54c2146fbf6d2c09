"""Metrics: each says what to do, and the series of a source come and go together."""

from __future__ import annotations

from prometheus_client import generate_latest

from monitor.metrics import Metrics


def test_every_metric_says_what_it_counts_and_what_to_do() -> None:
    names = [d.name for d in Metrics().descriptions]
    assert len(names) == len(set(names))
    for description in Metrics().descriptions:
        assert description.name.startswith("monitor_")
        assert description.help.endswith(".")
        assert description.action.endswith(".")


def test_a_source_that_ends_leaves_no_series_and_can_begin_again() -> None:
    metrics = Metrics()
    for source in ("a", "b"):
        metrics.begin_source(source, ["thin"])
        metrics.repetition.labels(source).observe(0.5)
        metrics.last_article.labels(source).set(1)
    metrics.end_source("a")
    text = generate_latest(metrics.registry).decode()
    assert 'source="a"' not in text
    assert 'monitor_flags_total{code="thin",source="b"} 0.0' in text
    metrics.begin_source("a", ["thin"])
    assert 'monitor_flags_total{code="thin",source="a"} 0.0' in generate_latest(metrics.registry).decode()
