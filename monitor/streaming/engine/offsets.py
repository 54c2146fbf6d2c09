"""The ledger of offsets: which records of a partition are in hand, and up to where they may be committed.

Pure: no Faust, no clock, no network. The consumer (``consumer.py``) tells it what it delivers and what
is finished; it answers which offset may be committed. A partition's offset is one past the last of its
leading finished records, so gaps in the offsets do not matter and nothing in hand is ever passed.

Times are those of one monotonic clock, in seconds, and are given by the caller.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from faust.types import TP

from monitor.streaming.engine.landmarks import Landmark, Landmarks

#: How many records a log is known by.
LANDMARKS = 2


@dataclass(slots=True)
class Held:
    """A record in hand, or one that is finished and waits for those before it."""

    #: ``None`` once it is finished, so that only its place is kept.
    record: object | None
    size: int
    since: float
    finished: float | None = None
    #: Text to commit with the offset after it; ``None`` where nothing was delivered (a gap).
    note: str | None = None
    #: Milliseconds since 1970, as the record carries it.
    timestamp: int = 0


@dataclass(slots=True)
class Partition:
    """The ledger of one partition."""

    #: By offset, in the order in which they were delivered.
    records: dict[int, Held] = field(default_factory=dict)
    #: One past the last of the leading finished records, and the note to commit with it.
    next_offset: int | None = None
    note: str = ""
    #: When the first record that is still to be committed was finished.
    due: float | None = None

    def head(self) -> Held | None:
        """The first record that may not be passed yet; what follows it was delivered later."""
        return next(iter(self.records.values()), None)

    def unfinished_bytes(self) -> int:
        """The bytes of the records in hand."""
        return sum(held.size for held in self.records.values() if held.finished is None)


class Ledger:
    """The records in hand of each partition."""

    def __init__(self) -> None:
        self._partitions: dict[TP, Partition] = {}
        self._bytes = 0
        #: The last records before the offset that may be committed.
        self._landmarks: dict[TP, tuple[Landmark, ...]] = {}

    def hold(self, tp: TP, offset: int, record: object, size: int, now: float) -> None:
        """A record of ``size`` bytes is delivered. One that is delivered again takes the place of the first."""
        records = self._partitions.setdefault(tp, Partition()).records
        before = records.get(offset)
        if before is not None and before.finished is None:
            self._bytes -= before.size
        records[offset] = Held(record, size, now)
        self._bytes += size

    def finish(self, tp: TP, offset: int, record: object, now: float, note: str = "", timestamp: int = 0) -> None:
        """A record needs nothing more: its offset may be committed, with the note.

        ``timestamp`` is the record's own, in milliseconds since 1970.

        Only the very object that is held finishes its offset: one delivered before a rebalance does not
        finish the same record read again after it.
        """
        held = self._partition(tp).records.get(offset)
        if held is not None and held.record is record:
            self._bytes -= held.size
            held.record, held.finished, held.note, held.timestamp = None, now, note, timestamp

    def is_in_hand(self, tp: TP, offset: int, record: object) -> bool:
        """Whether this very object is held at its offset and not finished."""
        held = self._partition(tp).records.get(offset)
        return held is not None and held.record is record

    def drop_from(self, tp: TP, offset: int) -> None:
        """Begin anew with the records of a partition from this offset on: they will be delivered again."""
        records = self._partition(tp).records
        for dropped in [known for known in records if known >= offset]:
            held = records.pop(dropped)
            self._bytes -= held.size if held.finished is None else 0

    def set_note(self, tp: TP, offset: int, note: str) -> None:
        """Let all before the offset be finished, which it is, and this note be committed with it."""
        partition = self._partitions.setdefault(tp, Partition())
        partition.next_offset, partition.note = offset, note

    def count(self, tp: TP) -> int:
        """The records of a partition that are not committable yet."""
        self.committable(tp)
        return len(self._partition(tp).records)

    def pass_gap(self, tp: TP, position: int, now: float) -> None:
        """Nothing is left to deliver before ``position``: aborted records and markers of transactions.

        What is in hand before it is still not passed. Without this the offset of a topic that ends in an
        aborted transaction would never reach its end.
        """
        partition = self._partitions.setdefault(tp, Partition())
        last = position - 1
        last_known = next(reversed(partition.records), (partition.next_offset or 0) - 1)
        if last > last_known:
            partition.records[last] = Held(None, 0, now, finished=now)

    def committable(self, tp: TP) -> int | None:
        """The offset to commit of a partition; ``None`` while nothing of it is finished."""
        partition = self._partition(tp)
        while (head := partition.head()) is not None and head.finished is not None:
            offset = next(iter(partition.records))
            del partition.records[offset]
            partition.next_offset = offset + 1
            if head.note is not None:
                partition.note = head.note
                known = self._landmarks.get(tp, ())
                self._landmarks[tp] = (*known, Landmark(offset, head.timestamp))[-LANDMARKS:]
            if partition.due is None:
                partition.due = head.finished
        return partition.next_offset

    def note(self, tp: TP, offset: int) -> str:
        """The note to commit with an offset that :meth:`committable` gave; empty for another offset."""
        partition = self._partition(tp)
        return partition.note if partition.next_offset == offset else ""

    def landmarks(self, tp: TP, offset: int) -> Landmarks | None:
        """The records by which the log before an offset to commit is known; ``None`` where none is known."""
        records = self._landmarks.get(tp, ())
        is_next = self._partition(tp).next_offset in (None, offset)
        return Landmarks(offset, records) if records and is_next else None

    def recall(self, tp: TP, landmarks: Landmarks) -> None:
        """The log before the committed offset is known by these records, until others are finished."""
        self._landmarks[tp] = landmarks.records

    def committed(self, tp: TP) -> None:
        """The broker has the offset that :meth:`committable` gave."""
        self._partition(tp).due = None

    def forget(self, partitions: Iterable[TP]) -> None:
        """Begin anew with these partitions: what was in hand of them is no longer this worker's."""
        for tp in list(partitions):
            self._landmarks.pop(tp, None)
            if (partition := self._partitions.pop(tp, None)) is not None:
                self._bytes -= partition.unfinished_bytes()

    def partitions(self) -> tuple[TP, ...]:
        """The partitions of which a record was held since they were last forgotten."""
        return tuple(self._partitions)

    def bytes_in_hand(self) -> int:
        """The bytes of the records that are held and not finished."""
        return self._bytes

    def in_hand_since(self) -> float | None:
        """When the oldest record that is not finished was delivered; ``None`` where all are finished.

        Looks at the first of each partition: what follows was delivered later.
        """
        heads = [partition.head() for partition in self._partitions.values()]
        return min((head.since for head in heads if head is not None and head.finished is None), default=None)

    def commit_due_since(self) -> float | None:
        """Since when a finished record waits for its commit; ``None`` where none does."""
        heads = [partition.head() for partition in self._partitions.values()]
        due = [head.finished for head in heads if head is not None and head.finished is not None]
        due += [partition.due for partition in self._partitions.values() if partition.due is not None]
        return min(due, default=None)

    def _partition(self, tp: TP) -> Partition:
        return self._partitions.get(tp) or Partition()
