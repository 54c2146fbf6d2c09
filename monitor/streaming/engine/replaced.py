"""Which logs are not those that the committed offsets are of, by reading the landmarks again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import OffsetOutOfRangeError
from faust.types import TP

from monitor.streaming.engine.landmarks import Landmark, Landmarks
from monitor.streaming.engine.read import Reader

#: What a partition gives at once: two records are wanted, and a batch comes whole however large it is. With
#: aiokafka's own megabyte, 200 partitions with a backlog would send 200 MB at each rebalance.
FETCH_BYTES = 65_536


async def replaced_logs(connection: Mapping[str, Any], landmarks: Mapping[TP, Landmarks]) -> set[TP]:
    """The partitions whose log is another one; waits for as long as the broker does not answer.

    A log that ends before the committed offset is not judged here, nor one that begins at it or behind:
    fetching tells of the first, and the second holds nothing that was read.

    Raises:
        aiokafka.errors.KafkaError: one that trying again does not mend.
    """
    if not landmarks:
        return set()
    async with Reader(connection, FETCH_BYTES) as reader:
        while True:
            try:
                return await _compare(reader, landmarks)
            except OffsetOutOfRangeError:
                # Retention deleted records between the question where a log begins and the reading.
                continue


async def _compare(reader: Reader, landmarks: Mapping[TP, Landmarks]) -> set[TP]:
    spans = await reader.spans([TopicPartition(*tp) for tp in landmarks])
    starts, ends = {}, {}
    for tp, known in landmarks.items():
        here = TopicPartition(*tp)
        if spans[here].begin < known.committed <= spans[here].end:
            starts[here], ends[here] = max(known.records[0].offset, spans[here].begin), known.committed
    found: dict[TopicPartition, list[Landmark]] = {here: [] for here in starts}
    reader.assign(starts)
    while any(reader.position(here) < end for here, end in ends.items()):
        for here, records in (await reader.next_records()).items():
            found[here] += [
                Landmark(record.offset, milliseconds(record.timestamp))
                for record in records
                if record.offset < ends[here]
            ]
    return {TP(*here) for here, records in found.items() if landmarks[TP(*here)].is_other_log(records)}


def milliseconds(timestamp: float | None) -> int:
    """A record's timestamp as the broker has it; 0 where it has none."""
    return max(0, round((timestamp or 0.0) * 1000))
