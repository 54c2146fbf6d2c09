"""``monitor deadletters replay``: letters are counted first, and go back only where the count is as expected."""

from __future__ import annotations

import json

import pytest

from tests.kafka.dead_letters import WITHOUT_VALUE, Commands, write
from tests.kafka.reading import read_all
from tests.kafka.server import Kafka
from tests.kafka.topics import Topics


@pytest.fixture
def commands(broker: Kafka, topics: Topics) -> Commands:
    """The command, and letters of two reasons on the topic: ten of one, five of the other."""
    write(broker, topics, 10)
    write(broker, topics, 5, begin=10, reason="not_json")
    return Commands(broker, topics)


@pytest.mark.kafka
def test_nothing_goes_back_without_the_right_count(broker: Kafka, topics: Topics, commands: Commands) -> None:
    code, out, errors = commands.run("replay", "--reason", "no_body")
    assert (code, out) == (0, f"9 dead letters would go back to {topics.articles}: 9 no_body\n")
    assert "left out: 1 have no value" in errors
    assert "--expect 9" in errors
    code, _, errors = commands.run("replay", "--reason", "no_body", "--expect", "8")
    assert code == 2
    assert "9 dead letters would go back, not 8; nothing was put back" in errors
    assert read_all(broker.address, topics.articles) == []


@pytest.mark.kafka
def test_letters_go_back_as_they_came_and_only_once(broker: Kafka, topics: Topics, commands: Commands) -> None:
    assert commands.run("replay", "--reason", "no_body", "--expect", "9")[0] == 0
    records = read_all(broker.address, topics.articles)
    assert {record.key for record in records} == {b"k-%d" % n for n in range(10) if n != WITHOUT_VALUE}
    assert all(record.headers == {"ce_type": b"x", "monitor.replays": b"1"} for record in records)
    assert json.loads(records[0].value or b"")["id"].startswith("a-")

    _, out, errors = commands.run("replay")
    assert out.startswith("5 dead letters would go back"), "what was filtered out is still to be put back"
    assert "left out: 9 were put back already" in errors
    listed = [json.loads(line) for line in commands.run("list")[1].splitlines()]
    assert len(listed) == 15, "a marker is no dead letter"
    assert sum(row["replayed"] for row in listed) == 9
