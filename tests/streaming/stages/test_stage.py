"""The contract of a stage: a new one's topics, retention, Strimzi's file and docs follow from its declarations."""

from __future__ import annotations

import pytest
import yaml

from monitor.settings import Settings
from monitor.settings.kafka import TopicNames
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.stages import STAGES, topics_of
from monitor.streaming.stages.score import Score
from monitor.streaming.stages.stage import Stage
from monitor.streaming.topics import ARTICLES, DEAD, strimzi, table
from tests.streaming.counting import KNOWN, LENGTHS, Lengths

ALL: tuple[type[Stage], ...] = (*STAGES, Lengths)


def test_topics_are_those_of_all_stages_each_once() -> None:
    topics = topics_of((Score, Lengths))
    assert topics == (ARTICLES, *Score.writes, *Score.follows, LENGTHS, KNOWN, DEAD)


def test_new_stage_brings_its_topics_into_strimzis_file() -> None:
    settings = Settings(retention_days=2)
    resources = {r["metadata"]["name"]: r["spec"] for r in yaml.safe_load_all(strimzi(topics_of((Lengths,)), settings))}
    assert set(resources) == {"articles", "articles.lengths", "articles.known", "articles.dead"}
    lengths = resources["articles.lengths"]
    assert (lengths["partitions"], resources["articles"]["partitions"]) == (2, 12)
    assert lengths["config"]["max.message.bytes"] == 1_000
    assert lengths["config"]["retention.ms"] == 2 * 24 * 60 * 60 * 1000
    assert resources["articles.known"]["config"]["cleanup.policy"] == "compact"
    assert "retention.ms" not in resources["articles.known"]["config"]


def test_new_stage_brings_its_topics_into_the_table() -> None:
    assert "| `articles.known` | source | what is known of a source | the last record of each key |" in table(
        topics_of((Lengths,))
    )


@pytest.mark.parametrize("stage", ALL, ids=[stage.name for stage in ALL])
def test_declarations_are_whole(stage: type[Stage]) -> None:
    fields = set(Settings.model_fields)
    assert stage.__doc__
    for topic in topics_of((stage,)):
        assert topic.retention is None or topic.retention in fields
    assert all(topic.retention is None for topic in stage.follows)
    assert stage.stores is None or (stage.stateful and stage.stores.retention is None)


def test_names_and_groups_of_stages_are_their_own() -> None:
    assert len({stage.name for stage in STAGES}) == len(STAGES)
    assert len({stage.group("monitor") for stage in ALL}) == len(STAGES) + 1
    assert Score.group("monitor") == "monitor"
    assert Lengths.group("monitor") == "monitor.lengths"


def test_stage_without_state_says_so_where_state_is_asked_for() -> None:
    stage = Lengths(TopicNames())
    assert stage.tick(0, 60.0) == ()
    with pytest.raises(NotImplementedError, match="lengths has state and no drop"):
        stage.drop(0)
    with pytest.raises(NotImplementedError, match="has no load"):
        stage.load(0, b"", b"")
    with pytest.raises(NotImplementedError, match="has no save"):
        stage.save(0, b"")
    with pytest.raises(NotImplementedError, match="has no follow"):
        stage.follow(KNOWN, b"", None)
    assert len(stage.outputs(InputRecord("articles", 0, 0, None, None, b"x"))) == 1
