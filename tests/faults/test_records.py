"""Poison and tombstones at every share, transactions, and more than can be handled."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable

import pytest

from tests.faults.ledger import Ledger, Row
from tests.kafka.send import send_to
from tests.kafka.server import Kafka
from tests.kafka.worker import Supervised

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

Start = Callable[..., Supervised]
Tell = Callable[[Row], None]


@pytest.mark.parametrize(("share", "count"), [(0.001, 10_000), (0.3, 10_000)])
def test_poison(ledger: Ledger, start: Start, tell: Tell, share: float, count: int) -> None:
    worker = start()
    worker.wait_ready()
    ledger.send(count, poison=share)
    ledger.wait(180)
    row = ledger.row(f"{100 * share:g} % poison")
    tell(row)
    assert abs(row.dead - share * count) < 0.05 * count
    assert row.twice == 0
    assert worker.exits == []


def test_nothing_but_poison(ledger: Ledger, start: Start, tell: Tell) -> None:
    holding = start()
    holding.wait_ready()
    # A tombstone is not counted, and half of the partitions get one in four.
    ledger.send(4800, poison=1.0, partitions=range(6))
    deadline = time.monotonic() + 90
    while holding.get("/metrics")[1].count("monitor_partitions_held{") < 6 and time.monotonic() < deadline:
        time.sleep(0.5)
    assert holding.get("/readyz")[1].count("is held at offset") == 6
    assert ledger.came() < 4800
    assert holding.exits == []
    holding.end_for_good(signal.SIGTERM)
    start(dead_letter_consecutive=0, dead_letter_ratio=0)
    ledger.mark()
    ledger.wait(120)
    row = ledger.row("100 % poison: the worker holds every partition, until its limits are lifted")
    tell(row)
    assert row.dead == row.sent
    assert row.twice == 0


@pytest.mark.parametrize("workers", [1, 3])
def test_one_partition_of_poison_keeps_nothing_else_waiting(
    ledger: Ledger, own_broker: Kafka, start: Start, tell: Tell, workers: int
) -> None:
    running = [start() for _ in range(workers)]
    for worker in running:
        worker.wait_ready(90)
    with ledger.feeding(20, poison=0.0, partitions=range(1, 6)):
        time.sleep(5)
        send_to(own_broker.address, "articles", 0, [b"{"] * 700)
        ledger.mark()
        time.sleep(50)
    ledger.wait(60)
    wait = ledger.longest_wait()
    tell(
        ledger.row(f"700 bad records on one of 6 partitions, {workers} worker(s): good ones wait {wait:.1f} s at most")
    )
    assert all(worker.exits == [] for worker in running)
    assert sum(worker.get("/metrics")[1].count("monitor_partitions_held{") for worker in running) == 1


def test_transactions(ledger: Ledger, start: Start, tell: Tell) -> None:
    worker = start()
    worker.wait_ready()
    aborted = ledger.send_in_transactions(75)
    worker.signal(signal.SIGTERM)
    ledger.mark()
    ledger.wait(90)
    row = ledger.row("75 transactions of 20 records, each fifth aborted (300 records); SIGTERM and a start")
    tell(row)
    assert row.sent == 1200
    assert not aborted & ledger.outputs()


def test_more_than_can_be_handled(ledger: Ledger, start: Start, tell: Tell) -> None:
    """180 MB at once, in articles of 0.6 MB: memory stays bounded, the heartbeats go on, nothing is dropped."""
    worker = start(max_bytes_in_hand=8_000_000)
    worker.wait_ready()
    before = memory(worker)
    ledger.send(300, poison=0.0, size=1000)
    most, in_hand = 0.0, 0.0
    while ledger.came() < ledger.sent():
        most = max(most, memory(worker))
        in_hand = max(in_hand, value(worker, "monitor_bytes_in_hand"))
        time.sleep(0.5)
    ledger.mark()
    row = ledger.row(f"180 MB at once in records of 0.6 MB: {(most - before) / 1e6:.0f} MB of memory more at most")
    tell(row)
    assert row.twice == 0, "the worker kept its partitions"
    assert in_hand <= 8_000_000
    assert worker.exits == []


def memory(worker: Supervised) -> float:
    """Resident bytes of the worker."""
    return value(worker, "process_resident_memory_bytes")


def value(worker: Supervised, metric: str) -> float:
    """A metric without labels; 0 where the worker does not answer."""
    match = re.search(rf"^{metric} (\S+)$", worker.get("/metrics")[1], re.M)
    return float(match[1]) if match else 0.0


def test_tombstones(ledger: Ledger, start: Start, tell: Tell) -> None:
    worker = start()
    worker.wait_ready()
    ledger.send(5000, poison=0.0, tombstones=0.2)
    ledger.wait(120)
    row = ledger.row("20 % tombstones")
    tell(row)
    assert row.verdicts + row.dead == row.sent
    assert row.twice == 0
    assert worker.exits == []
