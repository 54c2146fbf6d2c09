"""The stage sources: its state is a fold over the sightings, whatever they hold."""

from __future__ import annotations

import msgspec
import pytest

from monitor.metrics import Metrics
from monitor.scoring.sources import stored
from monitor.scoring.sources.incidents import NO_HABITS
from monitor.scoring.sources.sighting import Sighting
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.stages.sources import Sources
from tests.scoring.sources.made_up import NOTICE, are_templates, sighting, story

KEY = b"daily"


def record(value: bytes | None, offset: int = 0, key: bytes | None = KEY) -> InputRecord:
    return InputRecord("articles.sightings", 3, offset, 12.5, key, value)


def sightings(numbers: range, *, first_time: int = 0, source: str = "Daily") -> list[Sighting]:
    """An article a number, as the score stage sees them: each with its place on the topic of articles."""
    return [
        Sighting(
            **{
                **{name: getattr(seen, name) for name in Sighting.__struct_fields__},
                "topic": "articles",
                "offset": i,
                "timestamp": first_time + i,
            }
        )
        for i in numbers
        if (seen := sighting(str(i), [*story(i), NOTICE], source=source))
    ]


def fed(stage: Sources, *seen: Sighting) -> bytes | None:
    """What is stored of the source after these."""
    for offset, each in enumerate(seen):
        assert not stage.outputs(record(each.encode(), offset))
    return stage.save(3, KEY)


def outcome(metrics: Metrics, name: str) -> float:
    return metrics.registry.get_sample_value("monitor_sightings_total", {"outcome": name}) or 0.0


def test_templates_are_known_after_three_articles() -> None:
    saved = fed(Sources(Metrics()), *sightings(range(3)))
    assert saved is not None
    assert are_templates(stored.decode(saved)[1], NOTICE) == [True]


def test_redelivered_sightings_change_nothing() -> None:
    metrics = Metrics()
    seen = sightings(range(40))
    stage = Sources(metrics)
    assert fed(stage, *seen, *seen[20:], *seen[:5]) == fed(Sources(Metrics()), *seen)
    assert (outcome(metrics, "learned"), outcome(metrics, "repeated")) == (40, 25)


def test_offsets_of_a_new_log_are_learned() -> None:
    stage = Sources(Metrics())
    before, after = sightings(range(10)), sightings(range(100, 103))
    renumbered = [
        Sighting(
            **{
                **{name: getattr(seen, name) for name in Sighting.__struct_fields__},
                "offset": i,
                "timestamp": 10_000 + i,
            }
        )
        for i, seen in enumerate(after)
    ]
    saved = fed(stage, *before, *renumbered)
    assert saved is not None
    assert stored.decode(saved)[1].articles > 12


def test_state_that_was_stored_goes_on_as_an_undisturbed_one() -> None:
    seen = sightings(range(20))
    moved = Sources(Metrics())
    half = fed(Sources(Metrics()), *seen[:10])
    assert half is not None
    moved.load(3, KEY, half)
    assert fed(moved, *seen[10:]) == fed(Sources(Metrics()), *seen)


def test_new_source_with_an_empty_third_day_is_learned() -> None:
    stage = Sources(Metrics())
    # From a Monday on, in days since 1970; it sends nothing on the Wednesday.
    for offset, day in enumerate((4, 5, 7, 8, 9)):
        (seen,) = sightings(range(offset, offset + 1), first_time=day * 86_400_000)
        # By the record's own time, which an article's never passes.
        assert not stage.outputs(InputRecord("articles.sightings", 3, offset, day * 86_400.0, KEY, seen.encode()))


def test_archive_teaches_templates_and_no_habits() -> None:
    metrics = Metrics()
    stage = Sources(metrics)
    # A burst of bad articles of years ago, without a place: a share, a flood, and then a silence, had they come now.
    past = [
        msgspec.structs.replace(seen, past=True, topic="", flags=(("thin", 1.0),)) for seen in sightings(range(100))
    ]
    saved = fed(stage, *past)
    assert saved is not None
    assert are_templates(stored.decode(saved)[1], NOTICE) == [True]
    assert stored.decode_habits(saved) == NO_HABITS
    assert not stage.tick(3, 365 * 86_400.0)
    assert outcome(metrics, "learned") == 100
    restarted = Sources(Metrics())
    restarted.load(3, KEY, saved)
    live = sightings(range(100, 103), first_time=10**9)
    assert fed(restarted, *live) == fed(stage, *live)


def test_source_seen_longest_ago_is_forgotten_where_there_are_too_many() -> None:
    metrics = Metrics()
    stage = Sources(metrics, most_sources=2)
    asked = []
    for offset, source in enumerate(("a", "b", "a", "c", "d", "a")):
        seen = msgspec.structs.replace(sighting(f"{offset}", story(offset), source=source), offset=offset)
        asked += [output[:3] for output in stage.outputs(record(seen.encode(), offset, source.encode()))]
    assert asked == [("articles.sightings", b"b", None), ("articles.sightings", b"a", None)]
    for _, key, value in asked:
        assert not stage.outputs(record(value, 9, key))
    assert [stage.save(3, key) is not None for key in (b"a", b"b", b"c", b"d")] == [False, False, True, True]
    assert outcome(metrics, "forgotten") == 2


def test_source_is_forgotten_on_a_record_without_value() -> None:
    metrics = Metrics()
    stage = Sources(metrics)
    fed(stage, *sightings(range(3)))
    stage.outputs(record(None))
    assert stage.save(3, KEY) is None
    assert outcome(metrics, "forgotten") == 1


def test_dropped_partition_is_empty() -> None:
    metrics = Metrics()
    stage = Sources(metrics)
    saved = fed(stage, *sightings(range(3)))
    assert saved is not None
    stage.drop(3)
    assert stage.save(3, KEY) is None
    assert metrics.registry.get_sample_value("monitor_sources_learned") == 0
    stage.load(3, KEY, saved)
    assert metrics.registry.get_sample_value("monitor_sources_learned") == 1


@pytest.mark.parametrize("value", [b"", b"not a sighting", b"\x91" * 100_000])
def test_record_that_does_not_decode_is_refused_and_teaches_nothing(value: bytes) -> None:
    stage = Sources(Metrics())
    before = fed(stage, *sightings(range(2)))
    with pytest.raises(Refused) as raised:
        stage.outputs(record(value))
    assert raised.value.reason == "not_a_sighting"
    assert stage.save(3, KEY) == before


@pytest.mark.parametrize("key", [None, b"evening"])
def test_sighting_under_another_key_is_refused(key: bytes | None) -> None:
    with pytest.raises(Refused):
        Sources(Metrics()).outputs(record(sightings(range(1))[0].encode(), key=key))


def test_stored_record_that_does_not_decode_is_learned_anew() -> None:
    metrics = Metrics()
    stage = Sources(metrics)
    stage.load(3, KEY, b"damaged")
    assert stage.save(3, KEY) is None
    assert metrics.registry.get_sample_value("monitor_unreadable_templates_total") == 1


def test_articles_of_one_record_are_all_learned() -> None:
    seen = [
        Sighting(**{name: getattr(each, name) for name in Sighting.__struct_fields__} | {"offset": 7, "item": i})
        for i, each in enumerate(sightings(range(3)))
    ]
    saved = fed(Sources(Metrics()), *seen, *seen)
    assert saved is not None
    assert round(stored.decode(saved)[1].articles) == 3
