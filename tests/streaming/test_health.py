"""Health: what is missing, what is wrong, and an event loop that no longer turns."""

from __future__ import annotations

import pytest

from monitor.streaming.health import Health


def test_an_event_loop_that_hangs_is_ill(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("monitor.streaming.health.time.monotonic", lambda: now)
    health = Health()
    now += 500
    assert health.ill() == (), "nothing is said before the loop has turned once"
    health.beat()
    now += 59
    assert health.ill() == ()
    now += 2
    assert health.ill() == ("the event loop has not turned for 61 s",)
    health.beat()
    assert health.ill() == ()
