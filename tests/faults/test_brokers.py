"""Brokers that are killed, away, full, slow to tell; topics that change under the worker."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewPartitions, NewTopic

from monitor.streaming.engine.exit import ExitCode
from tests.conftest import without
from tests.faults.ledger import Ledger, Row
from tests.kafka.server import Kafka, Missing, cluster, free_port
from tests.kafka.topics import Topics, create
from tests.kafka.worker import Supervised

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

Start = Callable[..., Supervised]
Tell = Callable[[Row], None]


@pytest.mark.parametrize("seconds", [5, 70])
def test_the_broker_killed_for_a_while(
    ledger: Ledger, own_broker: Kafka, start: Start, tell: Tell, seconds: int
) -> None:
    worker = start()
    worker.wait_ready()
    with ledger.feeding(50):
        time.sleep(5)
        own_broker.kill()
        time.sleep(seconds)
        own_broker.start()
        ledger.mark()
        time.sleep(10)
    ledger.wait(120)
    tell(ledger.row(f"the broker killed with -9 for {seconds} s"))
    assert worker.exits == [], "the worker should live through it"


def test_no_broker_at_the_start(ledger: Ledger, own_broker: Kafka, start: Start, tell: Tell) -> None:
    ledger.send(1000)
    own_broker.kill()
    worker = start()
    time.sleep(30)
    own_broker.start()
    ledger.mark()
    ledger.wait(120)
    tell(ledger.row("no broker for the first 30 s, 1,000 records waiting"))
    assert set(worker.exits) == {ExitCode.TOPICS_MISSING}


def test_leaders_that_move_among_three_brokers(tmp_path: Path, tell: Tell) -> None:
    try:
        with cluster(3) as brokers:
            addresses = ",".join(broker.address for broker in brokers)
            create(AdminClient({"bootstrap.servers": addresses}), Topics.named(), 6, 3)
            with (
                Ledger(addresses, Topics.named()).reading() as ledger,
                Supervised(tmp_path / "worker.log", addresses) as worker,
            ):
                worker.wait_ready(90)
                with ledger.feeding(50):
                    for broker in brokers[1:]:
                        time.sleep(5)
                        broker.kill()
                        ledger.mark()
                        time.sleep(20)
                        broker.start()
                        time.sleep(10)
                ledger.wait(120)
                tell(ledger.row("leaders move among 3 brokers: two killed one after the other for 20 s each"))
                assert worker.exits == []
    except Missing as missing:
        without(str(missing))


def test_a_topic_of_outputs_deleted(ledger: Ledger, own_broker: Kafka, start: Start, tell: Tell) -> None:
    worker = start(delivery_timeout_seconds=10, hang_seconds=60)
    worker.wait_ready()
    with ledger.feeding(50):
        time.sleep(5)
        client = AdminClient({"bootstrap.servers": own_broker.address})
        client.delete_topics(["articles.flagged", "articles.dead"])["articles.dead"].result()
        time.sleep(20)
        create(client, Topics.named(), 6, 1)
        ledger.mark()
        time.sleep(10)
    ledger.wait(120)
    tell(ledger.row("articles.dead and articles.flagged deleted for 20 s, deliveries allowed 10 s"))
    assert set(worker.exits) == {ExitCode.DELIVERY_FAILED, ExitCode.TOPICS_MISSING}


def test_the_topic_of_articles_deleted_and_made_again(
    ledger: Ledger, own_broker: Kafka, start: Start, tell: Tell
) -> None:
    worker = start(hang_seconds=200)
    worker.wait_ready()
    ledger.send(1000)
    ledger.wait(60)
    client = AdminClient({"bootstrap.servers": own_broker.address})
    client.delete_topics(["articles"])["articles"].result()
    time.sleep(20)
    create(client, Topics.named(), 3, 1)
    time.sleep(1)
    ledger.send(1000)
    ledger.mark()
    ledger.wait(300)
    tell(ledger.row("articles deleted for 20 s after 1,000 records, then made again with 3 partitions"))
    assert set(worker.exits) == {ExitCode.TOPICS_MISSING}


def test_a_topic_that_gains_partitions(ledger: Ledger, own_broker: Kafka, start: Start, tell: Tell) -> None:
    worker = start()
    worker.wait_ready()
    with ledger.feeding(50):
        time.sleep(5)
        client = AdminClient({"bootstrap.servers": own_broker.address})
        client.create_partitions([NewPartitions("articles", 9)])["articles"].result()
        time.sleep(10)
        ledger.mark()
        time.sleep(20)
    ledger.wait(180)
    tell(ledger.row("articles grows from 6 to 9 partitions while it is read"))
    assert worker.exits == []


def test_outputs_with_fewer_partitions_than_articles(own_broker: Kafka, start: Start, tell: Tell) -> None:
    client = AdminClient({"bootstrap.servers": own_broker.address})
    counts = {"articles": 6, "articles.scored": 2, "articles.flagged": 1, "articles.dead": 1}
    for future in client.create_topics([NewTopic(name, n, 1) for name, n in counts.items()]).values():
        future.result()
    create(client, Topics.named(), 6, 1)
    with Ledger(own_broker.address, Topics.named()).reading() as ledger:
        start().wait_ready()
        ledger.send(2000)
        ledger.wait(60)
        tell(ledger.row("outputs with fewer partitions than articles"))


def test_a_verdict_larger_than_its_topic_takes(own_broker: Kafka, start: Start, tell: Tell) -> None:
    client = AdminClient({"bootstrap.servers": own_broker.address})
    small = NewTopic("articles.scored", 6, 1, config={"max.message.bytes": "20000"})
    client.create_topics([small])["articles.scored"].result()
    create(client, Topics.named(), 6, 1)
    with Ledger(own_broker.address, Topics.named()).reading() as ledger:
        worker = start()
        worker.wait_ready()
        ledger.send(200, poison=0.0)
        ledger.send(20, poison=0.0, size=1500)
        ledger.wait(60)
        row = ledger.row("20 of 220 verdicts larger than articles.scored takes")
        tell(row)
        assert (row.verdicts, row.dead) == (200, 20)
        assert worker.exits == []


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A disk of its own for a folder."""
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=False)
    if os.geteuid() or mounted.returncode:
        without("a disk of its own needs root and the right to mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(file: Path) -> None:
    """Write to a file until its disk is full."""
    with suppress(OSError), file.open("wb", buffering=0) as out:
        while True:
            out.write(b"x" * 4096)


def test_the_brokers_disk_is_full(tmp_path: Path, tell: Tell) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with small_disk(disk, "24m"):
        (disk / "data").mkdir()
        config = {"log.index.size.max.bytes": "4096", "log.segment.bytes": "1048576", "log.dirs": str(disk / "data")}
        broker = Kafka(tmp_path, free_port(), config)
        broker.start()
        try:
            create(AdminClient({"bootstrap.servers": broker.address}), Topics.named(), 6, 1)
            with (
                Ledger(broker.address, Topics.named()).reading() as ledger,
                Supervised(tmp_path / "worker.log", broker.address, None, delivery_timeout_seconds=20) as worker,
            ):
                worker.wait_ready()
                filler = disk / "filler"
                with ledger.feeding(50):
                    time.sleep(5)
                    fill(filler)
                    time.sleep(40)
                    filler.unlink()
                    broker.kill()
                    broker.start()
                    ledger.mark()
                    time.sleep(10)
                ledger.wait(180)
                tell(ledger.row("the broker's disk full for 40 s; freed, and the broker started again"))
                assert set(worker.exits) <= {ExitCode.DELIVERY_FAILED, ExitCode.TOPICS_MISSING, 1}
        finally:
            broker.kill()
