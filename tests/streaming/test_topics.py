"""Topics are made with what is declared of them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigResource

from monitor.cli import load
from monitor.demo.broker import embedded_broker
from monitor.settings import Settings
from monitor.streaming.topics import (
    ARTICLES,
    DEAD,
    NamedTwice,
    NoSuchTopic,
    Topic,
    TopicState,
    articles_name,
    check_names,
    create,
    full_names,
    risks,
    states,
    strimzi,
    unallowed,
)
from tests.kafka.server import Kafka

COMPACTED = Topic("sources.known", "source", "what is known", retention=None, partitions=1)


def test_retention_is_that_of_the_setting_which_the_topic_names() -> None:
    settings = Settings(retention_days=1, dead_retention_days=2)
    day = 24 * 60 * 60 * 1000
    assert ARTICLES.properties(settings, 1)["retention.ms"] == str(day)
    assert DEAD.properties(settings, 1)["retention.ms"] == str(2 * day)
    assert COMPACTED.properties(settings, 1) == {"max.message.bytes": "16000000", "cleanup.policy": "compact"}


def test_several_inputs_take_the_place_of_articles() -> None:
    settings = Settings(input_topics=("news.a", "news.b"), topic_prefix="p.")
    assert full_names([ARTICLES, DEAD], settings) == {"news.a": ARTICLES, "news.b": ARTICLES, "p.articles.dead": DEAD}
    assert articles_name(settings) == "news.a"
    assert articles_name(Settings(topic_prefix="p.")) == "p.articles"


def test_input_that_is_an_output_is_refused() -> None:
    with pytest.raises(
        NamedTwice, match=r"articles and articles\.dead are both called articles\.dead; .* input_topics"
    ):
        full_names([ARTICLES, DEAD], Settings(input_topics=("articles.dead",)))


def test_topic_that_is_named_has_that_name_everywhere_and_no_prefix() -> None:
    settings = Settings(topics={"articles.dead": "news.unread"}, topic_prefix="p.")
    assert full_names([ARTICLES, DEAD], settings) == {"p.articles": ARTICLES, "news.unread": DEAD}
    assert DEAD.full_name(settings.topic_names) == "news.unread"
    assert "  name: news.unread\n" in strimzi([ARTICLES, DEAD], settings)


def test_name_for_a_topic_that_is_not_there_is_refused() -> None:
    with pytest.raises(
        NoSuchTopic, match=r"topics names articles\.daed, which nothing writes; there are articles\.dead"
    ):
        check_names([ARTICLES, DEAD], Settings(topics={"articles.daed": "x"}))


@pytest.mark.parametrize(("replication", "in_sync"), [(1, None), (2, None), (3, "2"), (5, "2")])
def test_two_replicas_must_be_in_sync_from_three_on(replication: int, in_sync: str | None) -> None:
    assert ARTICLES.properties(Settings(), replication).get("min.insync.replicas") == in_sync


def test_rights_are_not_asked_of_a_cluster_without_a_controller() -> None:
    with embedded_broker(["articles"]) as address:
        client, begin = AdminClient({"bootstrap.servers": address}), time.monotonic()
        assert unallowed(client, ["articles"], ["articles"], timeout=10) == []
        assert time.monotonic() - begin < 5


@pytest.mark.kafka
def test_topics_are_made_once_with_their_own_partitions_and_properties(broker: Kafka, tmp_path: Path) -> None:
    client = AdminClient({"bootstrap.servers": broker.address})
    settings = Settings(topic_prefix=f"{tmp_path.name}.")
    articles, known = f"{tmp_path.name}.articles", f"{tmp_path.name}.sources.known"
    assert set(create(client, [ARTICLES, COMPACTED], settings, 3, 1)) == {articles, known}
    assert create(client, [ARTICLES, COMPACTED], settings, 3, 1) == []
    partitions = {state.name: state.partitions for state in states(client, [articles, known, "nowhere"])}
    assert partitions == {articles: 3, known: 1, "nowhere": 0}
    assert risks(client, states(client, [articles, known])) == []
    lagging = TopicState(articles, 3, replicas=3, in_sync=1)
    assert [line.split(": ", 1)[1] for line in risks(client, [lagging])] == [
        "of 3 replicas of a partition only 1 are in sync",
        "min.insync.replicas is 1, so a record counts as written when the leader alone has it; set it to 2",
    ]
    command = ["create", "--bootstrap-servers", broker.address, "--topic-prefix", settings.topic_prefix]
    again = CliRunner().invoke(load("topics"), [*command, "--partitions", "5"])
    assert f"{articles}\twas there with 3 partitions, not 5" in again.output
    (future,) = client.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, known)]).values()
    assert future.result(30)["cleanup.policy"].value == "compact"
