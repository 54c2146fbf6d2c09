"""Dead letters go back each once, also where a replay is killed in the middle, or two run at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from monitor.settings import Settings
from monitor.streaming.deadletters import replay
from monitor.streaming.deadletters.letter import Letter, put_back_headers
from monitor.streaming.deadletters.read import Marker, read_dead_letters
from monitor.streaming.deadletters.replay import BATCH_LETTERS, Plan, Replay, TakenOver, plan
from monitor.streaming.engine.records import Headers
from tests.kafka.dead_letters import WITHOUT_VALUE, Commands, write
from tests.kafka.reading import read_all
from tests.kafka.server import Kafka
from tests.kafka.topics import Topics


def letter_at(offset: int, *, topic: str = "articles", value: bytes | None = b"{", reason: str = "not_json") -> Letter:
    return Letter(0, offset, 100.0 + offset, topic, 0, offset, reason, "no", b"k", value, (), None, 0)


def test_plan_leaves_out_replayed_empty_and_foreign_letters() -> None:
    letters: list[Letter | Marker] = [
        letter_at(0),
        letter_at(1, value=None),
        letter_at(2, topic="other"),
        letter_at(3),
        Marker(0, 3),
        Marker(1, 0),
        letter_at(4),
    ]
    planned = plan(letters, "articles", lambda letter: letter.offset != 4)
    assert planned.offsets == {(0, 0)}
    assert planned.reasons == Counter(not_json=1)
    assert (planned.already, planned.without_value, planned.elsewhere) == (1, 1, 1)


def test_letter_that_was_filtered_out_is_in_a_later_plan() -> None:
    letters: list[Letter | Marker] = [
        letter_at(0),
        letter_at(1, reason="no_body"),
        letter_at(2),
        Marker(0, 0),
        Marker(0, 2),
    ]
    assert plan(letters, "articles", lambda _: True).offsets == {(0, 1)}


@pytest.fixture
def commands(broker: Kafka, topics: Topics) -> Commands:
    return Commands(broker, topics)


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
def test_replay_goes_on_after_one_that_was_killed(broker: Kafka, topics: Topics, commands: Commands) -> None:
    write(broker, topics, 1000)
    environment = os.environ | commands.environment
    killed = subprocess.run([sys.executable, "-c", KILLED], env=environment, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    code, out, errors = commands.run("replay", "--expect", "799")
    assert code == 0, errors
    assert f"left out: {BATCH_LETTERS} were put back already" in errors
    assert out.startswith("799 dead letters are back")
    assert Counter(r.key for r in read_all(broker.address, topics.articles)) == Counter(
        b"k-%d" % n for n in range(1000) if n != WITHOUT_VALUE
    )


@pytest.mark.kafka
def test_second_replay_takes_over_and_nothing_returns_twice(broker: Kafka, topics: Topics) -> None:
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
        b"k-%d" % n for n in range(1000) if n != WITHOUT_VALUE
    )


@pytest.mark.kafka
def test_replay_that_is_taken_over_while_it_sends_says_so(
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
