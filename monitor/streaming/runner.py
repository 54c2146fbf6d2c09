"""Runs one stage on its Faust app: reads its records, delivers its outputs, commits what is delivered."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Mapping, Sequence
from functools import partial
from typing import Any, NoReturn, cast

from aiokafka.errors import KafkaError
from faust import Stream, StreamT
from faust.types import TP, Message

from monitor.articles.errors import place
from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.deadletters.stop_limits import StopLimits, Tally
from monitor.streaming.deadletters.write import DeadLetters, Replacements
from monitor.streaming.engine.deliveries import Deliveries
from monitor.streaming.engine.exit import ExitCode, exit_process
from monitor.streaming.engine.fold import Fold
from monitor.streaming.engine.follow import Follower
from monitor.streaming.engine.records import Headers, InputRecord, Output
from monitor.streaming.engine.transport import App
from monitor.streaming.health.awaited import Health
from monitor.streaming.stages.stage import Stage
from monitor.streaming.topics import DEAD, Topic


class StageRunner:
    """One stage, its app, and what is counted of its records."""

    def __init__(self, stage: Stage, app: App, settings: Settings, metrics: Metrics) -> None:
        """Makes no connection; the app is started by the worker."""
        self.stage = stage
        self.app = app
        self._prefix = settings.topic_prefix
        self._shutdown_seconds = settings.shutdown_seconds
        self._dead_letters = DeadLetters(DEAD.full_name(self._prefix), metrics)
        self._limits = StopLimits(
            settings.dead_letter_consecutive, settings.dead_letter_ratio, settings.dead_letter_records
        )
        self._tallies: dict[TP, Tally] = {}
        self._deliveries = Deliveries(
            self._send,
            limit=settings.deliveries_in_flight,
            timeout_seconds=settings.delivery_timeout_seconds,
            exit_process=exit_process,
            metrics=metrics,
        )
        self._fold: Fold | None = None
        self._begin_counters(metrics)
        self._connect()

    def _begin_counters(self, metrics: Metrics) -> None:
        """Let counters begin at 0: one that appears with its first step would hide that step from ``rate()``."""
        for reason in (*self.stage.reasons, self.stage.too_large):
            metrics.dead_letters.labels(reason)
        for topic in (*self.stage.writes, DEAD):
            metrics.deliveries.labels(topic.full_name(self._prefix))

    def _connect(self) -> None:
        topic = self.app.topic(
            self.stage.reads.full_name(self._prefix),
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
        )
        self.app.agent(topic, name=self.stage.name)(self._handle_stream)
        self.app.on_partitions_assigned.connect(self._forget_tallies)
        self.app.on_partitions_revoked.connect(self._forget_tallies)

    def connect_state(self, connection: Mapping[str, Any], metrics: Metrics, health: Health) -> None:
        """Let the stage's state and the topics that it follows be read before its records are handled.

        ``connection`` are aiokafka's arguments for reaching the cluster.
        """
        name = self.stage.name
        if self.stage.stateful:
            self._fold = Fold(
                self.app,
                self.stage,
                self.stage.reads.full_name(self._prefix),
                stores=self.stage.stores.full_name(self._prefix) if self.stage.stores else None,
                refused=Refused,
                connection=connection,
                send=self._send,
                ready=partial(health.set_ready, f"state of {name}"),
                remaining=metrics.state_records_left.labels(name).set,
                exit_process=exit_process,
            )
        self.app.followers = [
            Follower(
                connection,
                topic.full_name(self._prefix),
                partial(self._follow, topic),
                partial(health.set_ready, f"{name} follows {topic.name}"),
            )
            for topic in self.stage.follows
        ]

    def _follow(self, topic: Topic, record: InputRecord) -> None:
        self.stage.follow(topic, record.key or b"", record.value)

    async def _handle_stream(self, stream: StreamT[bytes]) -> None:
        try:
            async for event in cast(Stream[bytes], stream).noack().events():
                await self._handle(event.message)
        except Exception as error:  # noqa: BLE001 - ends the process
            # Faust would acknowledge the event in hand and go on without it.
            exit_process(ExitCode.STAGE_FAILED, f"the stage {self.stage.name} failed: {place(error)}")

    async def _handle(self, message: Message) -> None:
        record = input_record(message)
        outputs, refused = self.outputs(record)
        note = await self._count_or_exit(message.tp, record, refused)
        replacement = Replacements(self._dead_letters, record, self.stage.too_large)
        await self._deliveries.deliver(outputs, replacement, partial(self.app.offsets_consumer.finish, message, note))

    def outputs(self, record: InputRecord) -> tuple[Sequence[Output], Refused | None]:
        """What is to be delivered for a record; its dead letter where the stage refuses it, and why it did."""
        folded = self._fold.folded(TP(record.topic, record.partition)) if self._fold else None
        made: Sequence[object]
        try:
            made = (folded or self.stage).outputs(record)
        except Refused as error:
            made = [error]
        refusals = [part for part in made if isinstance(part, Refused)]
        outputs = [part for part in made if isinstance(part, Output)]
        refused = refusals[0] if refusals and not outputs else None
        letters = self._dead_letters.make_all(record, refusals)
        return [*outputs, *letters, *(folded.advance(record) if folded else ())], refused

    async def _count_or_exit(self, tp: TP, record: InputRecord, refused: Refused | None) -> str:
        """Count a record; returns the note to commit with it. Past a limit of dead letters the process ends."""
        if tp not in self._tallies:
            self._tallies[tp] = Tally.from_note(await self.app.offsets_consumer.note(tp))
        tally = self._tallies[tp] = self._limits.after(self._tallies[tp], refused.reason if refused else None)
        crossed = self._limits.crossed(tally)
        if crossed and refused:
            await self._stop_at(record, refused, crossed)
        return tally.note()

    async def _stop_at(self, record: InputRecord, refused: Refused, crossed: str) -> NoReturn:
        """Deliver and commit what is in hand before the record, else each start would deliver it again; then exit."""
        await self._deliveries.drain(self._shutdown_seconds)
        with contextlib.suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(self._shutdown_seconds):
                await self._commit_all()
        exit_process(
            ExitCode.DEAD_LETTER_LIMIT,
            f"{crossed}, on {record.topic}-{record.partition} with offset {record.offset}: "
            f"{refused.reason}: {refused}. That record is not committed, and each start stops at it. Mend what makes "
            "the dead letters; or let them through: monitor worker --dead-letter-consecutive 0 --dead-letter-ratio 0",
        )

    async def _commit_all(self) -> None:
        # While a commit is under way, the first call waits for that one and commits nothing itself; what has been
        # finished since that one began needs a second call.
        if not await self.app.offsets_consumer.commit():
            await self.app.offsets_consumer.commit()

    async def _send(self, output: Output) -> Awaitable[object]:
        # aiokafka sends no record that has neither key nor value, as the dead letter of a tombstone without a key.
        value = b"" if output.key is None and output.value is None else output.value
        sent: Awaitable[object] = await self.app.producer.send(
            output.topic, output.key, value, None, output.timestamp, list(output.headers)
        )
        return sent

    async def _forget_tallies(self, *_: Any, **__: Any) -> None:
        """After a rebalance each partition's tally is read from its committed note."""
        self._tallies.clear()


def input_record(message: Message) -> InputRecord:
    """A record as a stage takes it, from Faust's message."""
    return InputRecord(
        message.topic,
        message.partition,
        message.offset,
        message.timestamp,
        message.key,
        message.value,
        _pairs(message.headers),
    )


def _pairs(headers: object) -> Headers:
    """Headers as pairs, an empty value for none; Faust gives a list, a mapping or nothing."""
    pairs = headers.items() if isinstance(headers, dict) else headers or ()
    return tuple((name, value or b"") for name, value in pairs)  # type: ignore[attr-defined]
