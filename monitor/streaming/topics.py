"""What topics are: described once; they, Strimzi's file and the table in the docs are made from that.

A stage declares the topics that it reads and writes (``stages/stage.py``). Here stand those that belong to
no single stage.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._acl import AclOperation
from confluent_kafka.admin._config import ConfigResource
from confluent_kafka.cimpl import NewTopic

from monitor.settings import Settings
from monitor.settings.kafka import TopicNames

log = logging.getLogger(__name__)

#: Where the properties of a topic cannot be read: no right to, or a broker that does not know the question.
UNREADABLE = (
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError._UNSUPPORTED_FEATURE,
)
#: Above the largest record that is scored (settings.max_record_bytes), so that it can arrive, and so
#: that its dead letter, which adds headers, can leave.
ARTICLE_BYTES = 8_000_000
OUTPUT_BYTES = 16_000_000
#: From so many copies on, so many must have a record before it counts as written: with one alone, acks=all is
#: satisfied by the leader, and what it acknowledged is lost with its disk.
REPLICATED, IN_SYNC = 3, 2
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
    #: The setting without which nothing is written to it, and it need not be there; ``None`` for a topic always used.
    setting: str | None = None

    def is_used(self, settings: Settings) -> bool:
        """Whether the settings want the topic."""
        return self.setting is None or bool(getattr(settings, self.setting))

    def full_name(self, names: TopicNames) -> str:
        """The name in force."""
        return names.full(self.name)

    def properties(self, settings: Settings, replication: int) -> dict[str, str]:
        """Kafka's properties of the topic, of which there are ``replication`` copies."""
        properties = {"max.message.bytes": str(self.max_bytes)}
        if replication >= REPLICATED:
            properties["min.insync.replicas"] = str(IN_SYNC)
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

INCIDENTS = Topic(
    "sources.incidents", "kind, code and source", "incidents: what is wrong with a source since when", retention=None
)
FINGERPRINTS = Topic(
    "articles.fingerprints",
    "article id",
    "of each article what copies are told by: where it lies, its headline, hashes of its story; no text",
    retention="fingerprint_retention_days",
    # One order, one earliest copy, one window.
    partitions=1,
)
COPIES = Topic("articles.copies", "article id", "of each copy: the earlier one, and how the two differ")


def full_names(topics: Iterable[Topic], settings: Settings) -> dict[str, Topic]:
    """The names in force: more than one for articles where ``input_topics`` has several, none for an unused topic.

    Raises:
        NamedTwice: two topics have one name, or one of ``input_topics`` is written too.
    """
    names: dict[str, Topic] = {}
    for topic in topics:
        names |= dict.fromkeys(settings.input_topics if topic is ARTICLES else (), topic)
    for topic in topics:
        if (topic is ARTICLES and settings.input_topics) or not topic.is_used(settings):
            continue
        name = topic.full_name(settings.topic_names)
        if name in names:
            raise NamedTwice(
                f"{names[name].name} and {topic.name} are both called {name}; give one of them another name in "
                f"{'input_topics' if names[name] is ARTICLES else 'topics'}"
            )
        names[name] = topic
    return names


def check_names(topics: Iterable[Topic], settings: Settings) -> None:
    """See that the setting ``topics`` names only topics that there are.

    Raises:
        NoSuchTopic: it names another; the message names those that there are.
    """
    declared = [topic.name for topic in topics if topic is not ARTICLES]
    if unknown := sorted(settings.topics.keys() - set(declared)):
        raise NoSuchTopic(f"topics names {', '.join(unknown)}, which nothing writes; there are {', '.join(declared)}")


def articles_name(settings: Settings) -> str:
    """The topic that articles are put on."""
    return settings.input_topics[0] if settings.input_topics else ARTICLES.full_name(settings.topic_names)


class NamedTwice(Exception):
    """Two topics have one name; the message names it."""


class NoSuchTopic(Exception):
    """The setting ``topics`` names a topic that nothing reads or writes; the message names it."""


class TopicState(NamedTuple):
    """A topic as the cluster has it."""

    name: str
    #: 0 where it does not exist.
    partitions: int
    #: The least over its partitions: copies, and those of them that have all records.
    replicas: int = 0
    in_sync: int = 0


def states(client: AdminClient, names: Iterable[str], timeout: float = 10.0) -> list[TopicState]:
    """What the cluster says of each topic.

    Raises:
        confluent_kafka.KafkaException: the cluster does not answer within ``timeout`` seconds.
    """
    existing = client.list_topics(timeout=timeout).topics
    return [_state(name, existing[name].partitions) if name in existing else TopicState(name, 0) for name in names]


def _state(name: str, partitions: Mapping[int, Any]) -> TopicState:
    replicas = min((len(partition.replicas) for partition in partitions.values()), default=0)
    in_sync = min((len(partition.isrs) for partition in partitions.values()), default=0)
    return TopicState(name, len(partitions), replicas, in_sync)


def risks(client: AdminClient, found: Iterable[TopicState], timeout: float = 10.0) -> list[str]:
    """What could lose records that the cluster has acknowledged, for a person; a line each.

    Topics whose ``min.insync.replicas`` the client may not read (the ACL DescribeConfigs) are judged by
    their copies alone.

    Raises:
        confluent_kafka.KafkaException: the cluster does not answer within ``timeout`` seconds.
    """
    lines = []
    for topic in found:
        if topic.in_sync < topic.replicas:
            lines.append(f"{topic.name}: of {topic.replicas} replicas of a partition only {topic.in_sync} are in sync")
        if topic.replicas < REPLICATED:
            continue
        least = _min_in_sync(client, topic.name, timeout)
        if least is not None and least < IN_SYNC:
            lines.append(
                f"{topic.name}: min.insync.replicas is {least}, so a record counts as written when the leader alone "
                f"has it; set it to {IN_SYNC}"
            )
    return lines


def _min_in_sync(client: AdminClient, topic: str, timeout: float) -> int | None:
    """The topic's ``min.insync.replicas``; ``None`` where it may not be read."""
    asked = [ConfigResource(ConfigResource.Type.TOPIC, topic)]
    (answer,) = client.describe_configs(asked, request_timeout=timeout).values()
    try:
        return int(answer.result(timeout + 1)["min.insync.replicas"].value)
    except KafkaException as error:
        if error.args[0].code() not in UNREADABLE:
            raise
    return None


def unallowed(client: AdminClient, read: Iterable[str], written: Iterable[str], timeout: float = 2.0) -> list[str]:
    """What the client's user may not do that it has to, as "read a, b" and "write c"; nothing where it may do all.

    Judged by the operations that the broker names with a topic (Kafka 2.3). A broker that does not answer that, as the
    demo's, or names not even the right to see a topic which it shows, is not believed.
    """
    wanted = {"read": (AclOperation.READ, set(read)), "write": (AclOperation.WRITE, set(written))}
    asked = TopicCollection(sorted(set().union(*(names for _, names in wanted.values()))))
    try:
        described = client.list_topics(timeout=timeout)
        if described.controller_id not in described.brokers:
            # As in the demo's broker: librdkafka would wait for the controller, which alone it asks.
            return []
        answers = client.describe_topics(asked, include_authorized_operations=True, request_timeout=timeout)
        allowed = {name: answer.result(timeout + 1).authorized_operations or [] for name, answer in answers.items()}
    except KafkaException as error:
        log.info("the rights to the topics could not be asked for, and show when they are needed: %s", error)
        return []
    lacking = []
    for verb, (operation, names) in wanted.items():
        told = [name for name in sorted(names) if AclOperation.DESCRIBE in allowed[name]]
        if refused := [name for name in told if operation not in allowed[name]]:
            lacking.append(f"{verb} {', '.join(refused)}")
    return lacking


def create(
    client: AdminClient, topics: Iterable[Topic], settings: Settings, partitions: int, replication: int
) -> list[str]:
    """Make the topics that do not exist yet; returns the full names of those made.

    Raises:
        confluent_kafka.KafkaException: the cluster refused one.
    """
    new = [
        NewTopic(
            name,
            num_partitions=topic.partitions or partitions,
            replication_factor=replication,
            config=topic.properties(settings, replication),
        )
        for name, topic in full_names(topics, settings).items()
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
        if not topic.is_used(settings):
            continue
        properties = sorted(topic.properties(settings, replicas).items())
        config = "\n".join(f"    {name}: {value}" for name, value in properties)
        resources.append(
            "apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata:\n"
            f"  name: {topic.full_name(settings.topic_names)}\n"
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
        holds = topic.holds + (f"; only with `{topic.setting}`" if topic.setting else "")
        lines.append(f"| `{topic.name}` | {topic.key} | {holds} | {kept} | {size} |")
    return "\n".join(lines) + "\n"
