"""How it is, in a line."""

from __future__ import annotations

from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming.health.awaited import Health
from monitor.web.follow.tail import KafkaState
from monitor.web.kept.board import Board
from monitor.web.views.status import Surveyor


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Place:
    def __init__(self, works: bool = True) -> None:
        self.clock = Clock()
        self.board = Board(Settings(), self.clock)
        self.metrics, self.health = Metrics(), Health()
        self.health.set_ready("assignment")
        self.surveyor = Surveyor(self.board, self.metrics, self.health, works)

    def kafka(self, *args: object, **fields: object) -> None:
        state = KafkaState(*args, **fields)  # type: ignore[arg-type]
        self.board.kafka = lambda: state


def test_idle_worker_is_not_well_while_kafka_is_away() -> None:
    place = Place()
    place.kafka(place.clock.now - 2, caught_up=True)
    place.metrics.partitions.set(4)
    assert place.surveyor.status().wrong == ()
    assert place.surveyor.status().doing == "Reading, this worker holds 4 partitions; Kafka answered 2 s ago"
    place.clock.now += 30
    assert place.surveyor.status().wrong == ("Kafka has not answered for 32 s; what is shown is as old",)
    place.health.set_ready("kafka", "Kafka has not answered for 20 s; what is shown is as old")
    assert len(place.surveyor.status().wrong) == 1, "it is said once"


def test_kafka_that_never_answered_is_said_after_a_while() -> None:
    place = Place()
    assert place.surveyor.status() == ((), "Waiting for Kafka", False)
    place.clock.now += 30
    assert place.surveyor.status().wrong == ("Kafka has not answered the pages yet",)


def test_pages_on_their_own_tell_of_all_partitions_and_of_topics_that_miss() -> None:
    place = Place(works=False)
    place.kafka(place.clock.now, True, 12, ("there is no topic articles.dead",))
    status = place.surveyor.status()
    assert status.doing.startswith("Reading the verdicts on 12 partitions")
    assert status.wrong == ("there is no topic articles.dead",)
    assert place.surveyor.lag_seconds() is None


def test_lag_is_that_of_the_worst_partition() -> None:
    place = Place()
    assert place.surveyor.lag_seconds() is None
    place.metrics.lag_seconds.labels("g", "articles", "0").set(3)
    place.metrics.lag_seconds.labels("g", "articles", "1").set(9)
    assert place.surveyor.lag_seconds() == 9
