"""``monitor copies`` on a real Kafka: the outlets of a story, and a copy beside the earliest."""

from __future__ import annotations

import json

import msgspec
import pytest
from confluent_kafka import Producer
from typer.testing import CliRunner, Result

from monitor.cli import app
from monitor.scoring.copies.record import Copy, Place
from tests.kafka.server import Kafka
from tests.kafka.topics import Topics
from tests.scoring.copies.made_up import at, fingerprint, link, linker, story

pytestmark = pytest.mark.kafka


def run(broker: Kafka, topics: Topics, *arguments: str) -> Result:
    connection = ["--bootstrap-servers", broker.address, "--topic-prefix", topics.articles.removesuffix("articles")]
    return CliRunner().invoke(app, ["copies", "show", *arguments, *connection])


def fill(broker: Kafka, topics: Topics) -> None:
    """A story of three outlets; the text of the last one is no longer kept. Another was a copy until it was not."""
    lines = story(1)
    texts = {"first": lines, "second": [*lines[:-1], "A line of its own stands here."], "third": lines}
    producer = Producer({"bootstrap.servers": broker.address})
    prints = []
    for number, (name, own) in enumerate(texts.items()):
        article = {"id": name, "source": name, "content": "\n".join(own)}
        if name != "third":
            producer.produce(topics.articles, json.dumps(article).encode(), partition=0)
        made = fingerprint(name, own, name, published_at=at(number - 9))
        prints.append(msgspec.structs.replace(made, topic=topics.articles, partition=0, offset=number))
    copies: list[Copy] = link(linker(), *prints)
    for copy in (copies[0], *copies):
        producer.produce(topics.copies, copy.encode(), copy.article.id.encode())
    withdrawn = msgspec.structs.replace(copies[0].article, id="withdrawn", place=Place())
    producer.produce(topics.copies, msgspec.structs.replace(copies[0], article=withdrawn).encode(), b"withdrawn")
    producer.produce(topics.copies, None, b"withdrawn")
    producer.produce(topics.copies, b"damaged", b"fourth")
    assert producer.flush(30) == 0


def test_a_story_is_shown_by_the_id_of_any_copy(broker: Kafka, topics: Topics) -> None:
    """One filling for all: a test of its own for each would cost its seconds."""
    fill(broker, topics)
    shown = run(broker, topics, "second")
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith("3 outlets, 3 articles\n")
    assert (
        shown.stdout.index("first: first") < shown.stdout.index("second: second") < shown.stdout.index("third: third")
    )
    assert "second beside first:" in shown.stdout
    assert "+ A line of its own stands here." in shown.stdout
    assert "withdrawn" not in shown.stdout
    assert "Kafka keeps third no longer" in run(broker, topics, "third").stdout
    as_json = json.loads(run(broker, topics, "first", "--format", "json").stdout)
    assert (as_json["earliest"]["id"], as_json["outlets"], len(as_json["copies"])) == ("first", 3, 2)
    missing = run(broker, topics, "nowhere")
    assert missing.exit_code == 1
    assert "nowhere is no copy" in missing.output
