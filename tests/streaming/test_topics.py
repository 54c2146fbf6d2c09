"""Topics are made with what is declared of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigResource

from monitor.settings import Settings
from monitor.streaming.topics import ARTICLES, DEAD, Topic, create, states
from tests.kafka.server import Kafka

COMPACTED = Topic("sources.known", "source", "what is known", retention=None, partitions=1)


def test_retention_is_that_of_the_setting_which_the_topic_names() -> None:
    settings = Settings(retention_days=1, dead_retention_days=2)
    day = 24 * 60 * 60 * 1000
    assert ARTICLES.properties(settings)["retention.ms"] == str(day)
    assert DEAD.properties(settings)["retention.ms"] == str(2 * day)
    assert COMPACTED.properties(settings) == {"max.message.bytes": "16000000", "cleanup.policy": "compact"}


@pytest.mark.kafka
def test_topics_are_made_once_with_their_own_partitions_and_properties(broker: Kafka, tmp_path: Path) -> None:
    client = AdminClient({"bootstrap.servers": broker.address})
    settings = Settings(topic_prefix=f"{tmp_path.name}.")
    articles, known = f"{tmp_path.name}.articles", f"{tmp_path.name}.sources.known"
    assert set(create(client, [ARTICLES, COMPACTED], settings, 3, 1)) == {articles, known}
    assert create(client, [ARTICLES, COMPACTED], settings, 3, 1) == []
    partitions = {state.name: state.partitions for state in states(client, [articles, known, "nowhere"])}
    assert partitions == {articles: 3, known: 1, "nowhere": 0}
    (future,) = client.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, known)]).values()
    assert future.result(30)["cleanup.policy"].value == "compact"
