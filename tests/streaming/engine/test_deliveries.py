"""Deliveries: finished only when the broker has everything, retried, ended when it cannot be."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import pytest
from aiokafka.errors import KafkaTimeoutError, MessageSizeTooLargeError

from monitor.metrics import Metrics
from monitor.streaming.engine import deliveries as module
from monitor.streaming.engine.deliveries import Deliveries, Replacement
from monitor.streaming.engine.exit import ExitCode
from monitor.streaming.engine.records import Output


class Broker:
    """Answers each send with the next of its answers: an error, or what it waits for."""

    def __init__(self, *answers: Exception | Awaitable[object] | None) -> None:
        self.answers = list(answers)
        self.sent: list[Output] = []

    async def send(self, output: Output) -> Awaitable[object]:
        self.sent.append(output)
        answer = self.answers.pop(0) if self.answers else None
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        if isinstance(answer, Exception):
            future.set_exception(answer)
        elif answer is None:
            future.set_result(None)
        else:
            return answer
        return future


class Run:
    """Deliveries over a broker, with what they did written down."""

    def __init__(self, broker: Broker, limit: int = 10, timeout: float = 5.0) -> None:
        self.finished = 0
        self.left: list[tuple[ExitCode, str]] = []
        self.metrics = Metrics()
        self.deliveries = Deliveries(
            broker.send,
            limit=limit,
            timeout_seconds=timeout,
            exit_process=lambda code, message: self.left.append((code, message)),
            metrics=self.metrics,
        )

    async def deliver(self, *outputs: Output, replacement: Replacement = lambda _: None) -> None:
        await self.deliveries.deliver(outputs, replacement, self.finish)

    def finish(self) -> None:
        self.finished += 1

    def value(self, name: str, **labels: str) -> float | None:
        return self.metrics.registry.get_sample_value(name, labels)


A, B, C = Output("t", b"a", b"1"), Output("u", b"b", b"2"), Output("v", b"c", b"3")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACKOFF_SECONDS", (0.01, 0.02))


def test_finishes_only_when_every_output_is_acknowledged() -> None:
    async def scenario() -> None:
        late: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        run = Run(Broker(None, late))
        await run.deliver(A, B)
        await asyncio.sleep(0.05)
        assert run.finished == 0
        assert run.value("monitor_deliveries_in_flight") == 1
        late.set_result(None)
        await asyncio.sleep(0.01)
        assert run.finished == 1
        assert run.value("monitor_deliveries_in_flight") == 0

    asyncio.run(scenario())


def test_tries_again_after_an_error() -> None:
    async def scenario() -> None:
        broker = Broker(KafkaTimeoutError(), KafkaTimeoutError(), None)
        run = Run(broker)
        await run.deliver(A)
        await asyncio.sleep(0.2)
        assert (run.finished, broker.sent, run.left) == (1, [A, A, A], [])
        assert run.value("monitor_delivery_retries_total") == 2

    asyncio.run(scenario())


def test_ends_the_process_when_the_deadline_passes() -> None:
    async def scenario() -> None:
        run = Run(Broker(*[KafkaTimeoutError()] * 100), timeout=0.1)
        await run.deliver(A)
        await asyncio.sleep(0.4)
        assert run.finished == 0
        ((code, message),) = run.left
        assert code is ExitCode.DELIVERY_FAILED
        assert "t took no record within 0.1 s" in message

    asyncio.run(scenario())


def test_ends_the_process_when_a_send_never_answers() -> None:
    async def scenario() -> None:
        never: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        run = Run(Broker(never), timeout=0.1)
        await run.deliver(A)
        await asyncio.sleep(0.3)
        assert [code for code, _ in run.left] == [ExitCode.DELIVERY_FAILED]

    asyncio.run(scenario())


def test_delivers_something_smaller_in_place_of_what_is_too_large() -> None:
    async def scenario() -> None:
        broker = Broker(MessageSizeTooLargeError())
        run = Run(broker)
        await run.deliver(A, replacement=lambda output: [B] if output is A else None)
        await asyncio.sleep(0.05)
        assert (run.finished, broker.sent, run.left) == (1, [A, B], [])

    asyncio.run(scenario())


def test_finishes_without_what_another_output_stands_for() -> None:
    async def scenario() -> None:
        broker = Broker(MessageSizeTooLargeError(), None, MessageSizeTooLargeError())
        run = Run(broker)
        given = iter([[C], []])
        await run.deliver(A, B, replacement=lambda _: next(given))
        await run.deliveries.drain(1)
        assert (run.finished, broker.sent, run.left) == (1, [A, C, B], [])

    asyncio.run(scenario())


def test_draining_waits_for_what_is_in_hand_but_not_for_ever() -> None:
    async def scenario() -> None:
        gate: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        run = Run(Broker(gate))
        await run.deliveries.drain(1)
        await run.deliver(A)
        await run.deliveries.drain(0.05)
        assert run.finished == 0
        asyncio.get_running_loop().call_later(0.05, gate.set_result, None)
        await run.deliveries.drain(5)
        assert run.finished == 1

    asyncio.run(scenario())


def test_holds_no_more_in_flight_than_its_limit() -> None:
    async def scenario() -> None:
        gates = [asyncio.get_running_loop().create_future() for _ in range(3)]
        run = Run(Broker(*gates), limit=2)
        await run.deliver(A)
        await run.deliver(A)
        third = asyncio.create_task(run.deliver(A))
        await asyncio.sleep(0.05)
        assert not third.done()
        gates[0].set_result(None)
        await asyncio.wait_for(third, 1)
        gates[1].set_result(None)
        gates[2].set_result(None)
        await asyncio.sleep(0.01)
        assert run.finished == 3

    asyncio.run(scenario())


def test_outputs_of_one_key_are_sent_in_the_order_of_their_events() -> None:
    """The first send waits for the topic's metadata; the second would not have to."""

    class Waiting(Broker):
        async def send(self, output: Output) -> Awaitable[object]:
            if output.value == b"first":
                await asyncio.sleep(0.02)
            return await super().send(output)

    async def scenario() -> None:
        run = Run(broker := Waiting())
        await run.deliver(Output("t", b"a", b"first"))
        await run.deliver(Output("t", b"a", b"second"))
        await run.deliveries.drain(5)
        assert [output.value for output in broker.sent] == [b"first", b"second"]

    asyncio.run(scenario())
