"""A plain reader of partitions: no group, committed records only, from an offset to an offset.

Positions decide where a reading ends, not records: the last records before an offset may be a marker of
a transaction, aborted, or compacted away.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, KafkaTimeoutError, OffsetOutOfRangeError

from monitor.streaming.engine import headers
from monitor.streaming.engine.records import InputRecord

log = logging.getLogger(__name__)

#: Records handed on before the event loop gets a turn. With 500 of 612 bytes its delay stays at 18 ms,
#: so heartbeats, pages and other stages go on.
RECORDS_A_TURN = 500
#: Milliseconds to wait for records in one call.
WAIT_MS = 500
#: Milliseconds for which the broker waits for records that are not there yet, of a reader that follows and of one
#: that reads what is there. A connection's requests are answered in turn, so the next partition waits behind it.
FOLLOW_MS, READ_MS = 500, 10
#: Seconds after which a reader that does not end is told so again.
STOP_SECONDS = 0.5
#: First and longest wait before a broker that does not answer is asked again, seconds.
BACKOFF_SECONDS = (0.2, 5.0)
#: How soon a partition that was added is known.
METADATA_MS = 30_000


Result = TypeVar("Result")


class Span(NamedTuple):
    """The offsets that a partition holds: the first, and one past the last that is committed."""

    begin: int
    end: int


class Reader:
    """A consumer without a group, for partitions that it is told. Use it as a context."""

    def __init__(
        self, connection: Mapping[str, Any], partition_bytes: int = 1_048_576, broker_waits_ms: int = READ_MS
    ) -> None:
        """``connection``: aiokafka's arguments for reaching the cluster (``bootstrap_servers``, TLS, SASL).

        ``partition_bytes``: what one partition gives at once, though never less than a batch. ``broker_waits_ms``:
        :data:`READ_MS` or :data:`FOLLOW_MS`.
        """
        self._connection = connection
        self._partition_bytes = partition_bytes
        self._broker_waits_ms = broker_waits_ms
        self._consumer: Any = None

    async def __aenter__(self) -> Reader:
        headers.install()
        self._consumer = await patiently("no Kafka answers", self._started)
        return self

    async def _started(self) -> Any:
        consumer = AIOKafkaConsumer(
            **self._connection,
            group_id=None,
            enable_auto_commit=False,
            # Otherwise aiokafka jumps to the begin, without a word, where an offset is gone.
            auto_offset_reset="none",
            isolation_level="read_committed",
            metadata_max_age_ms=METADATA_MS,
            max_partition_fetch_bytes=self._partition_bytes,
            fetch_max_wait_ms=self._broker_waits_ms,
        )
        try:
            await consumer.start()
        except BaseException:
            await consumer.stop()
            raise
        return consumer

    async def __aexit__(self, *_: object) -> None:
        # A task of aiokafka that has not taken its first step answers its end with a CancelledError.
        await asyncio.sleep(0)
        stop = asyncio.ensure_future(self._consumer.stop())
        while not (await asyncio.wait({stop}, timeout=STOP_SECONDS))[0]:
            # aiokafka's fetching swallows its end while it gives up what was assigned before, and goes on for ever.
            self._consumer._fetcher._fetch_task.cancel()
        await stop

    async def partitions(self, topic: str) -> list[TopicPartition]:
        """The partitions of a topic; none where it does not exist."""
        client = self._consumer._client
        # The client keeps the metadata fresh of the topics that it has been told of.
        await client.add_topic(topic)
        numbers = client.cluster.partitions_for_topic(topic) or set()
        return [TopicPartition(topic, number) for number in sorted(numbers)]

    async def spans(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, Span]:
        """What each partition holds now."""

        async def ask() -> dict[TopicPartition, Span]:
            begins = await self._consumer.beginning_offsets(list(partitions))
            ends = await self._consumer.end_offsets(list(partitions))
            return {tp: Span(begins[tp], ends[tp]) for tp in partitions}

        return await patiently("the broker gives no offsets", ask)

    async def read(self, tp: TopicPartition, start: int, end: int) -> AsyncIterator[Sequence[InputRecord]]:
        """The committed records of a partition from ``start`` up to ``end``, which is excluded, in batches.

        Where the records after ``start`` have been deleted meanwhile, goes on with the first that is
        left; where the log ends before ``end`` because it was lost, ends there.
        """
        position = start
        if position < end:
            self.assign({tp: start})
        while position < end:
            try:
                records = (await self.next_records()).get(tp, ())
            except OffsetOutOfRangeError:
                span = (await self.spans([tp]))[tp]
                if position > span.end or span.begin >= end:
                    return
                log.info("%s-%d: offsets %d to %d have been deleted", tp.topic, tp.partition, position, span.begin)
                position = max(position, span.begin)
                self.assign({tp: position})
                continue
            position = self.position(tp)
            if records:
                yield records if records[-1].offset < end else [r for r in records if r.offset < end]
        if start < end:
            # Else it would ask for more of the partition all the while.
            self._consumer.pause(tp)

    def assign(self, positions: Mapping[TopicPartition, int]) -> None:
        """Read these partitions from these offsets on, and no others."""
        # Assigning loses the position of each, so each is sought.
        self._consumer.assign(list(positions))
        for tp, offset in positions.items():
            self._consumer.seek(tp, offset)

    async def next_records(self) -> dict[TopicPartition, list[InputRecord]]:
        """The next records of the partitions assigned; none where none came in time.

        Raises:
            aiokafka.errors.OffsetOutOfRangeError: an offset is not, or no longer, in its partition.
        """
        batches = await self._consumer.getmany(timeout_ms=WAIT_MS, max_records=RECORDS_A_TURN)
        await asyncio.sleep(0)
        return {tp: [as_input(record) for record in records] for tp, records in batches.items()}

    def position(self, tp: TopicPartition) -> int:
        """One past what has been read of an assigned partition, whatever stood there."""
        position: int = self._consumer._subscription.subscription.assignment.state_value(tp).position
        return position


def as_input(record: ConsumerRecord) -> InputRecord:
    """A record of aiokafka, as a stage is given it live."""
    return InputRecord(
        record.topic,
        record.partition,
        record.offset,
        # As Faust makes it, so that the same record gives the same time.
        record.timestamp / 1000.0,
        record.key,
        record.value,
        tuple((name, value or b"") for name, value in record.headers),
    )


async def patiently(trouble: str, call: Callable[[], Awaitable[Result]]) -> Result:
    """What ``call`` gives, however long the broker does not answer; ``trouble`` is logged with each try.

    Raises:
        aiokafka.errors.KafkaError: one that trying again does not mend, as a refused password.
    """
    wait, longest = BACKOFF_SECONDS
    while True:
        try:
            return await call()
        except KafkaError as error:
            if not error.retriable and not isinstance(error, KafkaTimeoutError):
                raise
            log.warning("%s, trying again in %.1f s: %r", trouble, wait, error)
        await asyncio.sleep(wait)
        wait = min(2 * wait, longest)
