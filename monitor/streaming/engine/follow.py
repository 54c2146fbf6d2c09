"""A compacted topic, followed whole by each process: read to its end, then live.

Gives each change to a callback and keeps no value itself. Of each key it keeps the partition and the
version that were taken last, since neither the log's order nor compaction reaches across partitions: a
key that changed its partition, because partitions were added, leaves its old value behind in the first.
The header :data:`VERSION` decides between two partitions; within one the log's order does.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from aiokafka import TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from monitor.streaming.engine.read import FOLLOW_MS, Reader, Span
from monitor.streaming.engine.records import Headers, InputRecord

log = logging.getLogger(__name__)

#: A whole number in ASCII that grows with each record of a key, also over a change of the partition: as
#: milliseconds of the time at which its stage wrote it. A record without it counts as version 0.
VERSION = "monitor.version"
#: Deleted keys whose versions are remembered, the newest: 15 MB at most. Needed where the old value of a
#: deleted key is still to be read from another partition.
TOMBSTONES = 100_000
#: Seconds between two looks for partitions that were added.
LOOK_SECONDS = 10.0

#: Takes a key's record that holds from now on, one without a value where the key is deleted.
Take = Callable[[InputRecord], None]


class Place(NamedTuple):
    """Where a key's newest record stands, and its version."""

    partition: int
    version: int


class Keys:
    """Which partition and version of each key were taken; pure."""

    def __init__(self, topic: str, take: Take, tombstones: int = TOMBSTONES) -> None:
        self._topic = topic
        self._take = take
        self._taken: dict[bytes, Place] = {}
        self._deleted: OrderedDict[bytes, Place] = OrderedDict()
        self._tombstones = tombstones

    def __len__(self) -> int:
        return len(self._taken)

    def record(self, record: InputRecord) -> None:
        """Take a record, unless its key has a newer one from another partition."""
        key = record.key
        if key is None:
            return
        known = self._taken.get(key) or self._deleted.get(key)
        version = version_of(record.headers)
        if known is not None and known.partition != record.partition and version <= known.version:
            return
        if record.value is None:
            self._delete(key, record, version)
            return
        self._deleted.pop(key, None)
        self._taken[key] = Place(record.partition, version)
        self._take(record)

    def replace(self, partition: int, records: Mapping[bytes, InputRecord]) -> None:
        """Take the last record of each key of a partition that was read anew; its other keys are gone."""
        gone = {key: place for key, place in self._taken.items() if place.partition == partition and key not in records}
        for record in records.values():
            self.record(record)
        for key, place in gone.items():
            self._delete(key, InputRecord(self._topic, partition, -1, None, key, None), place.version)

    def _delete(self, key: bytes, record: InputRecord, version: int) -> None:
        if self._taken.pop(key, None) is not None:
            self._take(record)
        self._deleted[key] = Place(record.partition, version)
        self._deleted.move_to_end(key)
        if len(self._deleted) > self._tombstones:
            self._deleted.popitem(last=False)


class Follower:
    """Follows one topic for as long as :meth:`run` runs."""

    def __init__(
        self, connection: Mapping[str, Any], topic: str, take: Take, ready: Callable[[str | None], None]
    ) -> None:
        """``connection`` as in :class:`Reader`.

        ``take`` is called on the event loop, for a key at a time, and must be short. ``ready`` is told
        what is still missing, and ``None`` once all that the topic held at the start has been taken.
        """
        self._connection = connection
        self._topic = topic
        self._keys = Keys(topic, take)
        self._ready = ready
        #: Set once all that the topic held at the start has been taken.
        self.caught_up = asyncio.Event()
        self._positions: dict[TopicPartition, int] = {}

    def __len__(self) -> int:
        """The keys that have a value."""
        return len(self._keys)

    async def run(self) -> None:
        """Read whole, then live, until cancelled. A broker that is away is waited for.

        Raises:
            aiokafka.errors.KafkaError: one that trying again does not mend, as a topic that may not be read.
        """
        self._ready(f"{self._topic} is not read yet")
        async with (
            Reader(self._connection, broker_waits_ms=FOLLOW_MS) as live,
            Reader(self._connection) as whole,
        ):
            began = time.monotonic()
            while not await self._add_partitions(live, whole):
                self._ready(f"{self._topic} does not exist; make it with: monitor topics create")
                await asyncio.sleep(1)
            self._ready(None)
            self.caught_up.set()
            log.info("%s is read: %d keys in %.1f s", self._topic, len(self), time.monotonic() - began)
            looked = time.monotonic()
            while True:
                if time.monotonic() - looked > LOOK_SECONDS:
                    looked = time.monotonic()
                    await self._add_partitions(live, whole)
                await self._follow(live, whole)

    async def _add_partitions(self, live: Reader, whole: Reader) -> bool:
        """Read the partitions that are new; false where the topic has none at all."""
        new = [tp for tp in await live.partitions(self._topic) if tp not in self._positions]
        if new:
            await self._read_whole(live, whole, new)
        return bool(self._positions)

    async def _follow(self, live: Reader, whole: Reader) -> None:
        try:
            batches = await live.next_records()
        except OffsetOutOfRangeError as error:
            # The topic was made anew, or its records up to a later offset were deleted.
            for tp in error.args[0]:
                log.warning("%s-%d: offset %d is gone, reading it anew", *tp, self._positions[tp])
            await self._read_whole(live, whole, list(error.args[0]))
            return
        for tp, records in batches.items():
            for record in records:
                self._keys.record(record)
            self._positions[tp] = live.position(tp)

    async def _read_whole(self, live: Reader, whole: Reader, partitions: Sequence[TopicPartition]) -> None:
        """Read partitions to their ends, then follow them from there."""
        # Their ends are asked for at once: one after the other, of 200 partitions, took minutes.
        for tp, span in (await whole.spans(partitions)).items():
            await self._read_partition(whole, tp, span)
        live.assign(self._positions)

    async def _read_partition(self, reader: Reader, tp: TopicPartition, span: Span) -> None:
        """Read a partition to its end aside, then take what it holds at once: no older value is ever given."""
        records: dict[bytes, InputRecord] = {}
        deleted: OrderedDict[bytes, InputRecord] = OrderedDict()
        async for batch in reader.read(tp, span.begin, span.end):
            for record in batch:
                if record.key is None:
                    continue
                records.pop(record.key, None)
                deleted.pop(record.key, None)
                if record.value is not None:
                    records[record.key] = record
                    continue
                deleted[record.key] = record
                if len(deleted) > TOMBSTONES:
                    deleted.popitem(last=False)
        self._keys.replace(tp.partition, records | deleted)
        self._positions[tp] = span.end


def version_of(headers: Headers) -> int:
    """The version that a record's headers state; 0 where they state none."""
    stated = next((value for name, value in headers if name == VERSION), b"")
    return int(stated) if stated.isdigit() else 0
