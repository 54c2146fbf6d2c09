"""The Faust app and its transport, on the repaired consumer.

What the consumer needs to be told of a stage stands on its app: how much it may hold, which topics it holds back,
where a first start begins.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, cast

import faust
from faust.assignor.partition_assignor import PartitionAssignor
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from monitor.streaming.engine.consumer import Consumer
from monitor.streaming.engine.follow import Follower
from monitor.streaming.engine.resets import FirstStart, Reset


class Transport(driver.Transport):
    """The Kafka transport with the repaired consumer."""

    Consumer: ClassVar[type[Consumer]] = Consumer


class App(faust.App):
    """A Faust app on the repaired transport."""

    max_bytes_in_hand: int = 64_000_000
    #: Partitions of these are held from their assignment on, until they are released.
    held_topics: frozenset[str] = frozenset()

    #: aiokafka's arguments for reaching the cluster; without them no log is compared with what was read of it.
    connection: Mapping[str, Any] | None = None
    #: Where a group that has committed nothing begins.
    first_start: FirstStart = "earliest"
    #: Told which partitions are read from another offset than the one asked for.
    on_reset: Callable[[Mapping[TP, Reset]], None] = staticmethod(lambda _: None)

    #: Run beside the app; each has read its topic whole before the app reads its own.
    followers: Sequence[Follower] = ()

    async def on_start(self) -> None:
        """Wait for the followers; called before the consumer starts."""
        await super().on_start()
        for follower in self.followers:
            running = self.add_future(follower.run())
            reading = asyncio.ensure_future(follower.caught_up.wait())
            await asyncio.wait({running, reading}, return_when=asyncio.FIRST_COMPLETED)
            reading.cancel()
            if running.done():
                raise RuntimeError("a topic that is followed could not be read; its error is logged above")

    @property
    def offsets_consumer(self) -> Consumer:
        """The app's consumer, with what :class:`Consumer` adds to Faust's."""
        return cast(Consumer, self.consumer)

    @cached_property
    def assignor(self) -> PartitionAssignor:
        """Faust's assignor, which leaves a worker the partitions that it had, without copies of tables: there are none.

        With them it fills each worker up before the next one: of 4 partitions the third worker got none, and of 12 the
        fifth. ``table_standby_replicas=0`` would change to another assignor, whose workers cannot join those of before.
        """
        return PartitionAssignor(self, replicas=0)

    def _create_directories(self) -> None:
        """Nothing of an app is kept on disk; Faust would make a directory of its name in the working directory."""

    def _new_transport(self) -> Transport:
        return Transport(self.conf.broker_consumer, self)
