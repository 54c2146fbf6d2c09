"""Workers that are killed, stopped, started and joined at random."""

from __future__ import annotations

import random
import shutil
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from confluent_kafka import Consumer, TopicPartition

from tests.conftest import without
from tests.faults.ledger import Ledger, Row
from tests.kafka.server import Kafka
from tests.kafka.worker import Supervised

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

Start = Callable[..., Supervised]
Tell = Callable[[Row], None]

#: Of the workers in these tests; the broker gives a dead worker's partitions away after it.
SESSION_SECONDS = 6


def test_one_worker_killed(ledger: Ledger, start: Start, tell: Tell) -> None:
    worker = start()
    worker.wait_ready()
    with ledger.feeding(50):
        time.sleep(5)
        worker.signal(signal.SIGKILL)
        ledger.mark()
        time.sleep(SESSION_SECONDS + 10)
    ledger.wait(60)
    row = ledger.row("one worker killed with -9 and started again")
    tell(row)
    assert worker.exits == [-signal.SIGKILL]
    assert row.seconds is not None
    assert row.seconds < SESSION_SECONDS + 5


def test_one_worker_killed_twice_among_poison(ledger: Ledger, start: Start, tell: Tell) -> None:
    worker = start()
    worker.wait_ready()
    ledger.send(12_000, poison=0.3)
    for _ in range(2):
        before = ledger.came()
        while ledger.came() < before + 600:
            time.sleep(0.1)
        worker.signal(signal.SIGKILL)
        ledger.mark()
    ledger.wait(180)
    tell(ledger.row("one worker killed with -9 twice among 12,000 waiting records, 30 % poison"))


@pytest.mark.parametrize("workers", [2, 3])
def test_random_signals_while_another_joins_and_leaves(ledger: Ledger, start: Start, tell: Tell, workers: int) -> None:
    draw = random.Random(workers)
    running = [start() for _ in range(workers)]
    for worker in running:
        worker.wait_ready(90)
    with ledger.feeding(100):
        joining: Supervised | None = None
        for turn in range(8):
            time.sleep(draw.uniform(3, 8))
            draw.choice(running).signal(draw.choice([signal.SIGKILL, signal.SIGTERM]))
            if turn == 2:
                joining = start()
            if turn == 6 and joining is not None:
                joining.__exit__()
        ledger.mark()
    ledger.wait(180)
    tell(ledger.row(f"{workers} workers, 8 random kill -9 or SIGTERM, while another joins and leaves"))


def test_a_rolling_restart_goes_on_under_a_backlog(ledger: Ledger, start: Start, tell: Tell) -> None:
    workers = [start() for _ in range(3)]
    for worker in workers:
        worker.wait_ready(90)
    restarts = []
    with ledger.feeding(50):
        ledger.send(20_000, poison=0.0)
        for worker in workers:
            begin, process = time.monotonic(), worker.process
            worker.signal(signal.SIGTERM)
            while worker.process is process:
                time.sleep(0.1)
            worker.wait_ready(60)
            restarts.append(time.monotonic() - begin)
        ledger.mark()
        left = ledger.sent() - ledger.came()
    ledger.wait(180)
    tell(
        ledger.row(
            f"3 workers restarted one after the other under a backlog: {max(restarts):.0f} s each at most, "
            f"{left:,} records still waiting"
        )
    )
    assert [worker.exits for worker in workers] == [[0]] * 3
    assert left > 1000


def test_a_zombie_does_not_commit_over_its_successor(
    ledger: Ledger, own_broker: Kafka, start: Start, tell: Tell
) -> None:
    zombie, successor = start(), start()
    zombie.wait_ready(90)
    successor.wait_ready(90)
    committed = Committed(own_broker.address)
    with ledger.feeding(50), committed:
        time.sleep(5)
        zombie.signal(signal.SIGSTOP)
        ledger.mark()
        time.sleep(60)
        zombie.signal(signal.SIGCONT)
        time.sleep(15)
    ledger.wait(90)
    tell(ledger.row("one of two workers stopped (SIGSTOP) for 60 s, then continued"))
    assert committed.looks > 50
    assert committed.went_back == []


class Committed(threading.Thread):
    """Looks at the group's committed offsets, and notes where one went back."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.looks = 0
        self.went_back: list[tuple[int, int, int]] = []
        self._over = threading.Event()
        self._client = Consumer(
            {"bootstrap.servers": address, "group.id": "monitor", "enable.auto.commit": False, "log_level": 0}
        )

    def run(self) -> None:
        last: dict[int, int] = {}
        while not self._over.wait(0.5):
            for committed in self._client.committed([TopicPartition("articles", p) for p in range(6)], timeout=10):
                before = last.get(committed.partition, -1)
                if 0 <= committed.offset < before:
                    self.went_back.append((committed.partition, before, committed.offset))
                last[committed.partition] = committed.offset
            self.looks += 1
        self._client.close()

    def __enter__(self) -> Committed:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps(ledger: Ledger, start: Start, tell: Tell, tmp_path: Path, hours: int) -> None:
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if library is None or shutil.which("faketime") is None:
        without("libfaketime is not installed (Debian: faketime)")
    offset = tmp_path / "offset"
    offset.write_text("+0")
    worker = start(
        environment={
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(offset),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
    )
    worker.wait_ready()
    with ledger.feeding(50):
        time.sleep(5)
        offset.write_text(f"{hours * 3600:+d}")
        ledger.mark()
        time.sleep(15)
    ledger.wait(60)
    tell(ledger.row(f"the worker's clock jumps by {hours:+d} h"))
    assert worker.exits == []
