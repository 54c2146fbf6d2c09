"""The stage link: its state is a fold over the fingerprints, whatever they hold."""

from __future__ import annotations

import msgspec
import pytest

from monitor.metrics import Metrics
from monitor.scoring.copies.fingerprint import Fingerprint
from monitor.scoring.copies.record import Copy
from monitor.settings.kafka import TopicNames
from monitor.source_labels import SourceLabels
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.engine.records import InputRecord, Output
from monitor.streaming.stages.link import Link
from tests.scoring.copies.made_up import BEGIN, HOUR, at, fingerprint, linker, story


def stage(metrics: Metrics | None = None) -> Link:
    return Link(metrics or Metrics(), SourceLabels(5), TopicNames(), linker)


def record(
    value: Fingerprint | bytes | None, offset: int = 0, hours: float = 0, key: bytes | None = None
) -> InputRecord:
    data = value.encode() if isinstance(value, Fingerprint) else value
    own = value.id.encode() if isinstance(value, Fingerprint) else b"a"
    return InputRecord("articles.fingerprints", 0, offset, BEGIN + hours * HOUR, key or own, data)


def fed(tested: Link, *prints: Fingerprint) -> list[Output]:
    return [output for offset, each in enumerate(prints) for output in tested.outputs(record(each, offset))]


STREAM = [
    fingerprint("b", story(1), "Evening", published_at=at(-2)),
    fingerprint("c", story(1), "Night", published_at=at(-1)),
    fingerprint("a", story(1), published_at=at(-3)),
    fingerprint("x", story(2)),
]


def test_copy_is_written_under_the_later_id() -> None:
    first, *corrected = fed(stage(), *STREAM)
    assert (first.topic, first.key, first.headers) == ("articles.copies", b"c", (("monitor.schema", b"1"),))
    assert Copy.decode(first.value or b"").earlier.id == "b"
    assert [(each.key, Copy.decode(each.value or b"").earlier.id) for each in corrected] == [(b"b", "a"), (b"c", "a")]


def test_records_that_come_again_write_nothing() -> None:
    tested = stage()
    fed(tested, *STREAM)
    assert fed(tested, *STREAM, *STREAM[1:]) == []


def test_window_that_is_read_again_links_as_the_undisturbed_one() -> None:
    undisturbed, again = stage(), stage()
    fed(undisturbed, *STREAM)
    fed(again, *STREAM)
    later = fingerprint("d", story(1), "Noon")
    assert fed(again, later) == fed(undisturbed, later)


def test_dropped_partition_is_empty() -> None:
    tested = stage()
    fed(tested, *STREAM)
    tested.drop(0)
    assert fed(tested, STREAM[1]) == []


@pytest.mark.parametrize("value", [None, b"", b"not a fingerprint", b"\x91" * 100_000])
def test_record_that_does_not_decode_is_refused_and_changes_nothing(value: bytes | None) -> None:
    tested = stage()
    with pytest.raises(Refused) as raised:
        tested.outputs(record(value))
    assert raised.value.reason == "not_a_fingerprint"
    assert fed(tested, *STREAM) == fed(stage(), *STREAM)


def test_fingerprint_under_another_key_is_refused() -> None:
    with pytest.raises(Refused):
        stage().outputs(record(STREAM[0], key=b"other"))


def test_metrics_tell_outcomes_and_the_window() -> None:
    metrics = Metrics()
    tested = stage(metrics)
    fed(tested, *STREAM, STREAM[0], msgspec.structs.replace(STREAM[3], withdrawn=True))
    tested.tick(0, BEGIN + 60)

    def value(name: str, **labels: str) -> float | None:
        return metrics.registry.get_sample_value(name, labels)

    outcomes = {
        name: value("monitor_fingerprints_total", outcome=name) for name in ("new", "copy", "repeated", "withdrawn")
    }
    assert outcomes == {"new": 3, "copy": 1, "repeated": 1, "withdrawn": 1}
    assert value("monitor_copies_total", source="Night", kind="copy") == 1
    assert value("monitor_copies_corrected_total") == 2
    assert value("monitor_copy_flags_total", code="stale") == 0
    assert value("monitor_copies_window_articles") == 4
    assert value("monitor_copies_window_slices") == 1
    assert (value("monitor_copies_window_oldest_timestamp_seconds") or 0) <= BEGIN
    tested.outputs(record(fingerprint("z", story(9)), hours=100))
    tested.tick(0, BEGIN + 100 * HOUR)
    assert value("monitor_copies_window_dropped_total", cause="time") == 4
