"""Deliveries: an event is finished once the broker has acknowledged each of its outputs.

Pipelined: at most ``limit`` events await their deliveries at once; the next waits for a place.
Outputs of one key are handed to the producer in the order of their events: a send that waits, for the topic's metadata
or for room in a batch, would else be overtaken by the next one.
Each delivery is retried until its deadline. One that cannot be made ends the process: going on
would either lose the event or hold its partition's commits back for ever.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence

from aiokafka.errors import MessageSizeTooLargeError, RecordTooLargeError
from faust.exceptions import ProducerSendError

from monitor.metrics import Metrics
from monitor.streaming.engine.exit import ExitCode
from monitor.streaming.engine.records import Output

log = logging.getLogger(__name__)

#: First and longest wait before a delivery is sent again, seconds. aiokafka itself retries within a
#: request; this is for the errors that it gives back.
BACKOFF_SECONDS = (0.1, 5.0)

#: Locks that keep outputs of one topic and key in order; keys that share one wait for each other's sends in vain.
ORDERS = 64

#: Sends one output; the inner awaitable ends when the broker has it.
Send = Callable[[Output], Awaitable[Awaitable[object]]]

#: What to deliver in place of an output that is too large for its topic. Empty where the replacement of another
#: output of the same event stands for this one too; ``None`` where nothing can be delivered.
Replacement = Callable[[Output], Sequence[Output] | None]


class TooLarge(Exception):
    """The broker will not take this record at any time: it is larger than it allows."""


class Deliveries:
    """Delivers the outputs of events, many events at once."""

    def __init__(
        self,
        send: Send,
        *,
        limit: int,
        timeout_seconds: float,
        exit_process: Callable[[ExitCode, str], object],
        metrics: Metrics,
    ) -> None:
        self._send = send
        self._places = asyncio.Semaphore(limit)
        self._timeout = timeout_seconds
        self._exit_process = exit_process
        self._metrics = metrics
        self._tasks: set[asyncio.Task[None]] = set()
        self._orders = tuple(asyncio.Lock() for _ in range(ORDERS))

    async def deliver(self, outputs: Sequence[Output], replacement: Replacement, finish: Callable[[], None]) -> None:
        """Wait for a place, then deliver in the background and call ``finish`` when all are acknowledged."""
        await self._places.acquire()
        task = asyncio.create_task(self._deliver(outputs, replacement, finish))
        self._tasks.add(task)
        task.add_done_callback(self._done)
        self._metrics.in_flight.inc()

    async def drain(self, timeout: float) -> None:
        """Wait until each event in hand is finished, ``timeout`` seconds at most."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._places.release()
        self._metrics.in_flight.dec()
        if not task.cancelled() and (error := task.exception()) is not None:
            causes = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
            self._exit_process(ExitCode.DELIVERY_FAILED, "cannot deliver: " + "; ".join(map(str, causes)))

    async def _deliver(self, outputs: Sequence[Output], replacement: Replacement, finish: Callable[[], None]) -> None:
        async with asyncio.TaskGroup() as group:
            for output in outputs:
                group.create_task(self._deliver_output(output, replacement))
        finish()

    async def _deliver_output(self, output: Output, replacement: Replacement) -> None:
        try:
            await self._send_until_acknowledged(output)
        except TooLarge as error:
            smaller = replacement(output)
            if smaller is None:
                raise
            log.warning("%s; delivering to %s in its place", error, ", ".join(o.topic for o in smaller) or "no topic")
            for output in smaller:
                await self._deliver_output(output, replacement)
            return
        self._metrics.deliveries.labels(output.topic).inc()

    async def _send_until_acknowledged(self, output: Output) -> None:
        deadline = time.monotonic() + self._timeout
        wait, longest = BACKOFF_SECONDS
        while True:
            try:
                async with asyncio.timeout_at(asyncio.get_running_loop().time() + deadline - time.monotonic()):
                    async with self._orders[hash((output.topic, output.key)) % ORDERS]:
                        acknowledged = await self._send(output)
                    await acknowledged
                return
            except Exception as error:
                cause = error.__cause__ if isinstance(error, ProducerSendError) else error
                if isinstance(cause, MessageSizeTooLargeError | RecordTooLargeError):
                    raise TooLarge(
                        f"a record of {len(output.value or b'')} bytes is more than {output.topic} takes "
                        "(raise its max.message.bytes)"
                    ) from error
                if time.monotonic() + wait >= deadline:
                    raise TimeoutError(
                        f"{output.topic} took no record within {self._timeout:g} s, last error: {error!r}; "
                        "check the broker, its disk and its ACLs"
                    ) from error
                log.warning("delivery to %s failed, trying again in %.1f s: %r", output.topic, wait, error)
            self._metrics.delivery_retries.inc()
            await asyncio.sleep(wait)
            wait = min(2 * wait, longest)
