"""What goes on to those who read articles: the clean article, and the record with its verdict in headers."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from monitor.articles.decode import Decoder
from monitor.metrics import Metrics
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.settings import Settings
from monitor.source_labels import SourceLabels
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.engine.records import Headers, InputRecord, Output
from monitor.streaming.stages import STAGES, topics_of
from monitor.streaming.stages.downstream import CLEAN, ROUTED, Downstream
from monitor.streaming.stages.score import Score
from monitor.streaming.topics import full_names, strimzi

BODY = "The board met on Tuesday about the ferry.\nThree captains spoke against it.\nA vote follows in May."
TWICE = {"id": "a", "content": f"{BODY}\n{BODY}", "source": "Lantern"}
ONCE = {"id": "b", "content": BODY, "source": "Lantern"}


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(Model.load(), Settings().thresholds_for)


def outputs(scorer: Scorer, settings: Settings, value: object, headers: Headers = ()) -> dict[str, list[Output]]:
    """The outputs of one record by their topic."""
    stage = Score(
        Decoder(), scorer, settings.topic_names, Metrics(), SourceLabels(5),
        lambda: datetime(2026, 1, 1, tzinfo=UTC), Downstream.of_settings(settings),
    )  # fmt: skip
    by_topic: dict[str, list[Output]] = {}
    for output in stage.outputs(InputRecord("articles", 2, 7, 12.5, b"k", json.dumps(value).encode(), headers)):
        if isinstance(output, Output):
            by_topic.setdefault(output.topic, []).append(output)
    return by_topic


def test_topics_are_neither_written_nor_made_unless_they_are_asked_for(scorer: Scorer) -> None:
    off, on = Settings(), Settings(write_clean=True, write_routed=True, topic_prefix="p.")
    topics = topics_of(STAGES)
    assert not {"articles.clean", "articles.routed"} & set(full_names(topics, off))
    assert full_names(topics, on)["p.articles.clean"] is CLEAN
    assert full_names(topics, on)["p.articles.routed"] is ROUTED
    assert "articles.routed" not in strimzi(topics, off)
    assert "articles.routed" in strimzi(topics, on)
    assert not {"articles.clean", "articles.routed"} & set(outputs(scorer, off, TWICE))


def test_clean_article_says_where_what_was_cut_stood(scorer: Scorer) -> None:
    (output,) = outputs(scorer, Settings(write_clean=True), TWICE)["articles.clean"]
    clean = json.loads(output.value or b"")
    assert (output.key, clean["id"], clean["text"]) == (b"a", "a", BODY)
    assert [TWICE["content"][cut["start"] : cut["end"]].strip() for cut in clean["cut"]] == BODY.split("\n")
    assert dict(output.headers)["monitor.verdict"] == b"bad"
    assert b"repeated_body" in dict(output.headers)["monitor.codes"].split(b",")


def test_routed_record_is_as_it_came_with_the_verdict_in_headers(scorer: Scorer) -> None:
    came: Headers = (("trace", b"1"), ("monitor.verdict", b"forged"))
    (output,) = outputs(scorer, Settings(write_routed=True), ONCE, came)["articles.routed"]
    assert (output.key, output.value) == (b"k", json.dumps(ONCE).encode())
    assert output.headers == (("trace", b"1"), ("monitor.verdict", b"bad"), ("monitor.codes", b"thin"))


def test_record_of_several_articles_is_routed_once_with_all_their_codes(scorer: Scorer) -> None:
    both = Settings(write_clean=True, write_routed=True)
    by_topic = outputs(scorer, both, {"articles": [TWICE, {"id": "broken"}, ONCE]})
    assert [output.key for output in by_topic["articles.clean"]] == [b"a", b"b"]
    (routed,) = by_topic["articles.routed"]
    assert dict(routed.headers)["monitor.codes"] == b"repeated_body,thin"


def test_record_that_is_no_article_is_not_passed_on(scorer: Scorer) -> None:
    with pytest.raises(Refused):
        outputs(scorer, Settings(write_clean=True, write_routed=True), {"id": "broken"})
