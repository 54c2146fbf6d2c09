"""Kinds that are known and not read."""

from __future__ import annotations

import time

import pytest

from monitor.articles.beginning import Beginning
from monitor.articles.formats.unread import (
    KINDS,
    KINDS_OF_TEXT,
    Unread,
    unread_by_content,
    unread_by_name,
    unread_by_type,
)

PROSE = (
    "From the start, the ferry was late.\nFrom then on it sailed.",
    "--- The ferry sails.",
    "Subject: the ferry.\nIt sails again, says the mayor.",
    "Note: this is a story.\nSource: the mayor.\nThe ferry sails.",
    "%percent and PK are words",
    "AAAA " * 100,
)


@pytest.mark.parametrize("text", PROSE)
def test_prose_is_not_taken_for_another_kind(text: str) -> None:
    beginning = Beginning.of(text.encode(), None)
    assert unread_by_content(beginning) is None
    assert unread_by_content(beginning, KINDS_OF_TEXT) is None


@pytest.mark.parametrize("kind", KINDS + KINDS_OF_TEXT, ids=lambda kind: kind.title)
def test_each_kind_is_refused_by_its_names(kind: Unread) -> None:
    for content_type in kind.content_types:
        assert kind.title in str(unread_by_type(content_type))
    for ending in kind.endings:
        assert unread_by_name(f"file{ending}") is not None


@pytest.mark.parametrize(
    "piece", [b"Ab: b\n", b"Ab: b\n \n", b"a: b\n", b" ", b"A", b"PK\x03\x04", b"A" * 70 + b"\n", b"\x16"]
)
def test_hostile_beginnings_take_no_time(piece: bytes) -> None:
    beginning = Beginning.of(piece * (65_536 // len(piece)), None)
    begin = time.process_time()
    unread_by_content(beginning)
    unread_by_content(beginning, KINDS_OF_TEXT)
    assert time.process_time() - begin < 2
