"""Counts the dead letters of a stage by partition, and holds a partition where they pass a limit.

The partition waits at the record that crossed the limit, which is neither delivered nor committed. What
was read before it is delivered and committed; what was read after it is let go, and read again when the
partition goes on. The other partitions go on all the while.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from faust.types import TP, Message

from monitor.streaming.deadletters.held import Held, HeldPartitions, NotHeld
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.deadletters.stop_limits import StopLimits, Tally
from monitor.streaming.engine.transport import App

log = logging.getLogger(__name__)

#: Seconds between two looks whether what was read before a held record is delivered.
LOOK_SECONDS = 0.2


class Holding:
    """The limits of dead letters of one stage, applied to its partitions."""

    def __init__(
        self, app: App, limits: StopLimits, held: HeldPartitions, clock: Callable[[], float] = time.time
    ) -> None:
        """Attach to an app that is not started yet. ``clock`` tells seconds since 1970."""
        self._app = app
        self._limits = limits
        self._held = held
        self._clock = clock
        self._tallies: dict[TP, Tally] = {}
        self._notes: dict[TP, str] = {}
        #: By partition that is held: the offset, and the task that notes it.
        self._offsets: dict[TP, int] = {}
        self._tasks: dict[TP, asyncio.Task[None]] = {}
        app.on_partitions_assigned.connect(self._begin_anew)
        app.on_partitions_revoked.connect(self._begin_anew)

    async def count(self, message: Message, refused: Refused | None) -> str | None:
        """Count a record; returns the note to commit with it, ``None`` where its partition is held at it instead."""
        tp = message.tp
        if tp not in self._tallies:
            self._notes[tp] = await self._app.offsets_consumer.note(tp)
            self._tallies[tp] = Tally.from_note(self._notes[tp])
        tally = self._limits.after(self._tallies[tp], refused.reason if refused else None)
        crossed = self._limits.crossed(tally)
        if crossed and refused:
            self._hold(message, refused, crossed)
            return None
        self._tallies[tp] = tally
        return tally.note()

    def _hold(self, message: Message, refused: Refused, crossed: str) -> None:
        tp, offset = message.tp, message.offset
        consumer = self._app.offsets_consumer
        consumer.hold_at(message)
        before = Held.from_note(self._notes[tp])
        since = before.since if before is not None and before.offset == offset else int(self._clock())
        note = Held(offset, since, refused.reason, self._held.address).note() + self._tallies[tp].note()
        why = f"at offset {offset} ({refused.reason}): {crossed}"
        log.error(
            "%s-%d is held %s. %s. The other partitions go on. Mend what makes the dead letters, then: monitor "
            "partitions resume %s-%d; or let them through: monitor worker --dead-letter-consecutive 0 "
            "--dead-letter-ratio 0", *tp, why, refused, *tp,
        )  # fmt: skip
        loop = asyncio.get_running_loop()
        self._offsets[tp] = offset
        self._held.add(consumer.group, tp, why, lambda: self._resume_soon(loop, tp))
        self._tasks[tp] = asyncio.create_task(self._note(tp, offset, note))

    async def _note(self, tp: TP, offset: int, note: str) -> None:
        """Note with the committed offset that the partition is held, once all before it is delivered."""
        consumer = self._app.offsets_consumer
        while consumer.ledger.count(tp):  # noqa: ASYNC110 - the ledger is pure and wakes nobody
            await asyncio.sleep(LOOK_SECONDS)
        await consumer.commit_note(tp, offset, note)

    def _resume_soon(self, loop: asyncio.AbstractEventLoop, tp: TP) -> Future[None]:
        """Called from another thread."""
        return asyncio.run_coroutine_threadsafe(self._resume(tp), loop)

    async def _resume(self, tp: TP) -> None:
        if (task := self._tasks.get(tp)) is not None:
            # What was read before it is delivered first; so nothing of the partition is in hand below.
            await asyncio.wait([task])
        offset = self._offsets.pop(tp, None)
        if offset is None:
            raise NotHeld(f"{tp.topic}-{tp.partition} has gone to another worker; see: monitor partitions list")
        self._tallies[tp] = Tally()
        self._notes[tp] = ""
        consumer = self._app.offsets_consumer
        await consumer.commit_note(tp, offset, "")
        consumer.resume(tp, offset)
        self._held.remove(tp)
        log.info("%s-%d goes on at offset %d; its dead letters are counted anew", *tp, offset)

    async def _begin_anew(self, *_: Any, **__: Any) -> None:
        """After a rebalance what was counted of each partition is read from its committed note."""
        for task in self._tasks.values():
            task.cancel()
        for tp in self._offsets:
            self._held.remove(tp)
        for known in (self._tallies, self._notes, self._offsets, self._tasks):
            known.clear()
