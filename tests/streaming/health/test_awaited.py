"""Health: what is missing, and what should have happened and has not."""

from __future__ import annotations

from monitor.streaming.health.awaited import Health


def test_what_is_awaited_hangs_past_its_limit() -> None:
    now = 1000.0
    health = Health(lambda: now)
    now += 500
    assert health.hangs() == (), "nothing is said before anything is awaited"
    health.expect("loop", "the event loop has not turned", now, 60)
    now += 60
    assert health.hangs() == ()
    now += 1
    assert health.hangs() == ("the event loop has not turned for 61 s",)
    health.expect("loop", "the event loop has not turned", now, 60)
    assert health.hangs() == ()
    now += 100
    health.done("loop")
    assert health.hangs() == ()


def test_ready_when_every_part_is() -> None:
    health = Health()
    assert health.not_ready() == ("no partitions assigned yet",)
    health.set_ready("templates", "reading templates")
    health.set_ready("assignment")
    assert health.not_ready() == ("reading templates",)
    health.set_ready("templates")
    assert health.not_ready() == ()
