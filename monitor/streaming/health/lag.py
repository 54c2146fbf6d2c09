"""How far the worker is behind: in records, and in seconds.

Seconds are counted from when the end of the partition stood where the committed offset stands now, as
seen by this worker; they need no clock but its own. What stood there before its first look has no such
time: until it is committed, the worker has not caught up.

Faust's own end offset moves only when a record is read, so a stuck worker's lag would read 0.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Collection

from faust.types import TP

from monitor.metrics import Metrics
from monitor.streaming.engine.consumer import Consumer

#: Looks remembered of a partition; beyond them the seconds are counted from the oldest.
LOOKS = 1000


class Behind:
    """The seconds that one partition is behind."""

    def __init__(self) -> None:
        self._caught_up = False
        self._first_end: int | None = None
        self._ends: deque[tuple[float, int]] = deque(maxlen=LOOKS)

    def look(self, now: float, committed: int, end: int) -> float | None:
        """The seconds from when the end passed ``committed``; 0 at the end.

        ``None`` while records are left that were there at the first look.
        """
        if self._first_end is None:
            self._first_end = end
        if not self._ends or end > self._ends[-1][1]:
            self._ends.append((now, end))
        while self._ends and self._ends[0][1] <= committed:
            self._ends.popleft()
        self._caught_up = self._caught_up or committed >= self._first_end
        if not self._caught_up:
            return None
        return now - self._ends[0][0] if self._ends else 0.0


class Lag:
    """Measures the lag of the partitions that this worker holds."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        #: By consumer group and partition.
        self._behind: dict[tuple[str, TP], Behind] = {}

    def keep(self, group: str, partitions: Collection[TP]) -> None:
        """Forget the partitions that this worker no longer holds in a group."""
        for known, tp in [(known, tp) for known, tp in self._behind if known == group and tp not in partitions]:
            self._forget_lag(known, tp)
            self._metrics.retention_used.remove_by_labels(_labels(known, tp))

    def _forget_lag(self, group: str, tp: TP) -> None:
        self._behind.pop((group, tp), None)
        for metric in (self._metrics.lag, self._metrics.lag_seconds):
            metric.remove_by_labels(_labels(group, tp))

    async def measure(self, *consumers: Consumer) -> float | None:
        """Set the lag of each partition held: its end offset less what the broker holds as committed.

        Returns the seconds that the partition farthest behind is behind; ``None`` while one has not yet
        caught up with what was there at its first look.

        Raises:
            aiokafka.errors.KafkaError, TimeoutError: the broker does not answer.
        """
        # The lag says nothing of records that came while the broker was slow to answer.
        began = time.time()
        seconds = [behind for consumer in consumers for behind in await self._measure(consumer)]
        self._metrics.lag_measured.set(began)
        known = [behind for behind in seconds if behind is not None]
        return max(known, default=0.0) if len(known) == len(seconds) else None

    async def _measure(self, consumer: Consumer) -> list[float | None]:
        """Set the lag of one consumer's partitions; returns the seconds that each is behind."""
        partitions = consumer.assignment()
        ends = await consumer.highwaters(*partitions)
        committed = await consumer.committed(partitions)
        begins = await consumer.earliest_offsets(*partitions) if partitions else {}
        result = []
        held = consumer.held()
        for tp in partitions:
            position = place(committed.get(tp), begins[tp], ends[tp])
            labels = (consumer.group, tp.topic, str(tp.partition))
            self._metrics.retention_used.labels(*labels).set(retention_used(position, begins[tp], ends[tp]))
            if tp in held:
                # Nobody is to be woken for a lag that is meant; monitor_partitions_held tells of it.
                self._forget_lag(consumer.group, tp)
                continue
            seconds = self._behind.setdefault((consumer.group, tp), Behind()).look(time.monotonic(), position, ends[tp])
            self._metrics.lag.labels(*labels).set(ends[tp] - position)
            if seconds is not None:
                self._metrics.lag_seconds.labels(*labels).set(seconds)
            result.append(seconds)
        return result


def _labels(group: str, tp: TP) -> dict[str, str]:
    return {"group": group, "topic": tp.topic, "partition": str(tp.partition)}


def place(committed: int | None, begin: int, end: int) -> int:
    """The offset from which records are still to be handled.

    A committed offset that is not in the log counts as the begin: that is where reading goes on.

    >>> place(50, 10, 90), place(None, 10, 90), place(3, 10, 90), place(50_000, 10, 90)
    (50, 10, 10, 10)
    """
    return committed if committed is not None and begin <= committed <= end else begin


def retention_used(position: int, begin: int, end: int) -> float:
    """The share of what a partition keeps that is still to be handled; 0 where nothing was ever deleted."""
    return (end - position) / (end - begin) if begin and end > begin else 0.0
