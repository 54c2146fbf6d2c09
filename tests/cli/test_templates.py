"""``monitor templates`` on a real Kafka: what is listed, its example, and what learning and forgetting write."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import msgspec
import pytest
from aiokafka.partitioner import DefaultPartitioner
from confluent_kafka import Producer
from typer.testing import CliRunner, Result

from monitor.cli import app
from monitor.scoring.sources import stored
from monitor.scoring.sources.sighting import Sighting
from tests.kafka.distinct import read_topic
from tests.kafka.server import Kafka
from tests.kafka.topics import Topics
from tests.scoring.sources.made_up import NOTICE, are_templates, learned, sighting, story

pytestmark = pytest.mark.kafka


def run(broker: Kafka, topics: Topics, *arguments: str) -> Result:
    connection = ["--bootstrap-servers", broker.address, "--topic-prefix", topics.articles.removesuffix("articles")]
    return CliRunner().invoke(app, ["templates", *arguments, *connection])


def fill(broker: Kafka, topics: Topics, offset: int) -> None:
    """An article at offset 0, and what is known of its source, which says that it lies at ``offset``."""
    article = {"id": "9", "source": "Daily", "content": "\n".join((NOTICE, *story(9)))}
    seen: list[Sighting] = [
        msgspec.structs.replace(
            sighting(str(i), [NOTICE, *story(i)]), topic=topics.articles, partition=2, offset=offset, timestamp=i
        )
        for i in range(5)
    ]
    producer = Producer({"bootstrap.servers": broker.address})
    producer.produce(topics.articles, json.dumps(article).encode(), b"k", partition=2)
    producer.produce(topics.templates, stored.encode("Daily", learned(*seen)), b"daily")
    producer.produce(topics.templates, b"damaged", b"evening")
    assert producer.flush(30) == 0


def test_sources_are_listed_with_their_templates(broker: Kafka, topics: Topics) -> None:
    fill(broker, topics, 0)
    done = run(broker, topics, "list")
    assert done.exit_code == 0, done.output
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["source", "articles", "templates"],
        ["Daily", "5", "1"],
    ]


def test_example_is_the_source_s_last_article(broker: Kafka, topics: Topics) -> None:
    fill(broker, topics, 0)
    done = run(broker, topics, "list", "--source", "DAILY")
    assert "Daily: 5 articles, 1 lines are templates" in done.stdout
    assert NOTICE in " ".join(done.stdout.split())
    assert story(9)[0].split()[0] not in done.stdout


def test_article_that_is_no_longer_kept_is_said_so(broker: Kafka, topics: Topics) -> None:
    fill(broker, topics, 7)
    assert "no longer kept" in run(broker, topics, "list", "--source", "Daily").stdout


def test_unknown_source_is_named(broker: Kafka, topics: Topics) -> None:
    done = run(broker, topics, "list", "--source", "Evening Post")
    assert done.exit_code == 1
    assert "nothing is known of the source Evening Post" in done.output


def test_forgetting_is_a_record_without_value_under_the_source(broker: Kafka, topics: Topics) -> None:
    assert run(broker, topics, "forget", "--source", "Daily News").exit_code == 0
    records = [record for part in asyncio.run(read_topic(broker.address, topics.sightings)).values() for record in part]
    assert [(record.key, record.value) for record in records] == [(b"daily news", None)]


def test_a_word_about_a_source_lies_in_the_partition_of_its_sightings(broker: Kafka, topics: Topics) -> None:
    for number in range(8):
        assert run(broker, topics, "forget", "--source", f"source {number}").exit_code == 0
    parts = asyncio.run(read_topic(broker.address, topics.sightings))
    numbers = sorted(parts)
    assert len(numbers) > 1
    for number, records in parts.items():
        assert all(DefaultPartitioner()(record.key, numbers, numbers) == number for record in records)


def sightings_on(broker: Kafka, topics: Topics) -> list[Sighting]:
    parts = asyncio.run(read_topic(broker.address, topics.sightings)).values()
    return [Sighting.decode(record.value) for part in parts for record in part if record.value is not None]


def test_files_are_learned_from_as_of_the_past(broker: Kafka, topics: Topics, tmp_path: Path) -> None:
    archive = tmp_path / "archive.jsonl"
    lines = [
        json.dumps({"id": str(i), "source": "The  DAILY", "content": "\n".join((NOTICE, *story(i)))}) for i in range(4)
    ]
    archive.write_text("\n".join([*lines[:2], "{broken", *lines[2:]]))
    done = run(broker, topics, "learn", str(archive))
    assert done.exit_code == 0, done.output
    assert "4 articles are learned from" in done.output
    assert "archive.jsonl" in done.output, "the line that cannot be read is named"
    seen = sightings_on(broker, topics)
    assert [(each.id, each.key, each.past, each.topic) for each in seen] == [
        (str(i), "the daily", True, "") for i in range(4)
    ]
    assert are_templates(learned(*seen), NOTICE, story(1)[0]) == [True, False]


def test_topic_is_learned_from_with_the_place_of_each_article(broker: Kafka, topics: Topics) -> None:
    producer = Producer({"bootstrap.servers": broker.address})
    for i in range(4):
        article = {"id": str(i), "source": "Daily", "content": "\n".join((NOTICE, *story(i)))}
        producer.produce(topics.articles, json.dumps(article).encode(), b"k", partition=1, timestamp=1000 * (i + 1))
    assert producer.flush(30) == 0
    assert run(broker, topics, "learn", "--topic", "--from", "1970-01-01T00:00:02").exit_code == 0
    seen = sightings_on(broker, topics)
    assert [(each.topic, each.partition, each.offset, each.timestamp) for each in seen] == [
        (topics.articles, 1, i, 1000 * (i + 1)) for i in (1, 2, 3)
    ]
    assert learned(*seen, *seen).articles == learned(*seen).articles, "what was learned from is not counted again"
