"""The flags that select dead letters."""

from __future__ import annotations

import inspect
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
import typer

from monitor.cli.deadletters.selection import by_reason, with_selection
from monitor.settings import Settings
from monitor.streaming.deadletters.read import Selection


def selected(since: str | None = None, **flags: object) -> Selection:
    """What a command is given for these flags; those that are left out are not set."""
    received: list[Selection] = []

    @with_selection
    def command(settings: Settings, selection: Selection, limit: int = 0) -> None:
        assert limit == 3
        received.append(selection)

    names = list(inspect.signature(command).parameters)
    assert names == ["settings", "reason", "source", "partition", "since", "until", "limit"]
    unset = dict.fromkeys(("reason", "source", "partition", "until"))
    command(Settings(), limit=3, since=since, **unset | flags)
    return received[0]


def test_flags_become_a_selection() -> None:
    assert selected() == Selection()
    flags: dict[str, Any] = {"reason": ["empty", "not_json"], "source": "Lantern", "partition": 2}
    assert selected(**flags) == Selection(frozenset({"empty", "not_json"}), "Lantern", 2)


@pytest.mark.parametrize("text", ["2026-03-05T06:07:08Z", "2026-03-05T06:07:08", "2026-03-05T07:07:08+01:00"])
def test_time_without_a_zone_is_utc(text: str) -> None:
    assert selected(text).since == datetime(2026, 3, 5, 6, 7, 8, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), ("6h", 21_600), ("7d", 604_800)])
def test_time_can_be_so_long_ago(text: str, seconds: int) -> None:
    assert selected(text).since == pytest.approx(time.time() - seconds, abs=5)


@pytest.mark.parametrize("text", ["yesterday", "", "5", "5w", "²d"])
def test_text_that_is_no_time_is_bad_usage(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as raised:
        selected(text)
    assert raised.value.exit_code == 2
    assert f"--since {text!r} is no time; write RFC 3339" in capsys.readouterr().err


def test_most_frequent_reason_comes_first() -> None:
    assert by_reason(Counter(empty=1, not_json=2)) == ": 2 not_json, 1 empty"
    assert by_reason(Counter()) == ""
