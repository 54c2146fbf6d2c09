"""The worker on a real Kafka: every id accounted for, whatever happens to it."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import AlterConfigOpType, ConfigEntry, ConfigResource

from monitor.demo.feed import feed
from monitor.settings import Settings
from monitor.streaming.engine.exit import ExitCode
from monitor.streaming.stages import topics_of
from monitor.streaming.topics import create as create_topics
from tests.conftest import without
from tests.faults.articles import POISON, article
from tests.kafka.reading import read_all
from tests.kafka.server import Kafka, Missing, free_port, kafka
from tests.kafka.topics import Topics, create
from tests.kafka.worker import Worker, worker
from tests.streaming.counting import LENGTHS, Lengths

pytestmark = pytest.mark.kafka


def account(broker: Kafka, topics: Topics, sent: set[str]) -> tuple[int, int, int]:
    """Missing ids, dead letters, and outputs beyond one an id; each dead letter carries its id in a header."""
    verdicts = [json.loads(r.value)["id"] for r in read_all(broker.address, topics.scored) if r.value]
    dead = [r.headers["test.id"].decode() for r in read_all(broker.address, topics.dead)]
    return len(sent - set(verdicts) - set(dead)), len(set(dead)), len(verdicts) + len(dead) - len(sent)


def send_mixed(broker: Kafka, topic: str, count: int, poison_of_ten: int, partition: int = -1) -> set[str]:
    """Articles, ``poison_of_ten`` of each ten replaced by poison; ids in the header ``test.id``."""
    producer = Producer({"bootstrap.servers": broker.address, "linger.ms": 20})
    for number in range(count):
        bad = number % 10 < poison_of_ten
        value = POISON[number % len(POISON)] if bad else article(number)
        producer.produce(topic, value, headers={"test.id": f"a-{number}"}, partition=partition)
        producer.poll(0)
    assert producer.flush(60) == 0
    return {f"a-{number}" for number in range(count)}


#: Six of what each of two stages reads, and the one of the fingerprints.
STAGES_PARTITIONS = 13


def wait_lag_zero(process: Worker, timeout: float = 120.0, partitions: int = STAGES_PARTITIONS) -> None:
    """Wait until the worker's own metrics say lag 0 on every partition, measured after the wait began."""
    begin, deadline = time.time(), time.monotonic() + timeout
    while time.monotonic() < deadline:
        text = process.get("/metrics")[1]
        lags = re.findall(r"^monitor_consumer_lag_records\{.*\} (\S+)$", text, re.M)
        measured = re.search(r"^monitor_lag_measured_timestamp_seconds (\S+)$", text, re.M)
        if len(lags) == partitions and measured and float(measured[1]) > begin and not any(map(float, lags)):
            return
        time.sleep(0.2)
    raise TimeoutError(f"the lag is not 0: {process.text()[-3000:]}")


def set_topic(broker: Kafka, topic: str, name: str, value: str) -> None:
    """Set one property of a topic."""
    client = AdminClient({"bootstrap.servers": broker.address})
    entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
    for done in client.incremental_alter_configs([resource]).values():
        done.result(30)


@pytest.fixture
def running(broker: Kafka, topics: Topics, tmp_path: Path) -> Iterator[Worker]:
    prefix = topics.articles.removesuffix("articles")
    with worker(tmp_path / "worker.log", broker.address, topic_prefix=prefix, group=prefix) as process:
        process.wait_ready()
        yield process


def test_killed_twice_among_poison_loses_nothing(broker: Kafka, topics: Topics, running: Worker) -> None:
    count = 2000
    sent = send_mixed(broker, topics.articles, count, poison_of_ten=3)
    for _ in range(2):
        deadline = time.monotonic() + 60
        before = len(read_all(broker.address, topics.scored))
        while len(read_all(broker.address, topics.scored)) < before + count // 20 and time.monotonic() < deadline:
            time.sleep(0.1)
        running.end(signal.SIGKILL)
        running.start()
    running.wait_ready()
    wait_lag_zero(running)
    missing, dead, twice = account(broker, topics, sent)
    assert missing == 0
    assert dead == 3 * count // 10
    assert twice < count


def test_transactions_give_exactly_the_committed_records(broker: Kafka, topics: Topics, running: Worker) -> None:
    producer = Producer({"bootstrap.servers": broker.address, "transactional.id": topics.articles})
    producer.init_transactions(30)
    committed: set[str] = set()
    for batch in range(75):
        producer.begin_transaction()
        ids = range(batch * 20, batch * 20 + 20)
        for number in ids:
            producer.produce(topics.articles, article(number))
        if batch % 5 == 4:  # the last one too: the topic ends in records that no one may read
            producer.flush(30)
            producer.abort_transaction(30)
        else:
            producer.commit_transaction(30)
            committed |= {f"a-{number}" for number in ids}
    deadline = time.monotonic() + 60
    while len(read_all(broker.address, topics.scored)) < len(committed) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert running.end(signal.SIGTERM) == 0
    running.start()
    running.wait_ready()
    wait_lag_zero(running)
    verdicts = Counter(json.loads(r.value)["id"] for r in read_all(broker.address, topics.scored) if r.value)
    assert set(verdicts) == committed
    assert set(verdicts.values()) == {1}, "the offsets committed before the restart were not kept"


def test_sigterm_drains_and_commits(broker: Kafka, topics: Topics, running: Worker) -> None:
    feeding = threading.Thread(
        target=feed, args=(broker.address, topics.articles, (article(n) for n in range(1500))), kwargs={"rate": 500}
    )
    feeding.start()
    time.sleep(1.5)
    begin = time.monotonic()
    assert running.end(signal.SIGTERM) == 0
    assert time.monotonic() - begin < 20
    feeding.join()
    running.start()
    running.wait_ready()
    wait_lag_zero(running)
    verdicts = Counter(json.loads(r.value)["id"] for r in read_all(broker.address, topics.scored) if r.value)
    assert len(verdicts) == 1500
    assert set(verdicts.values()) == {1}


class ScoringAlone(Worker):
    """A worker of the stage score: what each source always sends is not learned meanwhile."""

    COMMAND = (sys.executable, "-m", "monitor", "worker", "--stages", "score")


def test_the_verdict_is_the_same_through_kafka_and_from_a_file(broker: Kafka, topics: Topics, tmp_path: Path) -> None:
    prefix = topics.articles.removesuffix("articles")
    process = ScoringAlone(tmp_path / "worker.log", broker.address, None, topic_prefix=prefix, group=prefix)
    process.start()
    lines = files("monitor.demo").joinpath("articles.jsonl").read_bytes().splitlines()
    feed(broker.address, topics.articles, lines)
    try:
        process.wait_ready()
        wait_lag_zero(process, partitions=6)
    finally:
        process.end(signal.SIGKILL)

    def verdicts(values: Iterable[bytes]) -> dict[str, dict[str, object]]:
        found = [json.loads(value) for value in values]
        # Only a file has lines to name.
        return {v["id"]: v | {"scored_at": None, "origin": None} for v in found}

    alone = subprocess.run(
        [sys.executable, "-m", "monitor", "score"], input=b"\n".join(lines), capture_output=True, check=True
    )
    expected = verdicts(alone.stdout.splitlines())
    assert verdicts(r.value for r in read_all(broker.address, topics.scored) if r.value) == expected
    flagged = verdicts(r.value for r in read_all(broker.address, topics.flagged) if r.value)
    assert flagged == {i: v for i, v in expected.items() if v["bad"]}
    body_twice = expected["quayline-002"]["flags"]
    assert isinstance(body_twice, list)
    assert body_twice[0]["message"].startswith("paragraphs 11-20 repeat 1-10")


def test_a_second_worker_takes_over_from_one_that_is_killed(
    broker: Kafka, topics: Topics, running: Worker, tmp_path: Path
) -> None:
    prefix = topics.articles.removesuffix("articles")
    sent = send_mixed(broker, topics.articles, 1500, poison_of_ten=1)
    with worker(tmp_path / "second.log", broker.address, topic_prefix=prefix, group=prefix) as second:
        second.wait_ready()
        sent |= send_mixed(broker, topics.articles, 3000, poison_of_ten=1)
        time.sleep(1)
        running.end(signal.SIGKILL)
        wait_lag_zero(second)
        missing, _, twice = account(broker, topics, sent)
    assert missing == 0
    assert twice < 3000


def test_a_missing_topic_is_named(broker: Kafka, topics: Topics, tmp_path: Path) -> None:
    with worker(tmp_path / "log", broker.address, topic_prefix="nowhere.") as process:
        assert process.process is not None
        assert process.process.wait(30) == ExitCode.TOPICS_MISSING
        assert "nowhere.articles" in process.text()
        assert "monitor topics create" in process.text()


def test_an_absent_broker_is_named(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    with worker(tmp_path / "log", address) as process:
        assert process.process is not None
        assert process.process.wait(40) == ExitCode.TOPICS_MISSING
        assert f"no Kafka answers at {address}" in process.text()


def test_a_broker_that_is_killed_for_a_while_costs_nothing(tmp_path: Path) -> None:
    try:
        with kafka() as broker:
            topics = Topics.named()
            create(AdminClient({"bootstrap.servers": broker.address}), topics, 6, 1)
            with worker(tmp_path / "log", broker.address) as process:
                process.wait_ready()
                sent = send_mixed(broker, topics.articles, 500, poison_of_ten=1)
                broker.kill()
                time.sleep(8)
                broker.start()
                sent |= send_mixed(broker, topics.articles, 1000, poison_of_ten=1)
                wait_lag_zero(process)
                assert process.process is not None
                assert process.process.poll() is None, "the worker should live through it"
                missing, _, twice = account(broker, topics, sent)
                assert missing == 0
                assert twice < 1500
    except Missing as missing_component:
        without(str(missing_component))


def test_the_page_tells_state_and_metrics(broker: Kafka, topics: Topics, running: Worker) -> None:
    feed(broker.address, topics.articles, [article(1), b"{"])
    wait_lag_zero(running)
    assert running.get("/healthz") == (200, "ok\n")
    text = running.get("/metrics")[1]
    assert 'monitor_articles_total{source="Lantern",verdict="good"} 1.0' in text
    assert 'monitor_dead_letters_total{reason="not_json"} 1.0' in text
    assert f"monitor_partitions_assigned {STAGES_PARTITIONS}.0" in text


def members(broker: Kafka, group: str) -> int:
    """The members of a consumer group."""
    client = AdminClient({"bootstrap.servers": broker.address})
    (described,) = client.describe_consumer_groups([group], request_timeout=30).values()
    return len(described.result().members)


class Hanging(Worker):
    """A worker whose scorer never comes back from an article."""

    COMMAND = (
        sys.executable,
        "-c",
        "import sys, time\n"
        "from monitor.scoring.score import Scorer\n"
        "def never(*_): time.sleep(10**6)\n"
        "Scorer.read = never\n"
        "from monitor.cli import main\n"
        "sys.argv = ['monitor', 'worker']\n"
        "main()\n",
    )


def test_a_worker_that_hangs_says_where_and_ends(broker: Kafka, topics: Topics, tmp_path: Path) -> None:
    prefix = topics.articles.removesuffix("articles")
    process = Hanging(
        tmp_path / "hanging.log",
        broker.address,
        topic_prefix=prefix,
        group=prefix,
        loop_seconds=5,
        session_timeout_seconds=60,
    )
    process.start()
    try:
        process.wait_ready()
        assert process.get("/healthz") == (200, "ok\n")
        feed(broker.address, topics.articles, [article(1)])
        deadline = time.monotonic() + 30
        while process.get("/healthz")[0] != 503 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert "the event loop has not turned for" in process.get("/healthz")[1]
        assert process.process is not None
        assert process.process.wait(30) == ExitCode.HANGS
        assert members(broker, prefix) == 0, "it leaves its group first: its partitions move at once"
        assert "in never" in process.text(), "the stack shows where"
    finally:
        process.end(signal.SIGKILL)


class OddName(str):
    """A header's name that is written as bytes which are not UTF-8, as clients in C can."""

    def encode(self, *_: object) -> bytes:
        return b"\xff\xfe"


def test_a_header_whose_name_is_not_utf8_costs_nothing(
    broker: Kafka, topics: Topics, running: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    # confluent-kafka writes no such name, and aiokafka only by its parts in Python.
    for module in ("producer", "message_accumulator"):
        monkeypatch.setattr(f"aiokafka.producer.{module}.DefaultRecordBatchBuilder", _DefaultRecordBatchBuilderPy)

    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=broker.address, linger_ms=200) as producer:
            for number in range(30):
                value = b"{" if number % 3 else article(number)
                headers = [("test.id", f"a-{number}".encode())] + [(OddName("x"), b"1")] * (number % 2)
                await producer.send(topics.articles, value, partition=0, headers=headers)

    asyncio.run(send())
    wait_lag_zero(running)
    assert account(broker, topics, {f"a-{number}" for number in range(30)}) == (0, 20, 0)
    odd = [r.headers["??"] for r in read_all(broker.address, topics.dead) if "??" in r.headers]
    assert odd == [b"1"] * 10


def test_a_verdict_too_large_for_both_its_topics_is_one_dead_letter(
    broker: Kafka, topics: Topics, running: Worker
) -> None:
    for name in (topics.scored, topics.flagged):
        set_topic(broker, name, "max.message.bytes", "1000")
    body = "\n".join(f"{uuid.uuid4()} {uuid.uuid4()} stands here." for _ in range(100))
    twice = json.dumps({"id": "a-1", "content": f"{body}\n{body}", "source": "Lantern"}).encode()
    producer = Producer({"bootstrap.servers": broker.address})
    producer.produce(topics.articles, twice, headers={"test.id": "a-1"})
    producer.flush(30)
    wait_lag_zero(running)
    assert account(broker, topics, {"a-1"}) == (0, 1, 0)
    (letter,) = read_all(broker.address, topics.dead)
    assert letter.headers["monitor.reason"] == b"verdict_too_large"
    assert letter.value == twice


class TwoStages(Worker):
    """A worker that runs the stage of ``tests/streaming/counting.py`` beside score."""

    COMMAND: tuple[str, ...] = (
        sys.executable,
        "-c",
        "import sys\n"
        "from monitor.streaming import stages\n"
        "from tests.streaming.counting import Lengths\n"
        "stages.STAGES += (Lengths,)\n"
        "from monitor.cli import main\n"
        "sys.argv = ['monitor', 'worker', *sys.argv[1:]]\n"
        "main()\n",
    )


class LengthsAlone(TwoStages):
    """The same, of which only the second stage is asked for."""

    COMMAND = (*TwoStages.COMMAND, "--stages", "lengths")


def test_stages_run_in_one_process_each_in_a_group_of_its_own(broker: Kafka, topics: Topics, tmp_path: Path) -> None:
    prefix = topics.articles.removesuffix("articles")
    client, settings = AdminClient({"bootstrap.servers": broker.address}), Settings(topic_prefix=prefix)
    create_topics(client, topics_of((Lengths,)), settings, 6, 1)
    lengths = LENGTHS.full_name(settings.topic_names)
    process = TwoStages(tmp_path / "two.log", broker.address, topic_prefix=prefix, group=prefix)
    process.start()
    try:
        process.wait_ready()
        send_mixed(broker, topics.articles, 200, poison_of_ten=0)
        wait_for(lambda: len(read_all(broker.address, lengths)) >= 200)
        wait_for(lambda: len(read_all(broker.address, topics.scored)) >= 200)
        assert f"monitor_partitions_assigned {STAGES_PARTITIONS + 6}.0" in process.get("/metrics")[1]
        begin = time.monotonic()
        assert process.end(signal.SIGTERM) == 0, process.text()[-3000:]
        assert time.monotonic() - begin < 15
        alone = LengthsAlone(tmp_path / "alone.log", broker.address, topic_prefix=prefix, group=prefix)
        process = alone
        process.start()
        process.wait_ready()
        send_mixed(broker, topics.articles, 100, poison_of_ten=0)
        wait_for(lambda: len(read_all(broker.address, lengths)) >= 300)
        assert process.end(signal.SIGTERM) == 0
    finally:
        process.end(signal.SIGKILL)
    assert len(read_all(broker.address, lengths)) == 300, "each record once: the group's offsets were kept"
    assert len(read_all(broker.address, topics.scored)) == 200, "score was not asked for the second time"


def wait_for(condition: Callable[[], bool], timeout: float = 60.0) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.3)
