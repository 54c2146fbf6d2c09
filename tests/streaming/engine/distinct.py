"""A small stage with state, for tests only: how many distinct records each key had."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from monitor.streaming.engine.records import InputRecord, Output

#: Seconds for which a record is known again.
WINDOW_SECONDS = 600.0


@dataclass
class Key:
    """What is kept of a key: how many distinct records it ever had, and the identities of the latest."""

    total: int = 0
    seen: dict[str, float] = field(default_factory=dict)


class Counts:
    """The distinct records by key, of each partition. A record's value is its identity."""

    name: ClassVar[str] = "counts"
    tick_seconds: ClassVar[float] = 60.0

    def __init__(self, writes: str = "counts") -> None:
        self._writes = writes
        self.partitions: defaultdict[int, defaultdict[bytes, Key]] = defaultdict(lambda: defaultdict(Key))

    def outputs(self, record: InputRecord) -> Sequence[Output]:
        key = record.key or b""
        identity = (record.value or b"").decode()
        kept = self.partitions[record.partition][key]
        if identity not in kept.seen:
            kept.total += 1
        kept.seen[identity] = max(kept.seen.get(identity, 0.0), record.timestamp or 0.0)
        count = [record.partition, record.offset, kept.total, len(kept.seen)]
        return [Output(self._writes, key, json.dumps(count).encode())]

    def tick(self, partition: int, stream_time: float) -> Sequence[Output]:
        for key, kept in list(self.partitions[partition].items()):
            kept.seen = {i: time for i, time in kept.seen.items() if time > stream_time - WINDOW_SECONDS}
            if not kept.seen and kept.total == 1:
                # A key that is forgotten whole, so that a tombstone is stored of it.
                del self.partitions[partition][key]
        return ()

    def drop(self, partition: int) -> None:
        self.partitions.pop(partition, None)

    def load(self, partition: int, key: bytes, value: bytes) -> None:
        total, seen = json.loads(value)
        self.partitions[partition][key] = Key(total, seen)

    def save(self, partition: int, key: bytes) -> bytes | None:
        kept = self.partitions[partition].get(key)
        return None if kept is None else json.dumps([kept.total, kept.seen]).encode()

    def keys(self, partition: int) -> dict[bytes, tuple[int, dict[str, float]]]:
        """All that is kept of a partition, to be compared."""
        return {key: (kept.total, kept.seen) for key, kept in self.partitions[partition].items()}
