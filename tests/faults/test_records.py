"""Poison and tombstones at every share, transactions, and more than can be handled."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable

import pytest

from monitor.streaming.engine.exit import ExitCode
from tests.faults.ledger import Ledger, Row
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
    stopping = start()
    stopping.wait_ready()
    ledger.send(2000, poison=1.0)
    deadline = time.monotonic() + 60
    while len(stopping.exits) < 2 and time.monotonic() < deadline:
        time.sleep(0.2)
    stopping.__exit__()
    assert set(stopping.exits) == {ExitCode.DEAD_LETTER_LIMIT}
    assert ledger.came() < 2000
    start(dead_letter_consecutive=0, dead_letter_ratio=0)
    ledger.mark()
    ledger.wait(120)
    row = ledger.row("100 % poison: the worker stops with exit code 7 again and again, until its limits are lifted")
    tell(row)
    assert row.dead == row.sent


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
