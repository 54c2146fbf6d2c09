"""Faust's Kafka transport, repaired.

Three things are wrong with it as it comes, each measured on a real Kafka (docs/reliability.md):

- Its record of acknowledged offsets breaks on a topic with gaps in its offsets (any topic written
  with transactions): commits stand still, and every restart begins again (Faust issues 401, 606).
- It reads records of transactions that were aborted.
- After a fatal error of the group it stays alive without partitions, because it fetches past
  aiokafka's own check.

It leans on names with a leading underscore, so Faust is pinned exactly, and
tests/streaming/test_transport.py covers each repair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import Any, ClassVar

import faust
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, Message


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """Reads committed records only, and notices when the group is lost."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        # Faust passes "read_uncommitted" and has no setting for it. The value is read at start, when
        # the fetcher is made.
        consumer._isolation_level = "read_committed"
        return consumer

    async def _fetch_records(self, consumer: Any, *args: Any, **kwargs: Any) -> Any:
        consumer._coordinator.check_errors()
        return await super()._fetch_records(consumer, *args, **kwargs)

    async def committed(self, partitions: Iterable[TP]) -> dict[TP, int | None]:
        """What the broker holds as committed for each partition; ``None`` where nothing is."""
        committed: dict[TP, int | None] = await self.call_thread(self._committed, list(partitions))
        return committed

    async def _committed(self, partitions: list[TP]) -> dict[TP, int | None]:
        consumer = self._ensure_consumer()
        return {tp: await consumer.committed(tp) for tp in partitions}


class Consumer(driver.Consumer):
    """Commits one past the last of the leading delivered events that are finished.

    Holds each delivered event of a partition in order until it and all before it are finished.
    Gaps in the offsets do not matter, and nothing in flight is ever passed. An event that Faust
    itself skips (on a rebalance) is acknowledged but not finished, so it is not passed either.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self._delivered: defaultdict[TP, dict[int, Message]] = defaultdict(dict)
        self._finished: defaultdict[TP, set[int]] = defaultdict(set)
        self._committable: dict[TP, int] = {}

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:
        async for tp, message in super().getmany(timeout):
            read = self._read_offset[tp]
            # Faust drops what lies before its read offset; such a record will never be finished.
            if read is None or message.offset >= read:
                self._delivered[tp][message.offset] = message
                self._finished[tp].discard(message.offset)
            yield tp, message

    def finish(self, message: Message) -> None:
        """Every output of this event is delivered: its offset may be committed."""
        if self._delivered[message.tp].get(message.offset) is message:
            self._finished[message.tp].add(message.offset)
        message.ack(self)

    def _new_offset(self, tp: TP) -> int | None:
        self._acked[tp].clear()
        self._acked_index[tp].clear()
        delivered, finished = self._delivered[tp], self._finished[tp]
        while delivered and (offset := next(iter(delivered))) in finished:
            del delivered[offset]
            finished.discard(offset)
            self._committable[tp] = offset + 1
        return self._committable.get(tp)

    async def _commit_offsets(self, offsets: Mapping[TP, int], start_new_transaction: bool = True) -> bool:
        committed = await super()._commit_offsets(offsets, start_new_transaction)
        if not committed:
            # Faust notes them as committed all the same, and would not try again.
            self._committed_offset.update(dict.fromkeys(offsets))
        return bool(committed)

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        return (tp for tp in list(self._finished) if topics is None or tp in topics or tp.topic in topics)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Gaps need no bookkeeping here; Faust's own marks the message in hand as done."""

    def _forget(self, partitions: Iterable[TP]) -> None:
        for tp in partitions:
            self._delivered.pop(tp, None)
            self._finished.pop(tp, None)
            self._committable.pop(tp, None)

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

    def _new_transport(self) -> Transport:
        return Transport(self.conf.broker_consumer, self)
