"""Incidents of sources that break, told by two workers that are killed: as by one that nothing disturbed."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator

import pytest

from monitor.metrics import Metrics
from monitor.scoring.sources.incident import Incident
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.stages.sources import Sources
from monitor.streaming.topics import INCIDENTS, SIGHTINGS
from tests.faults.articles import send, two_ready
from tests.faults.test_templates import made_topics, once_each, records_of, wait_until_all_is_read
from tests.kafka.server import Kafka
from tests.kafka.worker import Supervised
from tests.scoring.sources.made_up import story

__all__ = ["made_topics"]
pytestmark = [pytest.mark.kafka, pytest.mark.slow]

#: Of each source: good articles, the first of them before all else, then bad ones of every second source, then good
#: ones again of every fourth.
SOURCES, FIRST, GOOD, BAD, HEALED = 20, 5, 70, 15, 20
SECONDS = 240


def articles(numbers: range, bad: Callable[[int], bool]) -> Iterator[dict[str, str]]:
    """An article of each source a number; keyed by the source, a source's articles have one order."""
    for number in numbers:
        for source in range(SOURCES):
            lines = (
                [f"Only a line, number {number}."] if bad(source) else story(number * SOURCES + source, paragraphs=6)
            )
            yield {"id": f"{source}-{number}", "source": f"Source {source}", "content": "\n".join(lines)}


def last_of_each(records: list[InputRecord]) -> dict[bytes | None, Incident]:
    return {record.key: Incident.decode(record.value or b"") for record in records}


def told_by_one(sightings: list[InputRecord]) -> dict[bytes | None, Incident]:
    """What one worker would have told that was given these."""
    stage = Sources(Metrics())
    told = [output for record in sightings for output in stage.outputs(record)]
    return {output.key: Incident.decode(output.value or b"") for output in told}


def test_killed_workers_tell_the_incidents_of_an_undisturbed_one(
    own_broker: Kafka, made_topics: None, start: Callable[..., Supervised]
) -> None:
    address = own_broker.address
    workers = two_ready(start, SECONDS)
    # What is known of the sources' templates changes what their articles are judged by; it must stand before the rest.
    send(address, articles(range(FIRST), lambda source: False), key="source")
    time.sleep(12)
    turns = [
        (range(FIRST, GOOD), lambda source: False),
        (range(GOOD, GOOD + BAD), lambda source: source % 2 == 0),
        (range(GOOD + BAD, GOOD + BAD + HEALED), lambda source: source % 4 == 2),
    ]
    for turn, (numbers, bad) in enumerate(turns):
        half = numbers.start + len(numbers) // 2
        send(address, articles(range(numbers.start, half), bad), key="source")
        time.sleep(1)
        workers[turn % 2].signal(signal.SIGKILL)
        send(address, articles(range(half, numbers.stop), bad), key="source")
        time.sleep(8)
    wait_until_all_is_read(address, SIGHTINGS, "monitor.sources", SOURCES * (GOOD + BAD + HEALED))
    sightings = records_of(address, SIGHTINGS.name)
    expected = told_by_one(once_each(sightings))
    assert sum(incident.open for incident in expected.values()) >= SOURCES // 4
    assert sum(not incident.open for incident in expected.values()) >= SOURCES // 4
    assert told_by_one(sightings) == expected
    deadline = time.monotonic() + SECONDS
    while (told := last_of_each(records_of(address, INCIDENTS.name))) != expected:
        differing = [key for key in expected.keys() | told.keys() if expected.get(key) != told.get(key)]
        assert time.monotonic() < deadline, [(expected.get(key), told.get(key)) for key in differing[:2]]
        time.sleep(1)
