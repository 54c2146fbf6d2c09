"""How far a state is folded, and what is stored of it: every way back gives what a fresh reading gives."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from monitor.streaming.engine.records import InputRecord, Output
from monitor.streaming.engine.state import Folded, Stored, StoredRecords, last_tick, stored_of
from tests.streaming.engine.distinct import Counts


def a_log(draw: random.Random, length: int) -> list[InputRecord]:
    """Records with gaps in their offsets, some of them twice, with times that jump and stand still."""
    records: list[InputRecord] = []
    offset, time = 0, 1_000_000.0
    for _ in range(length):
        offset += draw.choice([1, 1, 1, 2, 5])
        time += draw.choice([0.0, 0.5, 7.0, 300.0]) * draw.random()
        key, value = b"key-%d" % draw.randrange(12), b"%d" % offset
        if records and draw.random() < 0.2:
            earlier = draw.choice(records[-30:])
            key, value = earlier.key or b"", earlier.value or b""
        records.append(InputRecord("sightings", 0, offset, round(time - draw.choice([0, 0, 90]), 3), key, value))
    return records


def fold(folded: Folded, records: list[InputRecord]) -> None:
    for record in records:
        folded.outputs(record)
        folded.advance(record)


def between(records: list[InputRecord], begin: int, end: int) -> list[InputRecord]:
    return [record for record in records if begin <= record.offset < end]


def fresh(records: list[InputRecord], end: int) -> Counts:
    stage = Counts()
    fold(Folded(stage, 0, 0), between(records, 0, end))
    return stage


@pytest.mark.parametrize("seed", range(40))
def test_any_restart_gives_the_state_of_a_fresh_reading(seed: int) -> None:
    draw = random.Random(seed)
    records = a_log(draw, 600)
    end = records[-1].offset + 1
    topic: list[Stored] = []
    stage = Counts()
    folded = Folded(stage, 0, 0, stores=True)
    committed = 0
    while committed < end:
        # As far as it gets; what is stored on the way has been committed before; then it is killed.
        for _ in range(draw.randrange(1, 6)):
            goal = min(folded.next_offset + draw.randrange(40), end)
            fold(folded, between(records, folded.next_offset, goal))
            folded.reached(goal)
            committed = max(committed, goal)
            snapshot = folded.snapshot(draw.choice([2, 5, 100]))
            if draw.random() < 0.3:
                folded.put_back(snapshot)
                continue
            topic += snapshot
        committed = min(end, committed + draw.randrange(15))
        if draw.random() < 0.5:
            # Compacted: the last of each key is left.
            topic = list({stored.key: stored for stored in topic}.values())
        stored_records = StoredRecords(committed, end)
        for written, stored in enumerate(topic):
            stored_records.add(stored, written)
        stage = Counts()
        folded = stored_records.load(stage, 0, 0)
        fold(folded, between(records, folded.next_offset, committed))
        folded.reached(committed)
        assert stage.keys(0) == fresh(records, committed).keys(0)


def test_reading_begins_where_the_first_key_waits_to_be_stored() -> None:
    records = [InputRecord("sightings", 0, offset, 1.0, b"%d" % offset, b"v") for offset in range(10)]
    folded = Folded(Counts(), 0, 0, stores=True)
    fold(folded, records[:6])
    assert {stored.read_from for stored in folded.snapshot(4)} == {0}
    fold(folded, records[6:])
    stored = folded.snapshot(100)
    assert [(s.offset, s.read_from) for s in stored] == [(10, 4)] * 6
    assert folded.snapshot(100) == []


def test_a_snapshot_that_is_put_back_is_stored_again() -> None:
    records = [InputRecord("sightings", 0, offset, 1.0, b"%d" % (offset % 2), b"v") for offset in range(4)]
    folded = Folded(Counts(), 0, 0, stores=True)
    fold(folded, records[:2])
    snapshot = folded.snapshot(100)
    fold(folded, records[2:])
    folded.put_back(snapshot)
    assert folded.unstored == {b"0": 0, b"1": 0}


def test_a_state_of_beyond_the_committed_offset_is_not_used() -> None:
    stored_records = StoredRecords(committed=10, end=100)
    stored_records.add(Stored(b"a", b'[7, {"x": 1.0}]', 8, 6, 1.0), 1.0)
    stored_records.add(Stored(b"b", b'[9, {"x": 1.0}]', 20, 15, 1.0), 2.0)
    stage = Counts()
    folded = stored_records.load(stage, 0, 0)
    assert stage.keys(0) == {b"a": (7, {"x": 1.0})}
    assert folded.next_offset == 0, "what was stored of b before may be compacted away: all is read again"


def test_a_state_of_a_lost_log_is_gone_on_with() -> None:
    stored_records = StoredRecords(committed=3, end=10)
    stored_records.add(Stored(b"a", b'[7, {"x": 1.0}]', 5000, 4000, 1.0), 1.0)
    stage = Counts()
    folded = stored_records.load(stage, 0, 0)
    fold(folded, [InputRecord("sightings", 0, 2, 5.0, b"a", b"y")])
    assert stage.keys(0)[b"a"][0] == 8


def test_old_offsets_with_later_times_are_of_a_newer_log() -> None:
    stored_records = StoredRecords(committed=6000, end=6000)
    stored_records.add(Stored(b"a", b'[7, {"x": 1.0}]', 5000, 10, 1.0), 1.0)
    stage = Counts()
    folded = stored_records.load(stage, 0, 0)
    fold(folded, [InputRecord("sightings", 0, 20, 0.5, b"a", b"y"), InputRecord("sightings", 0, 21, 9.0, b"a", b"z")])
    assert stage.keys(0)[b"a"][0] == 8


def test_ticks_come_once_a_slice_whatever_the_order_of_times() -> None:
    class Ticks(Counts):
        def __init__(self) -> None:
            super().__init__()
            self.times: list[float] = []

        def tick(self, partition: int, stream_time: float) -> Sequence[Output]:
            self.times.append(stream_time)
            return ()

    stage = Ticks()
    times = [10.0, 70.0, 65.0, 119.0, 30.0, 120.0, 500.0]
    fold(Folded(stage, 0, 0), [InputRecord("s", 0, offset, time, b"k", b"v") for offset, time in enumerate(times)])
    assert stage.times == [60.0, 120.0, 480.0]
    assert last_tick(59.9, 60.0) == 0.0


def test_a_stored_record_reads_back_from_its_headers() -> None:
    stored = Stored(b"a", b"v", 12, 3, 4.567)
    assert stored_of(b"a", b"v", stored.headers("sightings-3")) == ("sightings-3", stored)
    assert stored_of(b"a", b"v", ()) is None
