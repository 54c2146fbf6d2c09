"""Offsets that are not in their log: a log that was lost, offsets altered ahead, retention while the worker was away.

What was in a lost log, or was deleted, had an output before, or is not counted as sent: these tests ask
for an output of every record that is there.
"""

from __future__ import annotations

import re
import shutil
import signal
from collections.abc import Callable, Sequence

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient

from tests.faults.articles import article
from tests.faults.ledger import Ledger, Row
from tests.kafka.send import send_to
from tests.kafka.server import Kafka
from tests.kafka.worker import Supervised

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

Start = Callable[..., Supervised]
Tell = Callable[[Row], None]

PARTITIONS = range(6)


def lose_logs(broker: Kafka) -> None:
    """Kill the broker, remove what it holds of the topic articles, and start it again."""
    broker.kill()
    for partition in PARTITIONS:
        shutil.rmtree(broker.folder / "log" / f"articles-{partition}")
    broker.start()


def stop(workers: Sequence[Supervised]) -> None:
    """End workers for good, so that they leave the group."""
    for worker in workers:
        worker.end_for_good(signal.SIGTERM)


def counted(workers: Sequence[Supervised], name: str) -> float:
    """The sum of a metric's series over the workers."""
    return sum(
        float(number)
        for worker in workers
        for number in re.findall(rf"^{name}\{{.*\}} (\S+)$", worker.get("/metrics")[1], re.M)
    )


@pytest.mark.parametrize(("workers", "transactions"), [(1, False), (2, False), (1, True)])
def test_log_lost_under_running_workers(
    ledger: Ledger, own_broker: Kafka, start: Start, tell: Tell, workers: int, transactions: bool
) -> None:
    running = [start() for _ in range(workers)]
    for worker in running:
        worker.wait_ready(90)
    if transactions:
        ledger.send_in_transactions(50)
    else:
        ledger.send(1000, partitions=PARTITIONS)
    ledger.wait(90)
    lose_logs(own_broker)
    ledger.mark()
    if transactions:
        ledger.send_in_transactions(15)
    else:
        ledger.send(300, partitions=PARTITIONS)
    ledger.wait(120)
    kind = " (transactions)" if transactions else ""
    tell(ledger.row(f"the log of articles lost under {workers} running worker(s) after 1,000 records{kind}"))
    assert counted(running, "monitor_offset_resets_total") == len(PARTITIONS)
    assert all(worker.exits == [] for worker in running)


@pytest.mark.parametrize("workers", [1, 2])
def test_log_lost_while_workers_are_away(
    ledger: Ledger, own_broker: Kafka, start: Start, tell: Tell, workers: int
) -> None:
    before = [start() for _ in range(workers)]
    for worker in before:
        worker.wait_ready(90)
    ledger.send(1000, partitions=PARTITIONS)
    ledger.wait(90)
    stop(before)
    lose_logs(own_broker)
    ledger.send(300, partitions=PARTITIONS)
    after = [start() for _ in range(workers)]
    ledger.mark()
    ledger.wait(120)
    tell(ledger.row(f"the log of articles lost while {workers} worker(s) were away, after 1,000 records"))
    assert counted(after, "monitor_offset_resets_total") == len(PARTITIONS)


@pytest.mark.parametrize("transactions", [False, True])
def test_log_lost_and_as_long_again_while_the_worker_is_away(
    ledger: Ledger, own_broker: Kafka, start: Start, tell: Tell, transactions: bool
) -> None:
    worker = start()
    worker.wait_ready(90)
    if transactions:
        ledger.send_in_transactions(50)
    else:
        ledger.send(1000, partitions=PARTITIONS)
    ledger.wait(90)
    stop([worker])
    lose_logs(own_broker)
    if transactions:
        ledger.send_in_transactions(60)
    else:
        ledger.send(1200, partitions=PARTITIONS)
    worker = start()
    ledger.mark()
    ledger.wait(120)
    kind = " (transactions)" if transactions else ""
    tell(ledger.row(f"the log of articles lost while the worker was away, and longer than before when it starts{kind}"))
    assert counted([worker], "monitor_offset_resets_total") == len(PARTITIONS)


def test_offsets_altered_ahead(ledger: Ledger, own_broker: Kafka, start: Start, tell: Tell) -> None:
    worker = start()
    worker.wait_ready()
    ledger.send(1000, partitions=PARTITIONS)
    ledger.wait(90)
    stop([worker])
    group = Consumer({"bootstrap.servers": own_broker.address, "group.id": "monitor", "enable.auto.commit": False})
    group.commit(offsets=[TopicPartition("articles", p, 50_000) for p in PARTITIONS], asynchronous=False)
    group.close()
    ledger.send(300, partitions=PARTITIONS)
    worker = start()
    ledger.mark()
    ledger.wait(120)
    row = ledger.row("the group's offsets altered to 50,000 while the worker was away, after 1,000 records")
    tell(row)
    assert row.twice == 1000, "all that is there is scored, what was scored before as well"
    assert counted([worker], "monitor_offset_resets_total") == len(PARTITIONS)


def test_retention_while_the_worker_is_away(ledger: Ledger, own_broker: Kafka, start: Start, tell: Tell) -> None:
    worker = start()
    worker.wait_ready()
    ledger.send(1000, partitions=PARTITIONS)
    ledger.wait(90)
    stop([worker])
    for partition in PARTITIONS:
        send_to(own_broker.address, "articles", partition, [article(10**6 + n) for n in range(100)])
    client = AdminClient({"bootstrap.servers": own_broker.address})
    ends = {p: client_end(own_broker, p) for p in PARTITIONS}
    for deleted in client.delete_records([TopicPartition("articles", p, end) for p, end in ends.items()]).values():
        deleted.result(30)
    ledger.send(300, partitions=PARTITIONS)
    worker = start()
    ledger.mark()
    ledger.wait(120)
    tell(ledger.row("600 records deleted by retention while the worker was away, counted as lost; 300 sent after"))
    assert counted([worker], "monitor_records_lost_total") == 600
    assert counted([worker], "monitor_offset_resets_total") == len(PARTITIONS)


def client_end(broker: Kafka, partition: int) -> int:
    """The end of a partition of articles."""
    client = Consumer({"bootstrap.servers": broker.address, "group.id": "ends"})
    _, end = client.get_watermark_offsets(TopicPartition("articles", partition), timeout=30)
    client.close()
    return int(end)
