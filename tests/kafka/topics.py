"""The topics of a test, by name."""

from __future__ import annotations

from typing import NamedTuple

from confluent_kafka.admin import AdminClient

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
    """Make the topics of all stages under the prefix of these names; returns the names made."""
    settings = Settings(topic_prefix=topics.articles.removesuffix("articles"))
    return create_topics(client, topics_of(STAGES), settings, partitions, replication)
