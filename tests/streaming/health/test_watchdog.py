"""The watchdog: what hangs is told with stacks, and ends the process only if it goes on hanging."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import threading
import time

import pytest

from monitor.streaming.engine.exit import ExitCode
from monitor.streaming.health.awaited import Health
from monitor.streaming.health.watchdog import stacks, watchdog


def test_what_hangs_ends_the_process_with_its_stacks(caplog: pytest.LogCaptureFixture) -> None:
    health, left = Health(), threading.Event()
    reasons: list[tuple[ExitCode, str]] = []

    def leave(code: ExitCode, reason: str) -> None:
        reasons.append((code, reason))
        left.set()

    with watchdog(health, leave, grace_seconds=0.1, look_seconds=0.02):
        time.sleep(0.1)
        assert not reasons
        health.expect("commit", "finished events have awaited their commit", time.monotonic() - 100, 60)
        assert left.wait(5)
    assert reasons[0] == (ExitCode.HANGS, "finished events have awaited their commit for 100 s")
    assert "test_what_hangs_ends_the_process_with_its_stacks" in caplog.text


def test_what_goes_on_within_the_grace_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    health = Health()
    reasons: list[str] = []
    caplog.set_level(logging.WARNING)
    with watchdog(health, lambda _, reason: reasons.append(reason), grace_seconds=5, look_seconds=0.02):
        health.expect("loop", "the event loop has not turned", time.monotonic() - 100, 60)
        time.sleep(0.1)
        health.expect("loop", "the event loop has not turned", time.monotonic(), 60)
        time.sleep(0.1)
    assert not reasons
    assert "what hung has moved on" in caplog.text


def test_stacks_show_where_tasks_wait() -> None:
    async def waits_for_ever() -> None:
        await asyncio.Event().wait()

    async def scenario() -> str:
        task = asyncio.create_task(waits_for_ever())
        await asyncio.sleep(0)
        text = stacks([task])
        task.cancel()
        return text

    text = asyncio.run(scenario())
    assert "waits_for_ever" in text
    assert "thread MainThread" in text


def test_an_interpreter_that_stands_still_is_ended_as_well() -> None:
    """A call in C that keeps the lock: no thread of Python runs, only faulthandler's own."""
    program = (
        "import ctypes, time\n"
        "from monitor.streaming.health import watchdog as module\n"
        "from monitor.streaming.health.awaited import Health\n"
        "module.LOCKED_SECONDS = 0.5\n"
        "with module.watchdog(Health(), print, look_seconds=0.05):\n"
        "    time.sleep(0.3)\n"
        "    ctypes.PyDLL(None).sleep(60)\n"
    )
    begin = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1
    assert time.monotonic() - begin < 20
    assert "Timeout" in ended.stderr
