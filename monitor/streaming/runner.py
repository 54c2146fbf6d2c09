"""Runs one stage on its Faust app: reads its records, delivers its outputs, commits what is delivered."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from functools import partial
from typing import Any, cast

from faust import Stream, StreamT
from faust.types import Message

from monitor.articles.errors import place
from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming.deadletters.held import HeldPartitions
from monitor.streaming.deadletters.holding import Holding
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.deadletters.stop_limits import StopLimits
from monitor.streaming.deadletters.write import DeadLetters, Replacements
from monitor.streaming.engine.deliveries import Deliveries
from monitor.streaming.engine.exit import ExitCode, exit_process
from monitor.streaming.engine.fold import Fold
from monitor.streaming.engine.follow import Follower
from monitor.streaming.engine.records import Headers, InputRecord, Output
from monitor.streaming.engine.state import Folded
from monitor.streaming.engine.transport import App
from monitor.streaming.health.awaited import Health
from monitor.streaming.stages.stage import Stage
from monitor.streaming.topics import DEAD, Topic, full_names


class StageRunner:
    """One stage, its app, and what is counted of its records."""

    def __init__(self, stage: Stage, app: App, settings: Settings, metrics: Metrics, held: HeldPartitions) -> None:
        """Makes no connection; the app is started by the worker."""
        self.stage = stage
        self.app = app
        self._names = settings.topic_names
        self._reads = tuple(full_names([stage.reads], settings))
        self._dead_letters = DeadLetters(DEAD.full_name(self._names), metrics)
        limits = StopLimits(settings.dead_letter_consecutive, settings.dead_letter_ratio, settings.dead_letter_records)
        self._holding = Holding(app, limits, held)
        self._deliveries = Deliveries(
            self._send,
            limit=settings.deliveries_in_flight,
            timeout_seconds=settings.delivery_timeout_seconds,
            exit_process=exit_process,
            metrics=metrics,
        )
        self._fold: Fold | None = None
        self._begin_counters(settings, metrics)
        self._connect()

    def _begin_counters(self, settings: Settings, metrics: Metrics) -> None:
        """Let counters begin at 0: one that appears with its first step would hide that step from ``rate()``."""
        for reason in (*self.stage.reasons, self.stage.too_large):
            metrics.dead_letters.labels(reason)
        used = [topic for topic in self.stage.writes if topic.is_used(settings)]
        for topic in (*used, DEAD):
            metrics.deliveries.labels(topic.full_name(self._names))

    def _connect(self) -> None:
        topic = self.app.topic(
            *self._reads,
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
        )
        self.app.agent(topic, name=self.stage.name)(self._handle_stream)

    def connect_state(self, connection: Mapping[str, Any], metrics: Metrics, health: Health) -> None:
        """Let the stage's state and the topics that it follows be read before its records are handled.

        ``connection`` are aiokafka's arguments for reaching the cluster.

        Raises:
            ValueError: the stage has state and reads several topics.
        """
        name = self.stage.name
        if self.stage.stateful:
            if len(self._reads) > 1:
                raise ValueError(
                    f"the stage {name} has state, which is folded from one topic, and would read {len(self._reads)}: "
                    f"{', '.join(self._reads)}"
                )
            self._fold = Fold(
                self.app,
                self.stage,
                self._reads[0],
                stores=self.stage.stores.full_name(self._names) if self.stage.stores else None,
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
                topic.full_name(self._names),
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
        consumer = self.app.offsets_consumer
        if not consumer.is_in_hand(message):
            # Its partition is held or was taken away since; it is read again, here or by another worker.
            consumer.let_go(message)
            return
        record = input_record(message)
        folded = self._fold.folded(message.tp) if self._fold else None
        outputs, refusals = self._outputs(folded or self.stage, record)
        note = await self._holding.count(message, refusals[0] if refusals and not outputs else None)
        if note is None:
            return
        outputs += self._dead_letters.make_all(record, refusals)
        if folded:
            outputs = [*outputs, *folded.advance(record)]
        replacement = Replacements(self._dead_letters, record, self.stage.too_large)
        await self._deliveries.deliver(outputs, replacement, partial(consumer.finish, message, note))

    def _outputs(self, stage: Stage | Folded, record: InputRecord) -> tuple[list[Output], list[Refused]]:
        """What is to be delivered for a record, and what of it the stage refuses."""
        made: Sequence[object]
        try:
            made = stage.outputs(record)
        except Refused as error:
            made = [error]
        return [part for part in made if isinstance(part, Output)], [part for part in made if isinstance(part, Refused)]

    async def _send(self, output: Output) -> Awaitable[object]:
        # aiokafka sends no record that has neither key nor value, as the dead letter of a tombstone without a key.
        value = b"" if output.key is None and output.value is None else output.value
        sent: Awaitable[object] = await self.app.producer.send(
            output.topic, output.key, value, None, output.timestamp, list(output.headers)
        )
        return sent


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
