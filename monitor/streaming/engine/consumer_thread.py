"""aiokafka's consumer as Faust's thread runs it: reads committed records only, commits notes, tells of errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from aiokafka import TopicPartition
from aiokafka.structs import OffsetAndMetadata
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from monitor.streaming.engine import headers
from monitor.streaming.engine.landmarks import Landmarks, split

if TYPE_CHECKING:
    from monitor.streaming.engine.consumer import Consumer


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """Reads committed records only, and notices when the group is lost."""

    consumer: Consumer

    def _create_worker_consumer(self, transport: Any) -> Any:
        headers.install()
        consumer = super()._create_worker_consumer(transport)
        consumer.commit = partial(self._commit_with_notes, consumer.commit)
        # Faust passes "read_uncommitted" and has no setting for it. The value is read at start, when
        # the fetcher is made.
        consumer._isolation_level = "read_committed"
        # Also read at start. Consumer._getmany decides instead, and says so.
        consumer._auto_offset_reset = "none"
        return consumer

    async def _fetch_records(self, consumer: Any, *args: Any, **kwargs: Any) -> Any:
        consumer._coordinator.check_errors()
        return await super()._fetch_records(consumer, *args, **kwargs)

    async def _commit_with_notes(self, commit: Any, offsets: Mapping[Any, OffsetAndMetadata]) -> None:
        await commit(
            {tp: OffsetAndMetadata(offset, self._note_of(TP(*tp), offset)) for tp, (offset, _) in offsets.items()}
        )

    def _note_of(self, tp: TP, offset: int) -> str:
        ledger = self.consumer.ledger
        landmarks = ledger.landmarks(tp, offset)
        return (landmarks.note() if landmarks else "") + ledger.note(tp, offset)

    async def note(self, tp: TP) -> str:
        """The note that the broker holds with a partition's committed offset; empty where there is none."""
        note: str = await self.call_thread(self._note, tp)
        return note

    async def _note(self, tp: TP) -> str:
        here = TopicPartition(*tp)
        committed = await self._ensure_consumer()._coordinator.fetch_committed_offsets([here])
        return split(committed[here].metadata or "", committed[here].offset)[1] if here in committed else ""

    async def landmarks(self, partitions: Iterable[TP]) -> dict[TP, Landmarks]:
        """What the broker holds of these partitions' landmarks; those without any are left out."""
        landmarks: dict[TP, Landmarks] = await self.call_thread(self._landmarks, list(partitions))
        return landmarks

    async def _landmarks(self, partitions: list[TP]) -> dict[TP, Landmarks]:
        coordinator = self._ensure_consumer()._coordinator
        committed = await coordinator.fetch_committed_offsets([TopicPartition(*tp) for tp in partitions])
        found = {TP(*tp): split(known.metadata or "", known.offset)[0] for tp, known in committed.items()}
        return {tp: landmarks for tp, landmarks in found.items() if landmarks is not None}

    async def committed(self, partitions: Iterable[TP]) -> dict[TP, int | None]:
        """What the broker holds as committed for each partition; ``None`` where nothing is."""
        committed: dict[TP, int | None] = await self.call_thread(self._committed, list(partitions))
        return committed

    async def _committed(self, partitions: list[TP]) -> dict[TP, int | None]:
        # One question for all: aiokafka's own committed() takes one partition.
        coordinator = self._ensure_consumer()._coordinator
        found = await coordinator.fetch_committed_offsets([TopicPartition(*tp) for tp in partitions])
        return {tp: found[here].offset if (here := TopicPartition(*tp)) in found else None for tp in partitions}
