"""Which dead letters are selected; tests/streaming/deadletters/test_replay.py reads them from a real Kafka."""

from __future__ import annotations

from monitor.streaming.deadletters.letter import Letter
from monitor.streaming.deadletters.read import Selection

LETTER = Letter(
    partition=0, offset=5, failed_at=105.0, topic="articles", source_partition=0, source_offset=5, reason="not_json",
    message="no", key=b"k", value=b"{", headers=(), left_out=None, replays=0,
)  # fmt: skip


def test_letters_are_selected_by_reason_source_partition_and_time() -> None:
    assert Selection().takes(LETTER, None)
    assert Selection(frozenset({"not_json", "empty"}), "lantern", 0, 105.0, 105.1).takes(LETTER, "Lantern")
    assert not Selection(frozenset({"empty"})).takes(LETTER, None)
    assert not Selection(source="Lantern").takes(LETTER, None)
    assert not Selection(partition=1).takes(LETTER, None)
    assert not Selection(since=105.1).takes(LETTER, None)
    assert not Selection(until=105.0).takes(LETTER, None)
