"""Copies linked by a worker that is killed, and by the one that stood by: as by one that nothing disturbed."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator

import pytest

from monitor.metrics import Metrics
from monitor.scoring.copies.record import Copy
from monitor.settings import Settings
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.stages.link import Link
from monitor.streaming.stages.stage import Surroundings
from monitor.streaming.topics import COPIES, FINGERPRINTS
from tests.faults.articles import send, two_ready
from tests.faults.test_templates import made_topics, records_of, wait_until_all_is_read
from tests.kafka.server import Kafka
from tests.kafka.worker import Supervised
from tests.scoring.sources.made_up import NOW, story

__all__ = ["made_topics"]
pytestmark = [pytest.mark.kafka, pytest.mark.slow]

#: Each story is sent by three outlets, the last of which leaves two of its paragraphs out.
STORIES, OUTLETS = 300, 3
SECONDS = 240


def articles(numbers: range) -> Iterator[dict[str, str]]:
    """Each story from each outlet."""
    for outlet in range(OUTLETS):
        for number in numbers:
            lines = story(number, paragraphs=6)
            yield {
                "id": f"{outlet}-{number}",
                "source": f"Outlet {outlet}",
                "content": "\n".join(lines if outlet < 2 else lines[:4]),
            }


def linked_by_one(fingerprints: list[InputRecord]) -> dict[bytes | None, Copy]:
    """What one worker would have said last of each article that was given these."""
    stage = Link.build(Surroundings(Settings(), Metrics(), lambda: NOW))
    outputs = [output for record in fingerprints for output in stage.outputs(record)]
    return {output.key: Copy.decode(output.value or b"") for output in outputs}


def test_the_standby_links_as_an_undisturbed_worker(
    own_broker: Kafka, made_topics: None, start: Callable[..., Supervised]
) -> None:
    address = own_broker.address
    workers = two_ready(start, SECONDS)
    turns = 4
    for turn in range(turns):
        send(address, articles(range(turn * STORIES // turns, (turn + 1) * STORIES // turns)), key="id")
        time.sleep(2)
        # One of the two reads the only partition of fingerprints, the other stands by; each is killed twice.
        workers[turn % 2].signal(signal.SIGKILL)
        time.sleep(8)
    wait_until_all_is_read(address, FINGERPRINTS, "monitor.link", STORIES * OUTLETS)
    expected = linked_by_one(records_of(address, FINGERPRINTS.name))
    assert len(expected) == STORIES * (OUTLETS - 1)
    told = {record.key: Copy.decode(record.value or b"") for record in records_of(address, COPIES.name)}
    assert told == expected
