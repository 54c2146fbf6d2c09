"""How far behind: seconds, of one partition, and when that was measured."""

from __future__ import annotations

import asyncio
import time
from typing import cast

import pytest
from faust.types import TP

from monitor.metrics import Metrics
from monitor.streaming.engine.consumer import Consumer
from monitor.streaming.health.lag import Behind, Lag

PARTITION = TP("articles", 0)


def test_what_was_there_at_the_start_has_no_seconds() -> None:
    behind = Behind()
    assert behind.look(0, committed=0, end=100) is None
    assert behind.look(5, committed=99, end=150) is None
    assert behind.look(10, committed=100, end=150) == 5, "150 was first seen at 5"
    assert behind.look(12, committed=150, end=150) == 0


def test_a_partition_that_is_not_handled_falls_behind_a_second_a_second() -> None:
    behind = Behind()
    assert behind.look(0, committed=7, end=7) == 0
    assert behind.look(5, committed=7, end=9) == 0
    assert behind.look(10, committed=7, end=20) == 5
    assert behind.look(65, committed=7, end=20) == 60


def test_steady_work_stays_as_far_behind_as_it_is() -> None:
    behind = Behind()
    behind.look(0, committed=0, end=0)
    looks = [behind.look(n, committed=10 * (n - 3), end=10 * n) for n in range(4, 40)]
    assert set(looks[3:]) == {2}


def test_looks_are_bounded() -> None:
    behind = Behind()
    behind.look(0, committed=0, end=0)
    for n in range(1, 5000):
        behind.look(n, committed=0, end=n)
    assert behind.look(5000, committed=0, end=5000) == 999


class FakeConsumer:
    """A partition of one topic, in the group ``monitor``."""

    group = "monitor"

    def __init__(self, begin: int, committed: int | None, end: int) -> None:
        self.begin, self.at, self.end = begin, committed, end
        self.asked: list[float] = []
        self.answer_seconds = 0.0
        self.is_held = False

    def assignment(self) -> set[TP]:
        return {PARTITION}

    def held(self) -> set[TP]:
        return {PARTITION} if self.is_held else set()

    async def highwaters(self, *_: TP) -> dict[TP, int]:
        self.asked.append(time.time())
        return {PARTITION: self.end}

    async def earliest_offsets(self, *_: TP) -> dict[TP, int]:
        return {PARTITION: self.begin}

    async def committed(self, _: object) -> dict[TP, int | None]:
        await asyncio.sleep(self.answer_seconds)
        return {PARTITION: self.at}


def measured(consumer: FakeConsumer, name: str) -> float | None:
    """A metric of the partition after the lag was measured."""
    metrics = Metrics()
    asyncio.run(Lag(metrics).measure(cast(Consumer, consumer)))
    labels = {"group": "monitor", "topic": "articles", "partition": "0"}
    return metrics.registry.get_sample_value(name, labels)


def test_lag_is_as_old_as_its_first_question() -> None:
    """A coordinator that is loading answers late; what came meanwhile is not in the ends."""
    metrics, consumer = Metrics(), FakeConsumer(0, 7, 7)
    consumer.answer_seconds = 0.2
    assert asyncio.run(Lag(metrics).measure(cast(Consumer, consumer))) == 0
    at = metrics.registry.get_sample_value("monitor_lag_measured_timestamp_seconds")
    assert at is not None
    assert consumer.asked[0] - 0.1 < at <= consumer.asked[0]


@pytest.mark.parametrize(
    ("begin", "committed", "end", "lag"),
    [(0, 7, 10, 3), (2, None, 10, 8), (4, 1, 10, 6), (0, 1000, 300, 300)],
    ids=["in the log", "nothing committed", "below the begin", "beyond the end"],
)
def test_lag_counts_what_is_there_to_be_read(begin: int, committed: int | None, end: int, lag: int) -> None:
    assert measured(FakeConsumer(begin, committed, end), "monitor_consumer_lag_records") == lag


@pytest.mark.parametrize(
    ("begin", "committed", "end", "used"),
    [(0, 0, 10, 0), (100, 150, 200, 0.5), (100, 100, 200, 1), (200, 200, 200, 0)],
    ids=["nothing deleted yet", "half", "all", "empty"],
)
def test_retention_used_is_the_share_that_is_not_read(begin: int, committed: int, end: int, used: float) -> None:
    assert measured(FakeConsumer(begin, committed, end), "monitor_retention_used_ratio") == used


def test_partition_that_is_taken_away_has_no_lag() -> None:
    metrics = Metrics()
    lag = Lag(metrics)
    asyncio.run(lag.measure(cast(Consumer, FakeConsumer(0, 7, 10))))
    labels = {"group": "monitor", "topic": "articles", "partition": "0"}
    lag.keep("another", set())
    assert metrics.registry.get_sample_value("monitor_consumer_lag_records", labels) == 3
    lag.keep("monitor", set())
    assert metrics.registry.get_sample_value("monitor_consumer_lag_records", labels) is None


def test_held_partition_has_no_lag_but_uses_up_its_retention() -> None:
    consumer = FakeConsumer(100, 150, 200)
    assert measured(consumer, "monitor_consumer_lag_records") == 50
    consumer.is_held = True
    assert measured(consumer, "monitor_consumer_lag_records") is None
    assert measured(consumer, "monitor_retention_used_ratio") == 0.5
