"""``monitor incidents`` on a real Kafka: the list, an incident with its copies, and what a person's word writes."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from confluent_kafka import Producer
from typer.testing import CliRunner, Result

from monitor.cli import app
from monitor.scoring.sources.decision import Decision
from monitor.scoring.sources.incident import Example, Incident
from tests.kafka.distinct import read_topic
from tests.kafka.server import Kafka
from tests.kafka.topics import Topics

pytestmark = pytest.mark.kafka

SINCE = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)


def run(broker: Kafka, topics: Topics, *arguments: str) -> Result:
    connection = ["--bootstrap-servers", broker.address, "--topic-prefix", topics.articles.removesuffix("articles")]
    return CliRunner().invoke(app, ["incidents", *arguments, *connection])


def fill(broker: Kafka, topics: Topics) -> tuple[Incident, Incident]:
    """An open incident of an article that is kept, and a closed one."""
    article = {"id": "a7", "source": "Daily", "title": "Ferry", "content": "It ran aground in the harbour and then the"}
    open_ = Incident(
        id="3ae9b1de54", source="Daily", key="daily", kind="share", code="thin", since=SINCE, opened=SINCE,
        updated=SINCE, before=0.01, now=0.8, articles=30, affected=24, score=24,
        examples=(Example(id="a7", topic=topics.articles, partition=2, offset=0, at=SINCE),
                  Example(id="a8", topic=topics.articles, partition=2, offset=99, at=SINCE)),
    )  # fmt: skip
    closed = msgspec.structs.replace(
        open_, id="aa00000000", source="Evening", key="evening", open=False, closed=SINCE, ending="healed"
    )
    producer = Producer({"bootstrap.servers": broker.address})
    producer.produce(topics.articles, json.dumps(article).encode(), b"k", partition=2)
    for incident in (open_, closed):
        producer.produce(topics.incidents, incident.encode(), incident.record_key.encode())
    producer.produce(topics.incidents, b"damaged", b"share/thin/morning")
    assert producer.flush(30) == 0
    return open_, closed


def test_incidents_are_listed_shown_closed_and_muted(broker: Kafka, topics: Topics) -> None:
    """One broker and one filling for all: a test of its own for each would cost its seconds."""
    open_, closed = fill(broker, topics)
    as_json = run(broker, topics, "list", "--format", "json").stdout.splitlines()
    assert [Incident.decode(line.encode()) for line in as_json] == [open_]
    both = run(broker, topics, "list", "--all", "--format", "table")
    assert both.stdout.index("3ae9b1de54") < both.stdout.index("aa00000000")
    assert "thin: 80% of the articles" in " ".join(both.stdout.split())
    assert not run(broker, topics, "list", "--code", "mojibake", "--format", "json").stdout

    shown = run(broker, topics, "show", "3ae9")
    assert shown.exit_code == 0, shown.output
    assert re.search(r"\b3 h \d+ min ago", shown.stdout)
    for part in ("Daily: thin: 80%", "a7 at ", "thin: ", "no longer kept"):
        assert part in shown.stdout
    assert "problem with the articles" in run(broker, topics, "show", open_.id, "--report").stdout
    assert run(broker, topics, "show", "ffff").exit_code == 1
    assert run(broker, topics, "close", closed.id).exit_code == 1
    assert run(broker, topics, "mute", open_.id, "--for", "soon").exit_code == 2

    assert run(broker, topics, "mute", open_.id, "--for", "2d", "--note", "known").exit_code == 0
    assert run(broker, topics, "close", open_.id, "--note", "as agreed").exit_code == 0
    records = [record for part in asyncio.run(read_topic(broker.address, topics.sightings)).values() for record in part]
    assert {record.key for record in records} == {b"daily"}
    mute, close = (Decision.decode(record.value or b"") for record in records)
    assert (mute.incident, mute.close, mute.note) == (open_.id, False, "known")
    assert 1.9 < (mute.muted_until - datetime.now(UTC).timestamp()) / 86_400 < 2.1
    assert (close.incident, close.close, close.key) == (open_.id, True, "daily")
