"""Records to send: articles with an id of their own, poison, tombstones."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Mapping

from confluent_kafka import Producer

from tests.kafka.worker import Supervised

SENTENCES = (
    "The harbour board met on Tuesday to settle the winter timetable of the island ferry.",
    "Three captains spoke against the later sailing, which they called a danger in fog.",
    "The mayor answered that the school children could not be left on the quay until dark.",
    "A vote is expected before the end of the month, and the ferry keeps its hours until then.",
    "Repairs to the northern breakwater will begin in spring once the ice has gone, the engineer said.",
)
#: The last is a tombstone without a key.
POISON = (b"{", b"\xff\xfe\x00", b"[]", b'{"id": "x"}', b'{"content": 5}', b'{"content": ""}', b"null", None)


def send(address: str, articles: Iterable[Mapping[str, str]], key: str) -> None:
    """Send articles as they are, keyed by one of their fields, and wait until the broker has them all."""
    producer = Producer({"bootstrap.servers": address, "log_level": 2})
    for sent in articles:
        producer.produce("articles", json.dumps(sent).encode(), sent[key].encode())
    assert producer.flush(60) == 0


def two_ready(start: Callable[..., Supervised], seconds: float) -> list[Supervised]:
    """Two workers, each ready within so many seconds."""
    workers = [start(), start()]
    for worker in workers:
        worker.wait_ready(seconds)
    return workers


def article(number: int, size: int = 1) -> bytes:
    """An article whose id is ``a-NUMBER``, of ``size`` times five sentences."""
    body = "\n".join(f"{sentence} ({number}-{turn})" for turn in range(size) for sentence in SENTENCES)
    return json.dumps({"id": f"a-{number}", "title": "Ferry", "content": body, "source": "Lantern"}).encode()


def record(number: int, poison: float, tombstones: float, size: int = 1) -> bytes | None:
    """An article, or with these probabilities poison or a tombstone; the same for the same number."""
    draw = random.Random(number).random()
    if draw < tombstones:
        return None
    return POISON[number % len(POISON)] if draw < tombstones + poison else article(number, size)
