"""Incidents as the stage sources tells them: records out, by a fold over the sightings alone."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from monitor.metrics import Metrics
from monitor.scoring.sources import stored
from monitor.scoring.sources.decision import Decision
from monitor.scoring.sources.incident import Incident
from monitor.scoring.sources.sighting import Sighting
from monitor.streaming.engine.records import InputRecord, Output
from monitor.streaming.engine.state import Folded
from monitor.streaming.stages.sources import Sources
from tests.scoring.sources.habits import DAY, MONDAY, evenly

KEY = b"daily"
#: Days until habits are known, and articles a day until then.
KNOWN_DAYS, A_DAY = 22, 24
KNOWN = MONDAY + KNOWN_DAYS * DAY


def records(
    times: Iterable[tuple[float, str, tuple[str, ...]]], *, lag: float = 1.0, first: int = 0
) -> Iterator[InputRecord]:
    """The sightings of articles at these times, of these sources, with these flags; scored so many seconds later."""
    for number, (at, source, codes) in enumerate(times, first):
        sighting = Sighting(
            id=f"{source} {number}", source=source, topic="articles", offset=number, timestamp=round(at * 1000),
            flags=tuple((code, 0.5) for code in codes),
        )  # fmt: skip
        yield InputRecord("articles.sightings", 0, number, at + lag, source.casefold().encode(), sighting.encode())


def month(
    days: float = KNOWN_DAYS, begin: float = MONDAY, of: tuple[str, ...] = ("Daily", "Evening")
) -> list[tuple[float, str, tuple[str, ...]]]:
    return [(at, source, ()) for at in evenly(begin, days, A_DAY) for source in of]


def folded(stage: Sources, seen: Iterable[InputRecord], state: Folded | None = None) -> tuple[Folded, list[Incident]]:
    """What the engine would have written of some records, and how far it is then."""
    state = state or Folded(stage, 0, 0, stores=True)
    outputs: list[Output] = []
    for record in seen:
        outputs += [output for output in state.outputs(record) if isinstance(output, Output)]
        outputs += state.advance(record)
    return state, [Incident.decode(output.value or b"") for output in outputs]


def last_of_each(told: Iterable[Incident]) -> dict[str, Incident]:
    return {incident.record_key: incident for incident in told}


def test_silent_source_is_told_by_the_time_of_the_others() -> None:
    stage = Sources(Metrics())
    _, told = folded(stage, records([*month(), *month(1, KNOWN, ("Evening",))]))
    assert (told[0].key, told[0].kind, told[0].open) == ("daily", "silence", True)
    assert {incident.key for incident in told} == {"daily"}
    example = told[0].examples[0]
    assert (example.topic, example.before) == ("articles", True)
    assert example.offset in (2 * A_DAY * KNOWN_DAYS - 1, 2 * A_DAY * KNOWN_DAYS - 2)


def test_silence_is_told_where_all_sources_of_a_partition_are_silent() -> None:
    stage = Sources(Metrics())
    alone = [record._replace(partition=1) for record in records(month(of=("Daily",)))]
    told = [output for record in alone for output in stage.outputs(record)]
    assert not told
    others = records([*month(1, KNOWN, ("Evening",))], first=len(alone))
    _, incidents = folded(stage, others)
    assert {(incident.key, incident.kind, incident.open) for incident in incidents} == {("daily", "silence", True)}


def test_restarted_stage_tells_what_an_undisturbed_one_tells() -> None:
    seen = list(
        records(
            [
                *month(),
                *[(at, "Evening", ("thin",)) for at in evenly(KNOWN, 1, A_DAY)],
                *month(2, KNOWN + DAY),
            ]
        )
    )
    _, undisturbed = folded(Sources(Metrics()), seen)
    assert {(incident.key, incident.kind) for incident in undisturbed} == {("daily", "silence"), ("evening", "share")}
    draw = random.Random(1)
    stage, told = Sources(Metrics()), []
    state: Folded | None = None
    for cut in [*sorted(draw.sample(range(2 * A_DAY * KNOWN_DAYS, len(seen)), 12)), len(seen)]:
        begin = 0 if state is None else state.next_offset
        state, more = folded(stage, seen[begin:cut], state)
        told += more
        # Killed: what was stored comes back, the clock and the queue do not.
        snapshot = state.snapshot(100)
        stage = Sources(Metrics())
        for each in {item.key: item for item in snapshot}.values():
            assert each.value is not None
        for key in (b"daily", b"evening"):
            value = state.stage.save(0, key)
            assert value is not None
            stage.load(0, key, value)
        state = Folded(stage, 0, cut, stores=True)
    assert last_of_each(told) == last_of_each(undisturbed)


def test_redelivered_sightings_open_nothing_twice() -> None:
    seen = list(records([*month(), *[(at, "Daily", ("thin",)) for at in evenly(KNOWN, 1, A_DAY)]]))
    once, twice = Sources(Metrics()), Sources(Metrics())
    told = [output for record in seen for output in once.outputs(record)]
    assert [output for record in (*seen, *seen[-60:]) for output in twice.outputs(record)] == told


def test_backlog_of_a_day_caught_up_in_an_hour_opens_nothing() -> None:
    live = list(records(month()))
    # For a day nothing is scored; then the day comes within an hour, from two partitions, one hours behind the other.
    backlog = month(1, KNOWN)
    ahead = [each for each in backlog if each[1] == "Daily"]
    behind = [each for each in backlog if each[1] == "Evening"]
    mixed = [*ahead[:30], *behind[:2], *ahead[30:], *behind[2:]]
    caught_up = []
    for number, (at, source, _) in enumerate(mixed, len(live)):
        sighting = Sighting(
            id=f"{number}", source=source, topic="articles", partition=int(source == "Evening"), offset=number,
            timestamp=round(at * 1000),
        )  # fmt: skip
        scored = KNOWN + DAY + number
        caught_up.append(
            InputRecord("articles.sightings", 0, number, scored, source.casefold().encode(), sighting.encode())
        )
    stage = Sources(Metrics())
    state, told = folded(stage, live)
    # It was in the first partition so far.
    _, more = folded(stage, caught_up, state)
    assert (told, more) == ([], [])


def test_thousands_of_new_sources_in_an_hour_open_nothing() -> None:
    stage = Sources(Metrics())
    seen = records((MONDAY + n * 1.8, f"Source {n}", ("thin",)) for n in range(2_000))
    assert folded(stage, seen)[1] == []


def test_close_by_a_person_is_a_record_that_is_folded() -> None:
    seen = list(records([*month(), *[(at, "Daily", ("thin",)) for at in evenly(KNOWN, 1, A_DAY)]]))
    stage = Sources(Metrics())
    state, told = folded(stage, seen)
    word = Decision(source="Daily", incident=told[-1].id, close=True, person="Ann", note="as agreed")
    mute = Decision(source="Daily", incident=told[-1].id, muted_until=KNOWN + 12 * DAY, person="Bo")
    spoken = [
        InputRecord("articles.sightings", 0, len(seen) + n, KNOWN + DAY + n, KEY, each.encode())
        for n, each in enumerate((mute, word, mute))
    ]
    _, decided = folded(stage, spoken, state)
    assert [(incident.open, incident.person, incident.note) for incident in decided] == [
        (True, "Bo", ""),
        (False, "Ann", "as agreed"),
    ]
    assert stage.save(0, KEY) is not None


def test_person_can_mute_a_silence_right_after_a_restart() -> None:
    stage = Sources(Metrics())
    seen = list(records([*month(), *month(1, KNOWN, ("Evening",))]))
    _, told = folded(stage, seen)
    restarted = Sources(Metrics())
    for key in (KEY, b"evening"):
        restarted.load(0, key, stage.save(0, key) or b"")
    (later,) = records([(KNOWN + DAY, "Evening", ())], first=len(seen))
    restarted.outputs(later)
    mute = Decision(source="Daily", incident=told[0].id, muted_until=KNOWN + 12 * DAY)
    muted = restarted.outputs(InputRecord("articles.sightings", 0, len(seen) + 1, KNOWN + DAY, KEY, mute.encode()))
    last = Incident.decode(muted[-1].value or b"")
    assert (last.id, last.open) == (told[0].id, True)
    assert last.muted(datetime.fromtimestamp(KNOWN + 2 * DAY, UTC))


def test_forgotten_source_has_its_incident_closed() -> None:
    seen = list(records([*month(), *[(at, "Daily", ("thin",)) for at in evenly(KNOWN, 1, A_DAY)]]))
    stage = Sources(Metrics())
    folded(stage, seen)
    (output,) = stage.outputs(InputRecord("articles.sightings", 0, len(seen), KNOWN + DAY, KEY, None))
    assert Incident.decode(output.value or b"").ending == "forgotten"


def test_habits_that_do_not_decode_are_learned_anew() -> None:
    metrics = Metrics()
    stage = Sources(metrics)
    folded(stage, records(month(2)))
    value = stage.save(0, KEY)
    assert value is not None
    damaged = msgspec.msgpack.encode(msgspec.msgpack.decode(value) | {"habits": ["no"]})
    stage.load(0, KEY, damaged)
    assert metrics.registry.get_sample_value("monitor_unreadable_habits_total") == 1
    assert stored.decode(stage.save(0, KEY) or b"")[0] == "Daily"


def test_opened_and_closed_incidents_are_counted() -> None:
    metrics = Metrics()
    flagged = [(at, "Daily", ("thin",)) for at in evenly(KNOWN, 1, A_DAY)]
    folded(Sources(metrics), records([*month(), *flagged, *month(1, KNOWN + DAY)]))
    count = metrics.registry.get_sample_value
    assert count("monitor_incidents_total", {"kind": "share", "event": "opened"}) == 1
    assert count("monitor_incidents_total", {"kind": "share", "event": "closed"}) == 1
