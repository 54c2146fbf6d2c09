"""The topics: their names, how they are made, and whether they are there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

#: Above the largest record that is scored (settings.max_record_bytes), so that it can arrive, and so
#: that its dead letter, which adds headers, can leave.
ARTICLE_BYTES = 8_000_000
OUTPUT_BYTES = 16_000_000
DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Topic:
    """What a topic is: all else about it is made from this."""

    #: Without the prefix.
    name: str
    #: What the records' key is, and what they hold; for the documentation.
    key: str
    holds: str
    #: The largest record, in bytes (``max.message.bytes``).
    max_bytes: int = OUTPUT_BYTES
    #: The setting that says for how many days records are kept; ``None`` for a compacted topic, which keeps
    #: the last record of each key.
    retention: str | None = "retention_days"
    #: ``None`` for as many as are asked for.
    partitions: int | None = None

    def full_name(self, prefix: str) -> str:
        """The name in force."""
        return prefix + self.name


ARTICLES = Topic("articles", "any", "articles, as their producers send them", max_bytes=ARTICLE_BYTES)
DEAD = Topic(
    "articles.dead",
    "the record's own",
    "records that could not be handled, as they came, with the reason in their headers",
    retention="dead_retention_days",
)


class Topics(NamedTuple):
    """The names in force, prefix included."""

    articles: str
    scored: str
    flagged: str
    dead: str

    @classmethod
    def named(cls, prefix: str = "") -> Topics:
        """The names under a prefix."""
        return cls(*(prefix + name for name in ("articles", "articles.scored", "articles.flagged", "articles.dead")))


class TopicState(NamedTuple):
    """A topic and its partitions; 0 where it does not exist."""

    name: str
    partitions: int


def states(client: AdminClient, topics: Iterable[str], timeout: float = 10.0) -> list[TopicState]:
    """What the cluster says of each topic.

    Raises:
        confluent_kafka.KafkaException: the cluster does not answer within ``timeout`` seconds.
    """
    there = client.list_topics(timeout=timeout).topics
    return [TopicState(name, len(there[name].partitions) if name in there else 0) for name in topics]


def create(
    client: AdminClient,
    topics: Topics,
    partitions: int,
    replication: int,
    *,
    retention_days: float = 7.0,
    dead_retention_days: float = 30.0,
) -> list[str]:
    """Make the topics that do not exist yet; returns the names made.

    Each topic takes records of its own size, whatever the broker's ``message.max.bytes``, and keeps them
    for its days.

    Raises:
        confluent_kafka.KafkaException: the cluster refused one.
    """
    new = [
        NewTopic(
            name,
            num_partitions=partitions,
            replication_factor=replication,
            config={
                "cleanup.policy": "delete",
                "max.message.bytes": str(ARTICLE_BYTES if name == topics.articles else OUTPUT_BYTES),
                "retention.ms": str(round((dead_retention_days if name == topics.dead else retention_days) * DAY_MS)),
            },
        )
        for name in topics
    ]
    made = []
    for name, future in client.create_topics(new, request_timeout=30).items():
        try:
            future.result()
            made.append(name)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
    return made
