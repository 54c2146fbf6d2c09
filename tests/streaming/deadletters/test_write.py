"""Dead letters are counted, logged, and stand in for what is too large."""

from __future__ import annotations

import logging

import pytest

from monitor.metrics import Metrics
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.deadletters.write import DeadLetters, Replacements
from monitor.streaming.engine.records import InputRecord, Output

RECORD = InputRecord("articles", 2, 7, 12.5, b"k", b'{"content": "a text of its own', (("h", b"1"), ("none", b"")))


def counted(metrics: Metrics, reason: str) -> float | None:
    return metrics.registry.get_sample_value("monitor_dead_letters_total", {"reason": reason})


def test_dead_letter_is_counted_and_logged_without_the_text(caplog: pytest.LogCaptureFixture) -> None:
    metrics = Metrics()
    with caplog.at_level(logging.INFO):
        dead = DeadLetters("articles.dead", metrics).make(RECORD, Refused("not_json", "decode", ValueError("no")))
    assert (dead.topic, dead.key, dead.value) == ("articles.dead", b"k", RECORD.value)
    headers = dict(dead.headers)
    assert headers["monitor.reason"] == b"not_json"
    assert headers["__connect.errors.offset"] == b"7"
    assert (headers["h"], headers["none"]) == (b"1", b"")
    assert headers["monitor.timestamp"] == b"12500"
    assert counted(metrics, "not_json") == 1
    assert "articles-2@7 is a dead letter: not_json" in caplog.text
    assert "a text of its own" not in caplog.text


def test_outputs_too_large_are_replaced_by_one_dead_letter() -> None:
    metrics = Metrics()
    replacements = Replacements(DeadLetters("articles.dead", metrics), RECORD, "verdict_too_large")
    scored, flagged = Output("articles.scored", b"a", b"x"), Output("articles.flagged", b"a", b"x")
    given = replacements(scored)
    assert given is not None
    (dead,) = given
    reason = dict(dead.headers)["monitor.reason"]
    assert (dead.topic, dead.value, reason) == ("articles.dead", RECORD.value, b"verdict_too_large")
    assert replacements(flagged) == [], "one dead letter a record"
    assert counted(metrics, "verdict_too_large") == 1


def test_dead_letter_too_large_goes_without_its_value() -> None:
    dead_letters = DeadLetters("articles.dead", Metrics())
    replacements = Replacements(dead_letters, RECORD, "verdict_too_large")
    dead = dead_letters.make(RECORD, Refused("not_json", "decode", ValueError("no")))
    given = replacements(dead)
    assert given is not None
    (smaller,) = given
    assert smaller.value is None
    assert replacements(smaller) is None
