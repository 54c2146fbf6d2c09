"""How far behind: seconds, of one partition, and when that was measured."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import cast

from faust.types import TP

from monitor.metrics import Metrics
from monitor.streaming.engine.transport import Consumer
from monitor.streaming.health.lag import Behind, Lag


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


def test_the_lag_is_as_old_as_its_first_question() -> None:
    """A coordinator that is loading answers late; what came meanwhile is not in the ends."""
    partition, metrics = TP("articles", 0), Metrics()
    asked: list[float] = []

    async def highwaters(*_: TP) -> dict[TP, int]:
        asked.append(time.time())
        return {partition: 7}

    async def committed(_: object) -> dict[TP, int]:
        await asyncio.sleep(0.2)
        return {partition: 7}

    consumer = SimpleNamespace(assignment=lambda: {partition}, highwaters=highwaters, committed=committed)
    assert asyncio.run(Lag(metrics).measure(cast(Consumer, consumer))) == 0
    measured = metrics.registry.get_sample_value("monitor_lag_measured_timestamp_seconds")
    assert measured is not None
    assert asked[0] - 0.1 < measured <= asked[0]
