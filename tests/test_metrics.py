"""Metrics: the label source is bounded, and each metric says what to do."""

from __future__ import annotations

from monitor.metrics import Metrics, SourceLabels


def test_first_sources_get_labels_and_the_rest_are_other() -> None:
    labels = SourceLabels(2)
    assert [labels.label(s) for s in ("a", "b", "c", "a")] == ["a", "b", "other", "a"]


def test_an_allow_list_is_the_only_source_of_labels() -> None:
    labels = SourceLabels(50, ["b"])
    assert [labels.label(s) for s in ("a", "b")] == ["other", "b"]


def test_every_metric_says_what_it_counts_and_what_to_do() -> None:
    names = [d.name for d in Metrics().descriptions]
    assert len(names) == len(set(names))
    for description in Metrics().descriptions:
        assert description.name.startswith("monitor_")
        assert description.help.endswith(".")
        assert description.action.endswith(".")
