"""Faust's Kafka transport, repaired.

Five things are wrong with it as it comes, each measured on a real Kafka (docs/reliability.md):

- Its record of acknowledged offsets breaks on a topic with gaps in its offsets (any topic written
  with transactions): commits stand still, and every restart begins again (Faust issues 401, 606).
- It reads records of transactions that were aborted.
- After a fatal error of the group it stays alive without partitions, because it fetches past
  aiokafka's own check.
- It bounds what it reads ahead by a count of records, not by their bytes.
- aiokafka cannot read a header whose name is not UTF-8 (``records.py``).

It leans on names with a leading underscore, so Faust is pinned exactly, and
tests/streaming/engine/test_transport.py covers each repair.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

import faust
from aiokafka import TopicPartition
from aiokafka.structs import OffsetAndMetadata
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, Message

from monitor.streaming.engine import headers


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """Reads committed records only, and notices when the group is lost."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: The offset to commit next of each partition, and the note to commit with it.
        self.notes: dict[TP, tuple[int, str]] = {}

    def _create_worker_consumer(self, transport: Any) -> Any:
        headers.install()
        consumer = super()._create_worker_consumer(transport)
        consumer.commit = partial(self._commit_with_notes, consumer.commit)
        # Faust passes "read_uncommitted" and has no setting for it. The value is read at start, when
        # the fetcher is made.
        consumer._isolation_level = "read_committed"
        return consumer

    async def _fetch_records(self, consumer: Any, *args: Any, **kwargs: Any) -> Any:
        consumer._coordinator.check_errors()
        return await super()._fetch_records(consumer, *args, **kwargs)

    async def _commit_with_notes(self, commit: Any, offsets: Mapping[Any, OffsetAndMetadata]) -> None:
        noted = {tp: self.notes.get(TP(*tp), (-1, "")) for tp in offsets}
        await commit(
            {
                tp: OffsetAndMetadata(offset, noted[tp][1] if noted[tp][0] == offset else "")
                for tp, (offset, _) in offsets.items()
            }
        )

    async def note(self, tp: TP) -> str:
        """The note that the broker holds with a partition's committed offset; empty where there is none."""
        note: str = await self.call_thread(self._note, tp)
        return note

    async def _note(self, tp: TP) -> str:
        here = TopicPartition(*tp)
        committed = await self._ensure_consumer()._coordinator.fetch_committed_offsets([here])
        return str(committed[here].metadata or "") if here in committed else ""

    async def committed(self, partitions: Iterable[TP]) -> dict[TP, int | None]:
        """What the broker holds as committed for each partition; ``None`` where nothing is."""
        committed: dict[TP, int | None] = await self.call_thread(self._committed, list(partitions))
        return committed

    async def _committed(self, partitions: list[TP]) -> dict[TP, int | None]:
        consumer = self._ensure_consumer()
        return {tp: await consumer.committed(tp) for tp in partitions}


@dataclass(slots=True)
class Delivered:
    """A record that Faust was given. Once finished it is let go, and only its place is kept."""

    message: Message | None
    bytes: int
    #: When it was delivered, and when it was finished; of a monotonic clock, in seconds.
    since: float = field(default_factory=time.monotonic)
    finished: float | None = None
    #: To be committed with the offset after it; ``None`` where nothing was delivered (a gap).
    note: str | None = None


class Consumer(driver.Consumer):
    """Commits one past the last of the leading delivered events that are finished.

    Holds each delivered event of a partition in order until it and all before it are finished.
    Gaps in the offsets do not matter, and nothing in flight is ever passed. An event that Faust
    itself skips (on a rebalance) is acknowledged but not finished, so it is not passed either.

    Reads no further while the events in hand hold the app's ``max_bytes_in_hand``. The group's heartbeats
    have a thread of their own and go on meanwhile.
    """

    app: App
    _thread: ConsumerThread

    def __post_init__(self) -> None:
        super().__post_init__()
        self._delivered: defaultdict[TP, dict[int, Delivered]] = defaultdict(dict)
        self._committable: dict[TP, int] = {}
        self._due: dict[TP, float] = {}
        self._bytes = 0
        #: The last offset of each partition in the fetch at hand, until it is delivered.
        self._fetched: dict[TP, int] | None = None
        self._room = asyncio.Event()
        #: Unix time; ``None`` before the first commit.
        self.last_commit: float | None = None

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:
        records = await super()._getmany(active_partitions, timeout)
        self._fetched = {TP(*tp): fetched[-1].offset for tp, fetched in records.items() if fetched}
        return records

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:
        self._fetched = None
        async for tp, message in super().getmany(timeout):
            if self._fetched and self._fetched.get(tp) == message.offset:
                del self._fetched[tp]
            read = self._read_offset[tp]
            # Faust drops what lies before its read offset; such a record will never be finished.
            if read is None or message.offset >= read:
                size = len(message.key or b"") + len(message.value or b"")
                if not await self._wait_for_room(size):
                    # A rebalance: what was fetched is read again from the committed offset.
                    return
                self._hold(tp, message, size)
            yield tp, message
        if self._fetched == {} and self.flow_active:
            self._pass_gaps()

    def _pass_gaps(self) -> None:
        """Mark what the fetch has passed without giving it (aborted records, markers) as finished, in its place.

        Only this task fetches, and all that it fetched has been delivered: so what lies between the last
        delivered record and the position holds nothing more to deliver. Without this the offset of a topic
        that ends in an aborted transaction would never reach the end.
        """
        subscription = self._thread._ensure_consumer()._subscription.subscription
        if subscription is None or subscription.assignment is None:
            return
        for tp in self._get_active_partitions():
            state = subscription.assignment.state_value(TopicPartition(tp.topic, tp.partition))
            if state is None or not state.has_valid_position:
                continue
            last = state.position - 1
            delivered = self._delivered[tp]
            before = next(reversed(delivered)) if delivered else (self._committable.get(tp) or 0) - 1
            if last > before and (self._committed_offset[tp] or 0) <= last:
                delivered[last] = Delivered(None, 0, finished=time.monotonic())

    def _hold(self, tp: TP, message: Message, size: int) -> None:
        before = self._delivered[tp].get(message.offset)
        if before is not None and before.finished is None:
            self._let_go(before)
        self._delivered[tp][message.offset] = Delivered(message, size)
        self._bytes += size

    async def _wait_for_room(self, size: int) -> bool:
        """Wait until ``size`` bytes more may be in hand, or nothing is; false where the flow stopped meanwhile."""
        while self._bytes and self._bytes + size > self.app.max_bytes_in_hand:
            self._room.clear()
            await self._room.wait()
            if not self.flow_active:
                return False
        return True

    def stop_flow(self) -> None:
        super().stop_flow()
        self._room.set()

    def finish(self, message: Message, note: str = "") -> None:
        """Every output of this event is delivered: its offset may be committed.

        ``note`` is committed with the offset after this event, and is what :meth:`note` gives to the
        worker that goes on from there.
        """
        delivered = self._delivered[message.tp].get(message.offset)
        if delivered is not None and delivered.message is message:
            delivered.message, delivered.finished, delivered.note = None, time.monotonic(), note
            self._let_go(delivered)
        message.ack(self)

    async def note(self, tp: TP) -> str:
        """The note committed with a partition's offset; empty where there is none."""
        note: str = await self._thread.note(tp)
        return note

    def _let_go(self, delivered: Delivered) -> None:
        self._bytes -= delivered.bytes
        self._room.set()

    def bytes_in_hand(self) -> int:
        """The bytes of the events delivered and not finished."""
        return self._bytes

    def in_hand_since(self) -> float | None:
        """When the oldest unfinished event was delivered, of a monotonic clock; ``None`` with none.

        Looks at the first of each partition: what follows was delivered later.
        """
        heads = (next(iter(delivered.values())) for delivered in self._delivered.values() if delivered)
        return min((head.since for head in heads if head.finished is None), default=None)

    def commit_due_since(self) -> float | None:
        """Since when a finished event awaits its commit, of a monotonic clock; ``None`` where none does."""
        heads = (next(iter(delivered.values())) for delivered in self._delivered.values() if delivered)
        due = [head.finished for head in heads if head.finished is not None]
        return min([*due, *self._due.values()], default=None)

    def check_group(self) -> None:
        """Raises what ended this worker's membership in the group, if anything did."""
        if self._thread._consumer is not None:
            self._thread._consumer._coordinator.check_errors()

    def missing_topics(self) -> tuple[str, ...]:
        """The topics subscribed to that the cluster no longer knows."""
        client = self._thread._ensure_consumer()
        subscription = client._subscription.subscription
        topics = subscription.topics if subscription is not None else ()
        return tuple(sorted(topic for topic in topics if client._client.cluster.partitions_for_topic(topic) is None))

    def _new_offset(self, tp: TP) -> int | None:
        self._acked[tp].clear()
        self._acked_index[tp].clear()
        delivered = self._delivered[tp]
        while delivered and (head := delivered[offset := next(iter(delivered))]).finished is not None:
            del delivered[offset]
            self._committable[tp] = offset + 1
            _, before = self._thread.notes.get(tp, (offset, ""))
            self._thread.notes[tp] = (offset + 1, before if head.note is None else head.note)
            self._due.setdefault(tp, head.finished)
        return self._committable.get(tp)

    def _should_commit(self, tp: TP, offset: int) -> bool:
        due: bool = super()._should_commit(tp, offset)
        if not due:
            self._due.pop(tp, None)
        return due

    async def _commit_offsets(self, offsets: Mapping[TP, int], start_new_transaction: bool = True) -> bool:
        committed = await super()._commit_offsets(offsets, start_new_transaction)
        if committed:
            self.last_commit = time.time()
            for tp in offsets:
                self._due.pop(tp, None)
        else:
            # Faust notes them as committed all the same, and would not try again.
            self._committed_offset.update(dict.fromkeys(offsets))
        return bool(committed)

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        return (tp for tp in list(self._delivered) if topics is None or tp in topics or tp.topic in topics)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Gaps need no bookkeeping here; Faust's own marks the message in hand as done."""

    def _forget(self, partitions: Iterable[TP]) -> None:
        for tp in partitions:
            for delivered in self._delivered.pop(tp, {}).values():
                if delivered.finished is None:
                    self._let_go(delivered)
            self._committable.pop(tp, None)
            self._due.pop(tp, None)
            self._thread.notes.pop(tp, None)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        # Faust waits in here for what is in hand and commits it, so forget only afterwards.
        await super().on_partitions_revoked(revoked)
        self._forget(revoked)

    async def perform_seek(self) -> None:
        self._forget(list(self._delivered))
        await super().perform_seek()


class Transport(driver.Transport):
    """The Kafka transport with the repaired consumer."""

    Consumer: ClassVar[type[Consumer]] = Consumer


class App(faust.App):
    """A Faust app on the repaired transport."""

    max_bytes_in_hand: int = 64_000_000

    def _new_transport(self) -> Transport:
        return Transport(self.conf.broker_consumer, self)
