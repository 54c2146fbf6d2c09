"""Dead letters are listed as they stand, and put back each once: killed in the middle, or two at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from confluent_kafka import Producer
from typer.testing import CliRunner

from monitor.cli import app
from monitor.settings import Settings
from monitor.streaming.deadletters import replay
from monitor.streaming.deadletters.letter import Letter, Refused, dead_letter, put_back_headers, without_value
from monitor.streaming.deadletters.read import Marker, read_dead_letters
from monitor.streaming.deadletters.replay import BATCH_LETTERS, Plan, Replay, TakenOver, plan
from monitor.streaming.engine.records import Headers, InputRecord
from tests.kafka.reading import read_all
from tests.kafka.server import Kafka
from tests.kafka.topics import Topics


def found(offset: int, *, topic: str = "articles", value: bytes | None = b"{", reason: str = "not_json") -> Letter:
    return Letter(0, offset, 100.0 + offset, topic, 0, offset, reason, "no", b"k", value, (), None, 0)


def test_plan_leaves_out_replayed_empty_and_foreign_letters() -> None:
    there: list[Letter | Marker] = [
        found(0),
        found(1, value=None),
        found(2, topic="other"),
        found(3),
        Marker(0, 3),
        Marker(1, 0),
        found(4),
    ]
    planned = plan(there, "articles", lambda one: one.offset != 4)
    assert planned.offsets == {(0, 0)}
    assert planned.reasons == Counter(not_json=1)
    assert (planned.already, planned.without_value, planned.elsewhere) == (1, 1, 1)


def test_what_was_filtered_out_once_is_put_back_by_a_later_plan() -> None:
    there: list[Letter | Marker] = [found(0), found(1, reason="no_body"), found(2), Marker(0, 0), Marker(0, 2)]
    assert plan(there, "articles", lambda one: True).offsets == {(0, 1)}


def write(broker: Kafka, topics: Topics, count: int, *, begin: int = 0, reason: str = "no_body") -> None:
    """Dead letters as the worker writes them, with ids of their own, spread over the partitions."""
    producer = Producer({"bootstrap.servers": broker.address, "linger.ms": 20})
    for number in range(begin, begin + count):
        value = json.dumps({"id": f"a-{number}", "source": "Lantern" if number % 2 else "Quay\x9b\x1b[31m"}).encode()
        headers = (("ce_type", b"x"),)
        record = InputRecord(topics.articles, number % 6, number, 1.5, b"k-%d" % number, value, headers)
        made = dead_letter(topics.dead, record, Refused(reason, "decode", ValueError("no text \x1b[2J\u202e")))
        if number == 4:
            made = without_value(made) or made
        producer.produce(made.topic, made.value, made.key, headers=list(made.headers))
    assert producer.flush(30) == 0


class Commands:
    """``monitor deadletters`` on the topics of one test."""

    def __init__(self, broker: Kafka, topics: Topics) -> None:
        self.environment = {
            "MONITOR_BOOTSTRAP_SERVERS": broker.address,
            "MONITOR_TOPIC_PREFIX": topics.articles.removesuffix("articles"),
            "COLUMNS": "200",
        }

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, output and errors, of the command within this process, which is quicker."""
        done = CliRunner().invoke(app, ["deadletters", *arguments], env=self.environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def commands(broker: Kafka, topics: Topics) -> Commands:
    return Commands(broker, topics)


@pytest.mark.kafka
def test_listing_and_replaying(broker: Kafka, topics: Topics, commands: Commands) -> None:
    write(broker, topics, 10)
    middle = time.time()
    time.sleep(0.2)
    write(broker, topics, 5, begin=10, reason="not_json")

    code, out, errors = commands.run("list")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, len(rows)) == (0, 15)
    assert "15 dead letters: 10 no_body, 5 not_json" in errors
    assert "\x1b" not in out + errors
    assert not any(ord(c) in (0x9B, 0x202E) for c in out + errors)
    (row,) = (row for row in rows if row["offset"] == 3)
    assert (row["topic"], row["partition"], row["reason"], row["source"]) == (topics.articles, 3, "no_body", "Lantern")
    assert (row["key"], row["replays"], row["replayed"]) == ("k-3", 0, False)
    assert [row["has_value"] for row in rows if row["offset"] == 4] == [False]

    for arguments, count in {
        ("--reason", "not_json"): 5,
        ("--reason", "not_json", "--reason", "no_body"): 15,
        ("--source", "lantern"): 7,
        ("--partition", "1"): 3,
        ("--since", "1h"): 15,
        ("--since", time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(middle + 3600))): 0,
        ("--until", str(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(middle - 60)))): 0,
        ("--limit", "4"): 4,
    }.items():
        assert len(commands.run("list", *arguments)[1].splitlines()) == count, arguments
    table = commands.run("list", "--format", "table")[1]
    assert f"{topics.articles}-3@3" in table
    assert "\x1b" not in table

    code, out, errors = commands.run("replay", "--reason", "no_body")
    assert (code, out) == (0, f"9 dead letters would go back to {topics.articles}: 9 no_body\n")
    assert "left out: 1 have no value" in errors
    assert "--expect 9" in errors
    code, _, errors = commands.run("replay", "--reason", "no_body", "--expect", "8")
    assert code == 2
    assert "9 dead letters would go back, not 8; nothing was put back" in errors
    assert read_all(broker.address, topics.articles) == []

    assert commands.run("replay", "--reason", "no_body", "--expect", "9")[0] == 0
    back = read_all(broker.address, topics.articles)
    assert {r.key for r in back} == {b"k-%d" % n for n in range(10) if n != 4}
    assert all(r.headers == {"ce_type": b"x", "monitor.replays": b"1"} for r in back)
    assert json.loads(back[0].value or b"")["id"].startswith("a-")

    code, out, errors = commands.run("replay")
    assert out.startswith("5 dead letters would go back"), "what was filtered out is still to be put back"
    assert "left out: 9 were put back already" in errors
    listed = [json.loads(line) for line in commands.run("list")[1].splitlines()]
    assert len(listed) == 15, "a marker is no dead letter"
    assert sum(row["replayed"] for row in listed) == 9


#: A replay that kills itself when its second transaction is written and not committed.
KILLED = """
import os, signal
from monitor.settings import Settings
from monitor.streaming.deadletters.read import read_dead_letters
from monitor.streaming.deadletters.replay import Replay, plan
from tests.kafka.topics import Topics

class Killed:
    commits = 0
    def __init__(self, producer):
        self.producer = producer
    def __getattr__(self, name):
        return getattr(self.producer, name)
    def commit_transaction(self, timeout):
        self.commits += 1
        if self.commits == 2:
            assert self.producer.flush(30) == 0
            os.kill(os.getpid(), signal.SIGKILL)
        self.producer.commit_transaction(timeout)

settings = Settings()
replay = Replay(settings)
replay._producer = Killed(replay._producer)
articles = Topics.named(settings.topic_prefix).articles
replay.run(plan(read_dead_letters(settings), articles, lambda _: True), None, lambda _: None)
"""


@pytest.mark.kafka
def test_a_replay_that_is_killed_in_the_middle_is_gone_on_with(
    broker: Kafka, topics: Topics, commands: Commands
) -> None:
    write(broker, topics, 1000)
    environment = os.environ | commands.environment
    killed = subprocess.run([sys.executable, "-c", KILLED], env=environment, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    code, out, errors = commands.run("replay", "--expect", "799")
    assert code == 0, errors
    assert f"left out: {BATCH_LETTERS} were put back already" in errors
    assert out.startswith("799 dead letters are back")
    assert Counter(r.key for r in read_all(broker.address, topics.articles)) == Counter(
        b"k-%d" % n for n in range(1000) if n != 4
    )


@pytest.mark.kafka
def test_of_two_replays_one_goes_on_and_nothing_returns_twice(broker: Kafka, topics: Topics) -> None:
    prefix = topics.articles.removesuffix("articles")
    settings = Settings(bootstrap_servers=broker.address, topic_prefix=prefix)
    write(broker, topics, 1000)

    def planned() -> Plan:
        return plan(read_dead_letters(settings), topics.articles, lambda _: True)

    first, plan_of_first = Replay(settings), planned()
    second: list[tuple[Replay, Plan]] = []

    def begin_second(back: int) -> None:
        if not second:
            second.append((Replay(settings), planned()))
            assert len(second[0][1].offsets) == 999 - back
            assert second[0][1].already == back

    with pytest.raises(TakenOver):
        first.run(plan_of_first, None, begin_second)
    ((taking_over, plan_of_second),) = second
    taking_over.run(plan_of_second, None, lambda _: None)
    assert planned().offsets == frozenset()
    assert Counter(r.key for r in read_all(broker.address, topics.articles)) == Counter(
        b"k-%d" % n for n in range(1000) if n != 4
    )


@pytest.mark.kafka
def test_a_replay_that_is_taken_over_while_it_sends_says_so(
    broker: Kafka, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(bootstrap_servers=broker.address, topic_prefix=topics.articles.removesuffix("articles"))
    write(broker, topics, 3)
    planned = plan(read_dead_letters(settings), topics.articles, lambda _: True)
    first = Replay(settings)
    Replay(settings)

    def slowly(letter: Letter) -> Headers:
        time.sleep(1.0)  # the broker's refusal of the first letter arrives before the second is sent
        return put_back_headers(letter)

    monkeypatch.setattr(replay, "put_back_headers", slowly)
    with pytest.raises(TakenOver):
        first.run(planned, None, lambda _: None)
    assert read_all(broker.address, topics.articles) == []


@pytest.mark.kafka
def test_what_is_missing_is_named(broker: Kafka, tmp_path: Path) -> None:
    code, _, errors = Commands(broker, Topics.named(f"{tmp_path.name}.")).run("list")
    assert code == 1
    assert f"{tmp_path.name}.articles.dead" in errors
    assert "Traceback" not in errors
