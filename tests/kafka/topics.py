"""The topics of a test, by name."""

from __future__ import annotations

import time
from typing import NamedTuple

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from monitor.settings import Settings
from monitor.streaming.stages import STAGES, topics_of
from monitor.streaming.topics import create as create_topics


class Topics(NamedTuple):
    """The names in force, prefix included."""

    articles: str
    scored: str
    flagged: str
    dead: str
    sightings: str
    templates: str
    incidents: str
    fingerprints: str
    copies: str

    @classmethod
    def named(cls, prefix: str = "") -> Topics:
        """The names under a prefix."""
        own = [f"articles.{name}" for name in ("scored", "flagged", "dead", "sightings")]
        names = ("articles", *own, "sources.templates", "sources.incidents")
        names = (*names, "articles.fingerprints", "articles.copies")
        return cls(*(prefix + name for name in names))


def create(client: AdminClient, topics: Topics, partitions: int, replication: int) -> list[str]:
    """Make the topics of all stages under the prefix of these names, each with leaders; returns the names made."""
    settings = Settings(topic_prefix=topics.articles.removesuffix("articles"))
    made = create_topics(client, topics_of(STAGES), settings, partitions, replication)
    # A topic exists a moment before its partitions have leaders that answer.
    deadline = time.monotonic() + 30
    while not _have_leaders(client, made):
        assert time.monotonic() < deadline, f"no leaders of {made} answer"
        time.sleep(0.1)
    return made


def _have_leaders(client: AdminClient, names: list[str]) -> bool:
    existing = client.list_topics(timeout=30).topics
    if not existing.keys() >= set(names):
        return False
    latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
    partitions = [TopicPartition(name, number) for name in names for number in existing[name].partitions]
    ends = client.list_offsets(dict.fromkeys(partitions, latest), request_timeout=10).values() if partitions else ()
    try:
        return all(end.result(30).offset >= 0 for end in ends)
    except KafkaException:
        return False
