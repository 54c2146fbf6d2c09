"""Stages with state while workers are killed, join and leave, and half of their topic is deleted.

The table's row is that of the stage ``score``, which must go on meanwhile.
"""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from monitor.settings import Settings
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.engine.state import stored_of
from monitor.streaming.topics import create
from tests.faults.ledger import Ledger, Row
from tests.kafka.distinct import (
    TOPICS,
    Compared,
    Count,
    Distinct,
    DistinctOfTopic,
    DistinctWorker,
    Sightings,
    committed,
    compare,
    counts_of,
    fresh_counts,
    read_topic,
)
from tests.kafka.server import Kafka

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

Start = Callable[[], DistinctWorker]
Tell = Callable[[Row], None]
STAGES = (Distinct, DistinctOfTopic)


@pytest.fixture
def start(own_broker: Kafka, tmp_path: Path) -> Iterator[Start]:
    """Starts a worker with the stages of the test."""
    create(AdminClient({"bootstrap.servers": own_broker.address}), TOPICS, Settings(), 6, 1)
    with ExitStack() as stack:
        count = iter(range(100))

        def make() -> DistinctWorker:
            worker = DistinctWorker(tmp_path / f"worker-{next(count)}.log", own_broker.address)
            stack.enter_context(worker)
            return worker

        yield make


def wait_until_ready(worker: DistinctWorker) -> None:
    """Wait until a worker, started again where it ended, handles records."""
    deadline = time.monotonic() + 240
    while (answer := worker.get("/readyz"))[0] != 200:
        assert time.monotonic() < deadline, f"{answer}: {worker.text()[-3000:]}"
        time.sleep(0.2)


def read(address: str, topic: str) -> dict[int, list[InputRecord]]:
    return asyncio.run(read_topic(address, topic))


def wait_for_counts(
    address: str, stage: type[Distinct], expected: dict[tuple[int, int], Count], since: Mapping[int, int] | None = None
) -> Compared:
    """What a stage wrote of the records from these offsets on, by partition, once nothing expected is missing."""
    deadline = time.monotonic() + 240
    while True:
        counts = counts_of(read(address, stage.writes[0].name))
        result = compare(
            expected, [count for count in counts if since is None or count.offset >= since[count.partition]]
        )
        if not result.missing or time.monotonic() > deadline:
            print(f"{stage.name}: {result.compared} compared, {len(result.wrong)} wrong, {result.twice} twice")  # noqa: T201
            return result
        time.sleep(1)


def check_counts(address: str) -> None:
    """Every count of both stages is that of a fresh reading, and none is missing."""
    expected = fresh_counts(read(address, "sightings"))
    for stage in STAGES:
        result = wait_for_counts(address, stage, expected)
        assert (result.wrong, result.missing) == ([], [])


def test_random_signals_and_a_join_leave_counts_exact(
    ledger: Ledger, own_broker: Kafka, start: Start, tell: Tell
) -> None:
    draw = random.Random(7)
    sightings = Sightings(own_broker.address, "sightings")
    running = [start(), start()]
    for worker in running:
        worker.wait_ready(240)
    with ledger.feeding(10), sightings.sending(100):
        joining: DistinctWorker | None = None
        for turn in range(6):
            chosen = draw.choice(running)
            wait_until_ready(chosen)
            time.sleep(draw.uniform(1, 6))
            chosen.signal(draw.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM]))
            if turn == 2:
                joining = start()
            if turn == 4 and joining is not None:
                joining.__exit__()
        ledger.mark()
    ledger.wait(240)
    check_counts(own_broker.address)
    tell(ledger.row("2 workers with state, 6 random kill -9 or SIGTERM, while another joins and leaves"))


def test_join_while_it_folds_leaves_counts_exact(ledger: Ledger, own_broker: Kafka, start: Start, tell: Tell) -> None:
    address, count = own_broker.address, 150_000
    producer = Producer({"bootstrap.servers": address, "linger.ms": 50, "log_level": 2})
    begin = int(time.time() * 1000) - count * 10
    for number in range(count):
        while len(producer) > 50_000:
            producer.poll(0.1)
        producer.produce(
            "sightings", b"%d" % (number // 2), b"source-%d" % (number // 2 % 500), timestamp=begin + number * 10
        )
    assert producer.flush(240) == 0
    for stage in STAGES:
        ends = commit_all(address, stage.group("monitor"))
    first = start()
    while_folding: list[int] = []
    with ledger.feeding(20):
        joined = None
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline:
            status, text = first.get("/readyz")
            if "records are left" in text:
                while_folding.append(ledger.came())
                joined = joined or start()
            elif status == 200 and joined is not None:
                break
            time.sleep(0.2)
        assert joined is not None, first.text()[-3000:]
        joined.wait_ready(240)
        ledger.mark()
    Sightings(address, "sightings").send(1000)
    # What was handled live; the counts of what came before are in no topic.
    expected = {place: c for place, c in fresh_counts(read(address, "sightings")).items() if place[1] >= ends[place[0]]}
    for stage in STAGES:
        result = wait_for_counts(address, stage, expected)
        assert (result.wrong, result.missing) == ([], [])
        assert result.compared >= 1000
    ledger.wait(240)
    tell(ledger.row("a worker joins while another reads the state of 150,000 records"))
    assert while_folding[-1] > while_folding[0], "the stage score goes on while the state is read"


def commit_all(address: str, group: str) -> dict[int, int]:
    """Commit the ends of the sightings for a group, as if it had handled them all; returns them by partition."""
    client = Consumer({"bootstrap.servers": address, "group.id": group, "enable.auto.commit": False, "log_level": 0})
    ends = {p: client.get_watermark_offsets(TopicPartition("sightings", p), timeout=30)[1] for p in range(6)}
    client.commit(offsets=[TopicPartition("sightings", p, end) for p, end in ends.items()], asynchronous=False)
    client.close()
    return ends


def test_half_of_the_topic_deleted_leaves_stored_counts_exact(
    ledger: Ledger, own_broker: Kafka, start: Start, tell: Tell
) -> None:
    address = own_broker.address
    sightings = Sightings(address, "sightings")
    worker = start()
    worker.wait_ready(240)
    for size in (2000, 1000):
        sightings.send(size)
        check_counts(address)
        wait_until_stored(address)
    before = read(address, "sightings")
    half = {partition: records[len(records) // 2].offset for partition, records in before.items()}
    assert all(offset <= stored(address).get(partition, 0) for partition, offset in half.items())
    worker.__exit__()
    admin = AdminClient({"bootstrap.servers": address})
    for future in admin.delete_records([TopicPartition("sightings", p, offset) for p, offset in half.items()]).values():
        future.result()
    marks = committed(address, DistinctOfTopic.group("monitor"), "sightings")
    with ledger.feeding(20):
        start().wait_ready(240)
        sightings.send(1000)
        ledger.mark()
    after = read(address, "sightings")
    all_records = {p: [*[r for r in before[p] if r.offset < half[p]], *after[p]] for p in after}
    result = wait_for_counts(address, Distinct, fresh_counts(all_records))
    assert (result.wrong, result.missing) == ([], [])
    left = {place: count for place, count in fresh_counts(after).items() if place[1] >= marks[place[0]]}
    result = wait_for_counts(address, DistinctOfTopic, left, marks)
    assert (result.wrong, result.missing) == ([], [])
    ledger.wait(240)
    tell(ledger.row("half of the topic of a stage with state is deleted while it is down"))


def stored(address: str) -> dict[int, int]:
    """By partition: from where the state's topic says that the sightings are to be read again."""
    lags: dict[int, int] = {}
    for records in read(address, "counts.state").values():
        for record in records:
            parsed = stored_of(record.key or b"", record.value, record.headers)
            assert parsed is not None
            partition = int(parsed[0].rpartition("-")[2])
            lags[partition] = max(lags.get(partition, 0), parsed[1].read_from)
    return lags


def wait_until_stored(address: str) -> None:
    """Wait until two rounds of storing have brought nothing new."""
    before = -1
    while (count := sum(len(records) for records in read(address, "counts.state").values())) != before:
        before = count
        time.sleep(12)
