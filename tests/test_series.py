"""How many series hostile sources make, and that Prometheus can read every one of them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from monitor.articles.article import Article
from monitor.articles.decode import Decoder
from monitor.metrics import Metrics
from monitor.scoring.flags import CODES
from monitor.scoring.score import Scored
from monitor.scoring.sources.marks import read_marks
from monitor.scoring.text.text import Text
from monitor.scoring.verdict import Flag, Verdict
from monitor.settings import Settings
from monitor.settings.kafka import TopicNames
from monitor.source_labels import LONGEST_LABEL, OTHER, SourceLabels
from monitor.streaming.engine.records import InputRecord, Output
from monitor.streaming.stages.score import Score
from tests.conftest import without

HOSTILE = (
    '%d said "no"',
    "%d on two\nlines",
    '%d back\\slash\\"',
    "%d \U0001f980 crabs",
    "%d " + "x" * 4_000,
    "y" * 4_000 + " %d",
    "%d NUL \x00",
    "%d half a pair \ud83d",
    "%d \u2028\u2029\r\t\x7f\x85",
    '%d bad"} 1\nmonitor_articles_total{source="forged',
)

NO_TEXT = Text.read("")
NO_MARKS = read_marks(NO_TEXT)


class FlagsAll:
    """A scorer that finds every flag in every article, at once."""

    def read(self, article: Article, at: datetime, _: object) -> Scored:
        verdict = Verdict(
            id=article.id, source=article.source, url=None, title=None, published_at=None, scored_at=at, version="0",
            language=None, words=1, repetition=0.5, boilerplate=0.5, bad=True,
            flags=tuple(Flag(code, 1.0, "") for code in CODES), paragraphs=(),
        )  # fmt: skip
        return Scored(verdict, NO_MARKS, np.zeros(0), 1, NO_TEXT)


def fed(sources: int) -> Metrics:
    """The metrics of a worker that met so many hostile sources, as records, each once."""
    metrics = Metrics()
    stage = Score(
        Decoder(),
        FlagsAll(),  # type: ignore[arg-type]
        TopicNames(),
        metrics,
        SourceLabels(Settings().source_labels),
        lambda: datetime(2026, 1, 1, tzinfo=UTC),
    )
    for number in range(sources):
        name = HOSTILE[number % len(HOSTILE)] % number
        value = json.dumps({"id": str(number), "source": name, "content": "x"}).encode()
        record = InputRecord("articles", 0, number, 1.0, None, value)
        (output, *_) = stage.outputs(record)
        assert isinstance(output, Output)
        assert output.topic == "articles.scored"
    return metrics


def samples(metrics: Metrics) -> list[tuple[str, dict[str, str]]]:
    """Each series of the exposition, read by prometheus_client's own parser."""
    text = generate_latest(metrics.registry).decode()
    return [(s.name, s.labels) for family in text_string_to_metric_families(text) for s in family.samples]


@pytest.mark.parametrize("most", [10_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_hostile_sources_make_a_bounded_number_of_series(
    record_property: Callable[[str, object], None], most: int
) -> None:
    counts = {sources: samples(fed(sources)) for sources in (10, 1_000, most)}
    record_property("figures", ", ".join(f"{n:,} sources: {len(series):,} series" for n, series in counts.items()))
    assert len(counts[1_000]) == len(counts[most]) < 2_500
    values = {labels["source"] for _, labels in counts[most] if "source" in labels}
    assert OTHER in values
    assert len(values) <= Settings().source_labels + 1
    assert max(map(len, values)) <= LONGEST_LABEL
    assert all(value.isprintable() for value in values)
    assert "forged" not in values


def test_a_label_is_fit_for_prometheus_whatever_the_source_is() -> None:
    labels = SourceLabels(100)
    for form in (*HOSTILE, "\ud83d%d\udc00", "\x00%d", "%d"):
        value = labels.label(form % 1)
        assert 0 < len(value) <= LONGEST_LABEL
        assert value.isprintable()
        value.encode()
    assert labels.label("") == labels.label("  ") == "unknown"


@pytest.mark.prometheus
def test_promtool_finds_nothing_wrong_with_the_metrics() -> None:
    promtool = shutil.which("promtool") or without("no promtool; Debian's package prometheus has it")
    text = generate_latest(fed(200).registry)
    checked = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, check=False)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, b"")
