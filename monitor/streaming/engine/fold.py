"""The state of a stage, made ready before a record of a partition is handled.

On assignment a partition is held, and its state folded exactly up to the committed offset: from the state
that was kept over a revocation where that is not beyond it, else from what is stored in the stage's
compacted topic, else from the begin of the log. Then the partition is released at the committed offset.
The other partitions and stages go on meanwhile.

What is stored is written only once the offset that it includes is committed. So no stored state is ever
ahead of the committed offset, and records that come again are never in it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError
from faust.types import TP

from monitor.streaming.engine.consumer import Consumer
from monitor.streaming.engine.exit import ExitCode
from monitor.streaming.engine.read import Reader, Span, patiently
from monitor.streaming.engine.records import Output
from monitor.streaming.engine.state import Foldable, Folded, Stored, StoredRecords, stored_of
from monitor.streaming.engine.transport import App

log = logging.getLogger(__name__)

#: Seconds for which a committed offset may lie beyond the end of the log: a broker that has just become
#: the leader may not know the end yet. After them the log is lost.
LOST_SECONDS = 10.0
#: Seconds between two lines of progress.
PROGRESS_SECONDS = 10.0
#: Seconds between two rounds of storing, and the keys of a partition stored in one.
STORE_SECONDS, STORE_KEYS = 5.0, 2000
#: Seconds until a snapshot that is not committed, or not delivered, is given up and taken anew.
GIVE_UP_SECONDS = 30.0

Send = Callable[[Output], Awaitable[Awaitable[object]]]


class Fold:
    """The state of one stage on this worker's partitions of its topic."""

    def __init__(
        self,
        app: App,
        stage: Foldable,
        topic: str,
        *,
        stores: str | None,
        refused: type[Exception],
        connection: Mapping[str, Any],
        send: Send,
        ready: Callable[[str | None], None],
        remaining: Callable[[int], None],
        exit_process: Callable[[ExitCode, str], object],
    ) -> None:
        """Attach to an app that is not started yet.

        ``stores`` is the compacted topic of the state, or ``None``. ``refused`` is what the stage raises
        for a record that it does not fold in. ``connection`` as in :class:`Reader`. ``ready`` is told what
        is missing before records are handled, or ``None``; ``remaining`` how many records are to be folded.
        """
        self._app = app
        self._stage = stage
        self._topic = topic
        self._stores = stores
        self._refused = refused
        self._connection = connection
        self._send = send
        self._ready = ready
        self._remaining = remaining
        self._exit_process = exit_process
        self._folded: dict[TP, Folded] = {}
        self._released: set[TP] = set()
        self._task: asyncio.Task[None] | None = None
        self._logged = 0.0
        app.held_topics |= {topic}
        app.on_partitions_assigned.connect(self._assigned)  # type: ignore[arg-type]
        app.on_partitions_revoked.connect(self._revoked)  # type: ignore[arg-type]
        app.on_before_shutdown.connect(self._stopping)  # type: ignore[arg-type]
        if stores is not None:
            app.timer(STORE_SECONDS)(self.store)

    def folded(self, tp: TP) -> Folded:
        """How far the state of a released partition is folded; for the records handled live."""
        return self._folded[tp]

    def _consumer(self) -> Consumer:
        return self._app.offsets_consumer

    async def _assigned(self, _app: App, partitions: Collection[TP], **_: object) -> None:
        mine = sorted(tp for tp in partitions if tp.topic == self._topic)
        for tp in self._folded.keys() - set(mine):
            self._drop(tp)
        self._cancel()
        self._ready(f"the state of the stage {self._stage.name} is being read" if mine else None)
        self._task = asyncio.create_task(self._recover(mine, self._app.consumer_generation_id))
        self._task.add_done_callback(self._done)

    async def _revoked(self, _app: App, _partitions: Collection[TP], **_: object) -> None:
        # A state that is folded half-way is valid: it knows how far.
        self._cancel()

    async def _stopping(self, _app: App, **_: object) -> None:
        self._cancel()

    def _cancel(self) -> None:
        self._released.clear()
        if self._task is not None:
            self._task.cancel()

    def _done(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("the state of the stage %s could not be read", self._stage.name, exc_info=error)
            message = f"the state of the stage {self._stage.name} could not be read from {self._topic}: {error!r}"
            self._exit_process(ExitCode.STAGE_FAILED, message)

    def _drop(self, tp: TP) -> None:
        self._stage.drop(tp.partition)
        del self._folded[tp]

    async def _recover(self, partitions: list[TP], generation: int) -> None:
        began = time.monotonic()
        consumer = self._consumer()
        try:
            async with Reader(self._connection) as reader:
                committed = await patiently(
                    "the broker gives no committed offsets", partial(consumer.committed, partitions)
                )
                replaced = await patiently(
                    "the logs cannot be compared with what was read", partial(consumer.replaced_logs, partitions)
                )
                spans = await self._spans(reader, committed)
                starts = {tp: self._first(spans[tp]) if (at := committed[tp]) is None else at for tp in partitions}
                # Where the log was lost, nothing that it holds now has been handled.
                lost = replaced | {tp for tp, at in starts.items() if at > spans[tp].end}
                goals = {tp: spans[tp].begin if tp in lost else at for tp, at in starts.items()}
                await self._begin(reader, goals, spans, lost)
                if new := {tp: at for tp, at in starts.items() if committed[tp] is None}:
                    await consumer.commit_starts(new)
                first = {tp: self._folded[tp].next_offset for tp in partitions}
                for tp in partitions:
                    await self._fold(reader, tp, goals)
                    if not await consumer.release(tp, starts[tp], generation):
                        return
                    self._released.add(tp)
        except IllegalStateError:
            # The partitions were taken away. What comes next is a revocation or an assignment.
            return
        count = sum(max(goals[tp] - first[tp], 0) for tp in partitions)
        log.info(
            "the state of the stage %s is read: %d partitions, %d offsets folded in %.1f s",
            self._stage.name, len(partitions), count, time.monotonic() - began,
        )  # fmt: skip
        self._ready(None)

    def _first(self, span: Span) -> int:
        return span.begin if self._app.first_start == "earliest" else span.end

    async def _spans(self, reader: Reader, committed: Mapping[TP, int | None]) -> dict[TP, Span]:
        """What each partition holds; waits for the end of one that seems to end before its committed offset."""
        deadline = time.monotonic() + LOST_SECONDS
        while True:
            spans = await reader.spans([TopicPartition(*tp) for tp in committed])
            known = {TP(*tp): span for tp, span in spans.items()}
            if time.monotonic() > deadline or all((committed[tp] or 0) <= span.end for tp, span in known.items()):
                return known
            await asyncio.sleep(1)

    async def _begin(
        self, reader: Reader, goals: Mapping[TP, int], spans: Mapping[TP, Span], lost: Collection[TP]
    ) -> None:
        """Let each partition have a state that is not beyond its goal: kept, stored or empty."""
        stored: dict[str, StoredRecords] = {}
        for tp, goal in goals.items():
            if tp in lost:
                log.warning(
                    "%s-%d: the log was lost, and another begins at %d; the state so far is kept, and the records of "
                    "the new log are added to it", *tp, goal,
                )  # fmt: skip
            if tp in self._folded and tp in lost:
                self._folded[tp].begin_anew(goal)
            elif tp in self._folded and self._folded[tp].next_offset > goal:
                self._drop(tp)
            if tp not in self._folded:
                stored[name(tp)] = StoredRecords(goal, -1 if tp in lost else spans[tp].end)
        if stored and self._stores is not None:
            await self._read_stored(reader, stored)
        # Nothing is awaited from here on: a state is loaded whole or not at all.
        for tp in goals:
            if tp in self._folded:
                continue
            self._stage.drop(tp.partition)
            if self._stores is None:
                self._folded[tp] = Folded(self._stage, tp.partition, spans[tp].begin)
            else:
                self._folded[tp] = stored[name(tp)].load(self._stage, tp.partition, spans[tp].begin)

    async def _read_stored(self, reader: Reader, stored: Mapping[str, StoredRecords]) -> None:
        partitions = await reader.partitions(str(self._stores))
        for tp, span in (await reader.spans(partitions)).items():
            async for batch in reader.read(tp, span.begin, span.end):
                for record in batch:
                    parsed = stored_of(record.key or b"", record.value, record.headers)
                    if parsed is None:
                        log.warning(
                            "%s-%d@%d is left out: it has not the headers of a stored state", *tp, record.offset
                        )
                    elif parsed[0] in stored:
                        stored[parsed[0]].add(parsed[1], record.timestamp or 0.0)

    async def _fold(self, reader: Reader, tp: TP, goals: Mapping[TP, int]) -> None:
        """Replay a partition's records up to its goal; what they give was delivered before."""
        folded, goal = self._folded[tp], goals[tp]
        async for batch in reader.read(TopicPartition(*tp), folded.next_offset, goal):
            for record in batch:
                with suppress(self._refused):
                    folded.outputs(record)
                folded.advance(record)
            self._show_progress(goals)
        folded.reached(goal)
        self._show_progress(goals)

    def _show_progress(self, goals: Mapping[TP, int]) -> None:
        left = sum(max(goal - self._folded[tp].next_offset, 0) for tp, goal in goals.items())
        self._remaining(left)
        if not left or time.monotonic() - self._logged < PROGRESS_SECONDS:
            return
        self._logged = time.monotonic()
        self._ready(f"the state of the stage {self._stage.name} is being read: {left} records are left")
        log.info("the state of the stage %s is being read: %d records are left", self._stage.name, left)

    async def store(self) -> None:
        """Write what has changed of each partition's state, a round."""
        generation = self._app.consumer_generation_id
        await asyncio.gather(*(self._store(tp, generation) for tp in sorted(self._released)))

    async def _store(self, tp: TP, generation: int) -> None:
        folded = self._folded[tp]
        snapshot = folded.snapshot(STORE_KEYS)
        if snapshot and (unwritten := await self._write(tp, snapshot, generation)):
            folded.put_back(unwritten)

    async def _write(self, tp: TP, snapshot: list[Stored], generation: int) -> list[Stored]:
        """Write a snapshot once its offset is committed; returns what could not be written of it."""
        try:
            async with asyncio.timeout(GIVE_UP_SECONDS):
                while self._consumer().last_committed(tp) < snapshot[0].offset:
                    await asyncio.sleep(0.1)
                    if generation != self._app.consumer_generation_id:
                        return snapshot
                results = await asyncio.gather(
                    *(self._deliver(tp, stored) for stored in snapshot), return_exceptions=True
                )
        except TimeoutError:
            log.warning("the state of %s is not stored within %g s, trying again", name(tp), GIVE_UP_SECONDS)
            return snapshot
        errors = [(stored, result) for stored, result in zip(snapshot, results, strict=True) if result is not None]
        if errors:
            # Where one is too large for its topic, a restart reads again from its first record on: slower, as exact.
            log.error(
                "the state of %d keys of %s is not stored, trying again; %r: %r; check the topic %s and its "
                "max.message.bytes", len(errors), name(tp), errors[0][0].key, errors[0][1], self._stores,
            )  # fmt: skip
        return [stored for stored, _ in errors]

    async def _deliver(self, tp: TP, stored: Stored) -> None:
        await (await self._send(Output(str(self._stores), stored.key, stored.value, stored.headers(name(tp)))))


def name(tp: TP) -> str:
    """A partition as it stands in the header of a stored record."""
    return f"{tp.topic}-{tp.partition}"
