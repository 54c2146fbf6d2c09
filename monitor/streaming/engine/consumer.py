"""Faust's Kafka consumer, repaired.

Eight things are wrong with it as it comes, each measured on a real Kafka (docs/reliability.md):

- Its record of acknowledged offsets breaks on a topic with gaps in its offsets (any topic written
  with transactions): commits stand still, and every restart begins again (Faust issues 401, 606).
- It reads records of transactions that were aborted.
- After a fatal error of the group it stays alive without partitions, because it fetches past
  aiokafka's own check.
- It bounds what it reads ahead by a count of records, not by their bytes.
- aiokafka cannot read a header whose name is not UTF-8 (``headers.py``).
- Where the offset to read is not in the log, aiokafka jumps to the begin and says so at level INFO; Faust
  then drops every record below the old offset (``resets.py``).
- A log that was lost and is as long again as the offset to read is gone on with in its middle
  (``landmarks.py``).
- The last commit, at the end or before a rebalance, is left out where another one is under way, and is
  tried once.

It leans on names with a leading underscore, so Faust is pinned exactly, and
tests/streaming/engine/test_consumer.py covers each repair.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, Message

from monitor.streaming.engine.consumer_thread import ConsumerThread
from monitor.streaming.engine.offsets import Ledger
from monitor.streaming.engine.replaced import milliseconds, replaced_logs
from monitor.streaming.engine.resets import Cause, Refusals, Reset, reset

if TYPE_CHECKING:
    from monitor.streaming.engine.transport import App

log = logging.getLogger(__name__)

#: Seconds for which reading waits for the answer whether a partition's log is the one that was read, in one
#: try: a rebalance may have to wait behind it.
COMPARE_SECONDS = 10.0
#: How often the last commit before partitions are given up is tried, and the seconds between two tries.
LAST_COMMIT_TRIES = 3
LAST_COMMIT_PAUSE = 0.5


class Consumer(driver.Consumer):
    """Commits what its ledger of offsets says, and nothing that is in hand.

    An event that Faust itself skips (on a rebalance) is acknowledged but not finished, so it is not passed
    either.

    Reads no further while the events in hand hold the app's ``max_bytes_in_hand``. The group's heartbeats
    have a thread of their own and go on meanwhile.
    """

    app: App
    _thread: ConsumerThread

    def __post_init__(self) -> None:
        super().__post_init__()
        self.ledger = Ledger()
        #: The partitions that are assigned and not read, see :meth:`hold`.
        self._held: set[TP] = set()
        #: The last offset of each partition in the fetch at hand, until it is delivered.
        self._fetched: dict[TP, int] | None = None
        #: Those of them that are held at a message, see :meth:`hold_at`, and those that are to be read again from
        #: these offsets on, see :meth:`resume`.
        self._held_at: set[TP] = set()
        self._resuming: dict[TP, int] = {}
        #: The partitions whose offset to read the broker has refused.
        self._refusals = Refusals()
        #: Those whose log was compared with the committed offset's note since the assignment.
        self._compared: set[TP] = set()
        self._room = asyncio.Event()
        #: Unix time; ``None`` before the first commit.
        self.last_commit: float | None = None

    def finish(self, message: Message, note: str = "") -> None:
        """Every output of this event is delivered: its offset may be committed.

        ``note`` is committed with the offset after this event, and is what :meth:`note` gives to the
        worker that goes on from there.
        """
        timestamp = milliseconds(message.timestamp)
        self.ledger.finish(message.tp, message.offset, message, time.monotonic(), note, timestamp)
        self._room.set()
        message.ack(self)

    def hold(self, tp: TP) -> None:
        """Read nothing of a partition until :meth:`release`. Only while it is being assigned, before any await.

        It stays this worker's, and the others go on. Later it is too late: records of it may be on their
        way, and seeking in the middle of a fetch drops records as read and commits past them.
        """
        self._held.add(tp)
        self._get_active_partitions().discard(tp)
        self._buffered_partitions.discard(tp)

    def hold_at(self, message: Message) -> None:
        """Read nothing more of a partition, and let go what is in hand of it from this message on."""
        self._held.add(message.tp)
        self._held_at.add(message.tp)
        self._get_active_partitions().discard(message.tp)
        self._buffered_partitions.discard(message.tp)
        self.ledger.drop_from(message.tp, message.offset)
        self.let_go(message)

    def is_in_hand(self, message: Message) -> bool:
        """Whether a message is still to be handled; one that was let go, or taken away, will be read again."""
        return self.ledger.is_in_hand(message.tp, message.offset, message)

    def let_go(self, message: Message) -> None:
        """Have nothing more to do with a message that is not in hand."""
        self._room.set()
        message.ack(self)

    def resume(self, tp: TP, offset: int) -> None:
        """Read a partition that is held by :meth:`hold_at` again, from ``offset`` on, from the next fetch on."""
        self._resuming[TP(*tp)] = offset

    def held(self) -> frozenset[TP]:
        """The partitions that are held at a message."""
        return frozenset(self._held_at)

    async def commit_note(self, tp: TP, offset: int, note: str) -> None:
        """Commit a note with an offset, also one that is committed already; all before it must be finished."""
        async with self._no_other_commit():
            self.ledger.set_note(tp, offset, note)
            await self._commit_offsets({tp: offset})

    async def release(self, tp: TP, offset: int, generation: int) -> bool:
        """Read a held partition from ``offset`` on; false where it is no longer held under that generation.

        Raises:
            aiokafka.errors.IllegalStateError: the partition was taken away meanwhile.
        """
        if not self.holds(tp, generation):
            return False
        await self._thread.seek_wait({tp: offset})
        if not self.holds(tp, generation):
            return False
        self._forget([tp])
        self._held.discard(tp)
        self._get_active_partitions().add(tp)
        return True

    async def commit_starts(self, starts: Mapping[TP, int]) -> None:
        """Commit where held partitions of which nothing is committed begin, so that it is decided once."""
        async with self._no_other_commit():
            await self._commit_offsets(starts)

    def holds(self, tp: TP, generation: int) -> bool:
        """Whether a partition is held, since the assignment of that generation of the group."""
        return tp in self._held and generation == self.app.consumer_generation_id and tp in self._thread.assignment()

    @property
    def group(self) -> str:
        """The consumer group."""
        return str(self.app.conf.id)

    def last_committed(self, tp: TP) -> int:
        """The offset that this worker committed last, or began from; 0 where it does not know."""
        return self._committed_offset.get(tp) or 0

    async def note(self, tp: TP) -> str:
        """The note committed with a partition's offset; empty where there is none."""
        note: str = await self._thread.note(tp)
        return note

    async def committed(self, partitions: Iterable[TP]) -> dict[TP, int | None]:
        """What the broker holds as committed for each partition; ``None`` where nothing is.

        Raises:
            aiokafka.errors.KafkaError, TimeoutError: the broker does not answer.
        """
        return await self._thread.committed(partitions)

    async def replaced_logs(self, partitions: Iterable[TP]) -> set[TP]:
        """The partitions whose log is not the one that the committed offset is of, though it is as long.

        Raises:
            aiokafka.errors.KafkaError, TimeoutError: the broker does not answer, or refuses.
        """
        if not self.app.connection:
            return set()
        landmarks = await self._thread.landmarks(partitions)
        replaced = await replaced_logs(self.app.connection, landmarks)
        for tp in landmarks.keys() - replaced:
            self.ledger.recall(tp, landmarks[tp])
        return replaced

    def check_group(self) -> None:
        """Raises what ended this worker's membership in the group, if anything did."""
        if self._thread._consumer is not None:
            self._thread._consumer._coordinator.check_errors()

    def leave_group(self) -> None:
        """Leave the consumer group at once, from any thread, also where this one's event loop hangs.

        Commits nothing: what is in hand will be read again. Only before the process ends.
        """
        client = self._thread._consumer
        if client is None:
            return
        coordinator = client._coordinator

        async def leave() -> None:
            # A heartbeat after it would make the client join again.
            await coordinator._stop_heartbeat_task()
            await coordinator._maybe_leave_group()

        asyncio.run_coroutine_threadsafe(leave(), self._thread.thread_loop).result()

    def missing_topics(self) -> tuple[str, ...]:
        """The topics subscribed to that the cluster no longer knows."""
        client = self._thread._ensure_consumer()
        subscription = client._subscription.subscription
        topics = subscription.topics if subscription is not None else ()
        return tuple(sorted(topic for topic in topics if client._client.cluster.partitions_for_topic(topic) is None))

    # What follows takes the place of Faust's own.

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def _wait_next_records(self, timeout: float) -> Any:
        # No fetch is at hand, see _getmany; but that is not called while every partition is held.
        for tp, offset in list(self._resuming.items()):
            del self._resuming[tp]
            if tp in self._held and tp in self._thread.assignment():
                await self._thread.seek_wait({tp: offset})
                self._forget([tp])
                self._held.discard(tp)
                self._held_at.discard(tp)
                self._get_active_partitions().add(tp)
        return await super()._wait_next_records(timeout)

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:
        # Here no fetch is at hand: seeking in the middle of one would drop its records as read.
        if due := self._refusals.due():
            await self._reset(due)
        active_partitions = await self._with_known_logs(active_partitions or self._get_active_partitions())
        if not active_partitions:
            # aiokafka would take none for all.
            return {}
        while True:
            try:
                records = await super()._getmany(active_partitions, timeout)
                break
            except NoOffsetForPartitionError as error:
                self._refusals.add(TP(*error.args[0]), None, time.monotonic())
            except OffsetOutOfRangeError as error:
                for tp, asked in error.args[0].items():
                    self._refusals.add(TP(*tp), asked, time.monotonic())
            # What else is there already: the errors of other partitions, or records.
            timeout = 0
        self._fetched = {TP(*tp): fetched[-1].offset for tp, fetched in records.items() if fetched}
        return records

    async def _with_known_logs(self, active: set[TP]) -> set[TP]:
        """Those whose log has been compared with what was read of it; others are compared, and read anew if replaced.

        Only while no fetch is at hand.
        """
        if unknown := active - self._compared:
            generation = self.app.consumer_generation_id
            try:
                async with asyncio.timeout(COMPARE_SECONDS):
                    replaced = await self.replaced_logs(unknown)
            except (KafkaError, TimeoutError) as error:
                log.warning("%d logs could not be compared with what was read, trying again: %r", len(unknown), error)
                await asyncio.sleep(1)
                return active & self._compared
            if generation == self.app.consumer_generation_id:
                self._compared |= unknown - replaced
                if replaced:
                    await self._reset({tp: self._position(tp) for tp in replaced}, replaced)
        return active & self._compared

    async def _reset(self, due: Mapping[TP, int | None], replaced: Iterable[TP] = ()) -> None:
        """Read partitions from where they can be read. Where anything comes between, the next fetch says so again.

        ``replaced`` are those of them that are read anew whatever their log holds.
        """
        self._refusals.forget(due)
        generation = self.app.consumer_generation_id
        try:
            begins = await self._thread.earliest_offsets(*due)
            ends = await self._thread.highwaters(*due)
            async with self._no_other_commit():
                if not self.flow_active or generation != self.app.consumer_generation_id:
                    return
                resets = self._decide(due, begins, ends)
                for tp in replaced:
                    resets[tp] = Reset(Cause.LOG_REPLACED, due[tp], begins[tp], None)
                offsets = {tp: decided.offset for tp, decided in resets.items()}
                if not offsets:
                    return
                self._forget(offsets)
                self._committed_offset.update(dict.fromkeys(offsets))
                await self._thread.seek_wait(offsets)
                self._compared |= offsets.keys()
                self.app.on_reset(resets)
                # At once: a crash before the first record is committed would else decide anew, and a first start at
                # the end of the log would skip what came meanwhile.
                await self._commit_offsets(offsets)
        except IllegalStateError:
            # A partition was taken away meanwhile.
            return
        except (KafkaError, TimeoutError) as error:
            log.warning("where to read %d partitions from could not be asked, trying again: %r", len(due), error)

    def _decide(
        self, due: Mapping[TP, int | None], begins: Mapping[TP, int], ends: Mapping[TP, int]
    ) -> dict[TP, Reset]:
        resets = {}
        for tp in due.keys() & self._thread.assignment():
            # Elsewhere the error is old: the partition has been sought since.
            if self._position(tp) == due[tp]:
                resets[tp] = reset(due[tp], begins[tp], ends[tp], self.app.first_start)
        return {tp: decided for tp, decided in resets.items() if decided is not None}

    def _position(self, tp: TP) -> int | None:
        """The offset that is fetched next of a partition; ``None`` where it is not known or not this worker's."""
        subscription = self._thread._ensure_consumer()._subscription.subscription
        if subscription is None or subscription.assignment is None:
            return None
        state = subscription.assignment.state_value(TopicPartition(*tp))
        return int(state.position) if state is not None and state.has_valid_position else None

    @asynccontextmanager
    async def _no_other_commit(self) -> AsyncIterator[None]:
        """Wait for a commit that is under way, and keep others from beginning: they know the old offsets."""
        while await self.maybe_wait_for_commit_to_finish():
            pass
        self._commit_fut = asyncio.get_running_loop().create_future()
        try:
            yield
        finally:
            done, self._commit_fut = self._commit_fut, None
            done.set_result(None)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:
        self._fetched = None
        async for tp, message in super().getmany(timeout):
            if self._fetched and self._fetched.get(tp) == message.offset:
                del self._fetched[tp]
            if tp in self._held:
                continue
            read = self._read_offset[tp]
            # Faust drops what lies before its read offset; such a record will never be finished.
            if read is None or message.offset >= read:
                size = len(message.key or b"") + len(message.value or b"")
                if not await self._wait_for_room(size):
                    # A rebalance: what was fetched is read again from the committed offset.
                    return
                self.ledger.hold(tp, message.offset, message, size, time.monotonic())
            yield tp, message
        if self._fetched == {} and self.flow_active:
            self._pass_gaps()

    def _pass_gaps(self) -> None:
        """Let the ledger pass what the fetch has passed without giving it (aborted records, markers).

        Only this task fetches, and all that it fetched has been delivered: so what lies between the last
        delivered record and the position holds nothing more to deliver.
        """
        for tp in self._get_active_partitions():
            position = self._position(tp)
            if position is not None and (self._committed_offset[tp] or 0) < position:
                self.ledger.pass_gap(tp, position, time.monotonic())

    async def _wait_for_room(self, size: int) -> bool:
        """Wait until ``size`` bytes more may be in hand, or nothing is; false where the flow stopped meanwhile."""
        while (held := self.ledger.bytes_in_hand()) and held + size > self.app.max_bytes_in_hand:
            self._room.clear()
            await self._room.wait()
            if not self.flow_active:
                return False
        return True

    def stop_flow(self) -> None:
        super().stop_flow()
        self._room.set()

    def _new_offset(self, tp: TP) -> int | None:
        self._acked[tp].clear()
        self._acked_index[tp].clear()
        return self.ledger.committable(tp)

    def _should_commit(self, tp: TP, offset: int) -> bool:
        due: bool = super()._should_commit(tp, offset)
        if not due:
            self.ledger.committed(tp)
        return due

    async def _commit_offsets(self, offsets: Mapping[TP, int], start_new_transaction: bool = True) -> bool:
        committed = await super()._commit_offsets(offsets, start_new_transaction)
        if committed:
            self.last_commit = time.time()
            for tp in offsets:
                self.ledger.committed(tp)
        else:
            # Faust notes them as committed all the same, and would not try again.
            self._committed_offset.update(dict.fromkeys(offsets))
        return bool(committed)

    async def commit_and_end_transactions(self) -> None:
        """The last commit before partitions are given up: what it leaves out is handled twice."""
        for tries_left in reversed(range(LAST_COMMIT_TRIES)):
            # Faust would take that of a commit under way for its own, but it began before the last events finished.
            while await self.maybe_wait_for_commit_to_finish():
                pass
            await self.commit()
            if not self._filter_committable_offsets(self.ledger.partitions()):
                return
            if tries_left:
                await asyncio.sleep(LAST_COMMIT_PAUSE)
        log.warning("the last commit failed %d times: some records will be handled twice", LAST_COMMIT_TRIES)

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        return (tp for tp in self.ledger.partitions() if topics is None or tp in topics or tp.topic in topics)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Gaps need no bookkeeping here; Faust's own marks the message in hand as done."""

    def _forget(self, partitions: Iterable[TP]) -> None:
        self.ledger.forget(partitions)
        self._room.set()

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        self._held.clear()
        self._held_at.clear()
        self._resuming.clear()
        self._compared.clear()
        for tp in assigned:
            if tp.topic in self.app.held_topics:
                self.hold(tp)
        await super().on_partitions_assigned(assigned, generation_id)

    def on_buffer_full(self, tp: TP) -> None:
        super().on_buffer_full(tp)
        self._buffered_partitions.difference_update(self._held)

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Faust's own would complain that a partition which is held is not fetched."""
        if tp not in self._held:
            super().verify_event_path(now, tp)

    def _set_active_tps(self, tps: set[TP]) -> set[TP]:
        active: set[TP] = super()._set_active_tps(tps)
        active -= self._held
        return active

    def resume_partitions(self, tps: Iterable[TP]) -> None:
        super().resume_partitions(tps)
        self._get_active_partitions().difference_update(self._held)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        # Faust waits in here for what is in hand and commits it, so forget only afterwards.
        await super().on_partitions_revoked(revoked)
        self._forget(revoked)

    async def perform_seek(self) -> None:
        self._forget(self.ledger.partitions())
        await super().perform_seek()
