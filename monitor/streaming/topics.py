"""What topics are: described once; they, Strimzi's file and the table in the docs are made from that.

A stage declares the topics that it reads and writes (``stages/stage.py``). Here stand those that belong to
no single stage.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from monitor.settings import Settings

#: Above the largest record that is scored (settings.max_record_bytes), so that it can arrive, and so
#: that its dead letter, which adds headers, can leave.
ARTICLE_BYTES = 8_000_000
OUTPUT_BYTES = 16_000_000
DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Topic:
    """One topic."""

    #: Without the prefix.
    name: str
    #: What the records' key is, and what they hold; for the documentation.
    key: str
    holds: str
    #: The largest record, in bytes (``max.message.bytes``), whatever the broker's ``message.max.bytes``.
    max_bytes: int = OUTPUT_BYTES
    #: The setting that says for how many days records are kept; ``None`` for a compacted topic, which keeps
    #: the last record of each key.
    retention: str | None = "retention_days"
    #: ``None`` for as many as are asked for.
    partitions: int | None = None

    def full_name(self, prefix: str) -> str:
        """The name in force."""
        return prefix + self.name

    def properties(self, settings: Settings) -> dict[str, str]:
        """Kafka's properties of the topic."""
        properties = {"max.message.bytes": str(self.max_bytes)}
        if self.retention is None:
            return properties | {"cleanup.policy": "compact"}
        days: float = getattr(settings, self.retention)
        return properties | {"cleanup.policy": "delete", "retention.ms": str(round(days * DAY_MS))}


ARTICLES = Topic("articles", "any", "articles, as their producers send them", max_bytes=ARTICLE_BYTES)
DEAD = Topic(
    "articles.dead",
    "the record's own",
    "records that could not be handled, as they came, with the reason in their headers",
    retention="dead_retention_days",
)
SIGHTINGS = Topic(
    "articles.sightings",
    "source",
    "of each article what its source is learned from: where it lies, counts, flags, hashes; no text",
)
TEMPLATES = Topic("sources.templates", "source", "what is known of each source's templates", retention=None)


class TopicState(NamedTuple):
    """A topic's full name and its number of partitions; 0 where it does not exist."""

    name: str
    partitions: int


def states(client: AdminClient, names: Iterable[str], timeout: float = 10.0) -> list[TopicState]:
    """What the cluster says of each topic.

    Raises:
        confluent_kafka.KafkaException: the cluster does not answer within ``timeout`` seconds.
    """
    existing = client.list_topics(timeout=timeout).topics
    return [TopicState(name, len(existing[name].partitions) if name in existing else 0) for name in names]


def create(
    client: AdminClient, topics: Iterable[Topic], settings: Settings, partitions: int, replication: int
) -> list[str]:
    """Make the topics that do not exist yet; returns the full names of those made.

    Raises:
        confluent_kafka.KafkaException: the cluster refused one.
    """
    new = [
        NewTopic(
            topic.full_name(settings.topic_prefix),
            num_partitions=topic.partitions or partitions,
            replication_factor=replication,
            config=topic.properties(settings),
        )
        for topic in topics
    ]
    created = []
    for name, future in client.create_topics(new, request_timeout=30).items():
        try:
            future.result()
            created.append(name)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
    return created


def strimzi(topics: Iterable[Topic], settings: Settings, partitions: int = 12, replicas: int = 3) -> str:
    """The topics as Strimzi's resources (YAML), with numbers for production."""
    resources = []
    for topic in topics:
        properties = topic.properties(settings) | {"min.insync.replicas": str(replicas - 1)}
        config = "\n".join(f"    {name}: {value}" for name, value in sorted(properties.items()))
        resources.append(
            "apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata:\n"
            f"  name: {topic.full_name(settings.topic_prefix)}\n"
            f"spec:\n  partitions: {topic.partitions or partitions}\n  replicas: {replicas}\n  config:\n{config}\n"
        )
    heading = (
        "# Made by make docs from the topics that the stages declare (monitor/streaming/stages).\n"
        "# Strimzi before 0.49: kafka.strimzi.io/v1beta2.\n"
    )
    return heading + "---\n".join(resources)


def table(topics: Iterable[Topic]) -> str:
    """The topics as a table in Markdown."""
    lines = ["| topic | key | holds | kept | largest record |", "| --- | --- | --- | --- | --- |"]
    for topic in topics:
        kept = f"`{topic.retention}`" if topic.retention else "the last record of each key"
        size = f"{topic.max_bytes / 1_000_000:g} MB"
        lines.append(f"| `{topic.name}` | {topic.key} | {topic.holds} | {kept} | {size} |")
    return "\n".join(lines) + "\n"
