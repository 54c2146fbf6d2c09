"""The stage score: one record in, its outputs out, whatever it holds."""

from __future__ import annotations

import gzip
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.articles.article import Article
from monitor.articles.decode import Decoder
from monitor.metrics import Metrics, SourceLabels
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.settings import Settings
from monitor.streaming.stages.latest_bad import Recent
from monitor.streaming.stages.score import Stage
from monitor.streaming.topics import Topics

SENTENCES = (
    "The harbour board met on Tuesday to settle the winter timetable of the island ferry.",
    "Three captains spoke against the later sailing, which they called a danger in fog.",
    "The mayor answered that the school children could not be left on the quay until dark.",
    "A vote is expected before the end of the month, and the ferry keeps its hours until then.",
)


@dataclass
class FakeRecord:
    value: bytes | None
    key: bytes | None = b"k"
    topic: str = "articles"
    partition: int = 2
    offset: int = 7
    timestamp: float | None = 12.5
    headers: Any = None


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(Model.load(), Settings().thresholds_for)


def stage(scorer: Scorer) -> Stage:
    return Stage(
        lambda value, key, headers: Decoder().decode(value, key=key, headers=headers),
        scorer,
        Topics.named(),
        Metrics(),
        SourceLabels(5),
        Recent(),
        lambda: datetime(2026, 1, 1, tzinfo=UTC),
    )


def record(text: str) -> FakeRecord:
    return FakeRecord(json.dumps({"id": "a", "content": text, "source": "Lantern"}).encode())


def test_a_good_copy_is_one_verdict_under_its_id(scorer: Scorer) -> None:
    (scored,) = stage(scorer).outputs(record("\n".join(SENTENCES)))
    assert (scored.topic, scored.key) == ("articles.scored", b"a")
    assert json.loads(scored.value or b"")["bad"] is False


def test_a_bad_copy_is_flagged_too(scorer: Scorer) -> None:
    tested = stage(scorer)
    scored, flagged = tested.outputs(record("\n".join(SENTENCES * 2)))
    assert (scored.topic, flagged.topic) == ("articles.scored", "articles.flagged")
    assert scored.value == flagged.value
    (repeated,) = (f for f in json.loads(scored.value or b"")["flags"] if f["code"] == "repeated_body")
    assert repeated["message"].startswith("paragraphs 5-8 repeat 1-4")
    assert [v.id for v in tested._recent.latest()] == ["a"]


BAD_INPUT = {
    "tombstone": None,
    "not_json": b"{",
    "not_utf8": b'{"content": "\xff"}',
    "no_body": b'{"id": 1}',
    "body_type": b'{"content": {"x": 1}}',
    "empty": b'{"content": " "}',
    "too_deep": b"[" * 100_000,
    "record_too_large": b"x" * 6_000_000,
    "text_too_large": b'{"content": "' + b"x" * 1_100_000 + b'"}',
}


@pytest.mark.parametrize(("reason", "value"), BAD_INPUT.items(), ids=BAD_INPUT)
def test_what_is_no_article_is_a_dead_letter_with_its_reason(scorer: Scorer, reason: str, value: bytes | None) -> None:
    tested = stage(scorer)
    (dead,) = tested.outputs(FakeRecord(value, headers=[("h", b"1"), ("none", None)]))
    assert (dead.topic, dead.key, dead.value) == ("articles.dead", b"k", value)
    headers = dict(dead.headers)
    assert headers["monitor.reason"].decode() == reason
    assert headers["__connect.errors.offset"] == b"7"
    assert headers["h"] == b"1"
    assert headers["none"] == b""
    assert headers["monitor.timestamp"] == b"12500"
    assert tested._metrics.registry.get_sample_value("monitor_dead_letters_total", {"reason": reason}) == 1


ODD_TEXTS = {
    "10,000 paragraphs": "\n".join(f"Paragraph {n} of many." for n in range(10_000)),
    "one line of a megabyte": "word " * 200_000,
    "a megabyte without a blank": "x" * 1_000_000,
    "NUL bytes": "a\x00b\x00\n" * 50,
    "lone surrogates": "\ud83d one \udc00 two",
    "blank marks": "\u2028\u2029\u200b x",
}


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_any_text_is_a_verdict(scorer: Scorer, text: str) -> None:
    outputs = stage(scorer).outputs(record(text))
    assert outputs[0].topic == "articles.scored"
    assert json.loads(outputs[0].value or b"")["paragraphs"]


def test_a_failing_scorer_costs_neither_the_record_nor_the_worker(scorer: Scorer) -> None:
    class Broken:
        def score(self, *_: object) -> None:
            raise ZeroDivisionError("a defect")

    tested = stage(scorer)
    tested._scorer = Broken()  # type: ignore[assignment]
    (dead,) = tested.outputs(record("x"))
    assert dict(dead.headers)["monitor.reason"] == b"scoring_failed"


def test_what_is_delivered_in_place_of_what_is_too_large(scorer: Scorer) -> None:
    tested, source = stage(scorer), record("\n".join(SENTENCES * 2))
    scored, flagged = tested.outputs(source)
    instead = tested.instead(source)
    (dead,) = instead(scored) or ()
    assert (dead.topic, dead.value, dict(dead.headers)["monitor.reason"]) == (
        "articles.dead",
        source.value,
        b"verdict_too_large",
    )
    assert instead(flagged) == [], "one dead letter a record"
    counted = {"reason": "verdict_too_large"}
    assert tested._metrics.registry.get_sample_value("monitor_dead_letters_total", counted) == 1
    (smaller,) = instead(dead) or ()
    assert smaller.value is None
    assert instead(smaller) is None


def test_what_fails_is_logged_without_the_text(scorer: Scorer, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def score(self, article: Article, _: datetime) -> None:
            raise ValueError(article.text)

    tested = stage(scorer)
    tested._scorer = Broken()  # type: ignore[assignment]
    with caplog.at_level(logging.INFO):
        (dead,) = tested.outputs(record("a text of its own"))
        tested.outputs(FakeRecord(b'{"content": "a text of its own'))
    assert dict(dead.headers)["monitor.reason"] == b"scoring_failed"
    assert "articles-2@7: scoring failed: ValueError < test_score.py" in caplog.text
    assert "articles-2@7 is a dead letter: not_json" in caplog.text
    assert "a text of its own" not in caplog.text


def test_a_packed_value_is_not_unpacked(scorer: Scorer) -> None:
    (dead,) = stage(scorer).outputs(FakeRecord(gzip.compress(b'{"content": "x"}')))
    assert dict(dead.headers)["monitor.reason"] == b"not_utf8"


def test_counters_begin_at_0_and_count_what_comes_again(scorer: Scorer) -> None:
    """A counter that appears with its first step would hide that step from ``rate()``."""
    tested = stage(scorer)

    def value(name: str, **labels: str) -> float | None:
        return tested._metrics.registry.get_sample_value(name, labels)

    assert value("monitor_dead_letters_total", reason="scoring_failed") == 0
    assert value("monitor_deliveries_total", topic="articles.dead") == 0
    assert value("monitor_articles_total", source="Lantern", verdict="bad") is None
    tested.outputs(record("\n".join(SENTENCES)))
    assert value("monitor_articles_total", source="Lantern", verdict="bad") == 0
    assert value("monitor_flags_total", source="Lantern", code="markup") == 0
    assert value("monitor_articles_resent_total", source="Lantern") == 0
    tested.outputs(record("\n".join(SENTENCES)))
    assert value("monitor_articles_resent_total", source="Lantern") == 1
