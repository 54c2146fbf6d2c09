"""How far the state of one partition is folded, and what of it is stored. Pure.

A stage's state is a fold over the records of a partition: the same records give the same state, whether
they are handled live or read again after a restart. So it is known by one number, the offset up to which
the records are folded in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, Protocol

from monitor.streaming.engine.records import Headers, InputRecord, Output

#: Headers of a stored record: the input partition as TOPIC-NUMBER; the offset before which all records of
#: its key are in its value; the offset from which to read on for all other keys; and the greatest
#: timestamp of a record that was folded in, in milliseconds.
PARTITION, OFFSET, READ_FROM, TIME = (f"monitor.state.{name}" for name in ("partition", "offset", "read_from", "time"))


class Foldable(Protocol):
    """What the fold needs of a stage; ``stages/stage.py`` is the contract."""

    name: ClassVar[str]
    tick_seconds: ClassVar[float]

    def outputs(self, record: InputRecord) -> Sequence[object]:
        """Fold a record in."""

    def tick(self, partition: int, stream_time: float) -> Sequence[Output]:
        """Fold in that time has passed."""

    def drop(self, partition: int) -> None:
        """Throw the state of a partition away."""

    def load(self, partition: int, key: bytes, value: bytes) -> None:
        """Take back what was saved of a key."""

    def save(self, partition: int, key: bytes) -> bytes | None:
        """All that is kept of a key."""


class Stored(NamedTuple):
    """A record of the compacted topic: the state of one key."""

    key: bytes
    value: bytes | None
    offset: int
    read_from: int
    time: float

    def headers(self, partition: str) -> Headers:
        """The headers to write it with."""
        return (
            (PARTITION, partition.encode()),
            (OFFSET, b"%d" % self.offset),
            (READ_FROM, b"%d" % self.read_from),
            (TIME, b"%d" % round(self.time * 1000)),
        )


class Included(NamedTuple):
    """Which records of a key its loaded value holds: those before the offset, none later than the time."""

    offset: int
    time: float


@dataclass
class Folded:
    """How far a partition's state is folded."""

    stage: Foldable
    partition: int
    #: The next record to fold in; all before it are.
    next_offset: int
    #: Seconds.
    stream_time: float = 0.0
    #: Whether the state is stored by key, beside its topic.
    stores: bool = False
    #: By key: what was loaded, until the fold has passed it.
    included: dict[bytes, Included] = field(default_factory=dict)
    #: By key: its first record since it was stored, in the order of the offsets.
    unstored: dict[bytes, int] = field(default_factory=dict)

    def outputs(self, record: InputRecord) -> Sequence[object]:
        """Fold a record in; returns its outputs. Raises what the stage raises."""
        if self._is_included(record):
            return ()
        if record.offset < self.next_offset:
            self.begin_anew(record.offset)
        if self.stores and record.key is not None:
            self.unstored.setdefault(record.key, record.offset)
        return self.stage.outputs(record)

    def advance(self, record: InputRecord) -> Sequence[Output]:
        """Pass a record, also one that the stage refused; returns the outputs of the tick that it brings."""
        self.next_offset = record.offset + 1
        before, self.stream_time = self.stream_time, max(self.stream_time, record.timestamp or 0.0)
        now = last_tick(self.stream_time, self.stage.tick_seconds)
        return self.stage.tick(self.partition, now) if now > last_tick(before, self.stage.tick_seconds) else ()

    def _is_included(self, record: InputRecord) -> bool:
        included = self.included.get(record.key) if record.key is not None and self.included else None
        # A record later than all that were folded in is of a newer log, which carries old offsets again.
        return included is not None and record.offset < included.offset and (record.timestamp or 0.0) <= included.time

    def reached(self, offset: int) -> None:
        """All before ``offset`` is folded in: nothing that could be read stands between."""
        self.next_offset = offset
        self.included = {}

    def begin_anew(self, offset: int) -> None:
        """The log was lost and begins again: all that it gives from ``offset`` on is new to the state."""
        self.next_offset = offset
        self.included = {}
        # What is not stored yet is in no log any more.
        self.unstored = dict.fromkeys(self.unstored, offset)

    def snapshot(self, limit: int) -> list[Stored]:
        """What is to be stored now of the ``limit`` keys that have waited longest; they wait no more.

        To be written once ``next_offset`` is committed, and to be given to :meth:`put_back` where that
        fails. ``read_from`` is where these keys themselves began to wait, so that each record holds
        whether the others are written or not.
        """
        read_from = min(next(iter(self.unstored.values()), self.next_offset), self.next_offset)
        keys = list(self.unstored)[:limit]
        for key in keys:
            del self.unstored[key]
        return [
            Stored(key, self.stage.save(self.partition, key), self.next_offset, read_from, self.stream_time)
            for key in keys
        ]

    def put_back(self, snapshot: Iterable[Stored]) -> None:
        """These keys are not stored after all."""
        waiting = {stored.key: stored.read_from for stored in snapshot}
        for key, offset in self.unstored.items():
            waiting.setdefault(key, offset)
        self.unstored = dict(sorted(waiting.items(), key=lambda item: item[1]))


class StoredRecords:
    """The stored records of one input partition, as its compacted topic gives them in order."""

    def __init__(self, committed: int, end: int) -> None:
        """``committed``: up to where the state is wanted; ``end``: the end of the input's log,
        beyond which an offset is of a log that was lost."""
        self._committed = committed
        self._end = end
        self._by_key: dict[bytes, Stored] = {}
        self._of_lost_log: dict[bytes, Stored] = {}
        self._newest: tuple[float, int] | None = None
        self._beyond = False

    def add(self, stored: Stored, written: float) -> None:
        """``written``: the timestamp of the stored record itself."""
        if stored.offset > self._end:
            self._of_lost_log[stored.key] = stored._replace(offset=0, read_from=0)
            return
        if stored.offset > self._committed:
            # The committed offset was set back. What was stored at an earlier offset may be compacted away.
            self._beyond = True
            return
        self._by_key[stored.key] = stored
        if self._newest is None or written >= self._newest[0]:
            self._newest = written, stored.read_from

    def load(self, stage: Foldable, partition: int, begin: int) -> Folded:
        """Give a stage, which holds nothing of the partition, all that was stored of it; nothing is held here then.

        Returns how far it is folded: to where reading on must begin, ``begin`` being that of the log.
        """
        chosen, self._of_lost_log = self._of_lost_log | self._by_key, {}
        self._by_key = {}
        included = {}
        for key in list(chosen):
            # Each is let go as the stage takes it: both together are 0.5 GB more at 100,000 sources.
            stored = chosen.pop(key)
            if stored.value is not None:
                stage.load(partition, key, stored.value)
            included[key] = Included(stored.offset, stored.time)
        read_from = begin if self._newest is None or self._beyond else max(self._newest[1], begin)
        return Folded(stage, partition, read_from, stores=True, included=included)


def last_tick(time: float, tick_seconds: float) -> float:
    """The last multiple of ``tick_seconds`` at or before a time, in seconds."""
    return math.floor(time / tick_seconds) * tick_seconds


def stored_of(key: bytes, value: bytes | None, headers: Iterable[tuple[str, bytes]]) -> tuple[str, Stored] | None:
    """The input partition of a stored record, and what it holds; ``None`` where its headers do not say."""
    by_name = dict(headers)
    numbers = [by_name.get(name, b"") for name in (OFFSET, READ_FROM, TIME)]
    if PARTITION not in by_name or not all(number.isdigit() for number in numbers):
        return None
    offset, read_from, time = (int(number) for number in numbers)
    return by_name[PARTITION].decode(), Stored(key, value, offset, read_from, time / 1000)
