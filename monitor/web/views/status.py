"""How the monitor is, in a line: whether it reads, and whether Kafka answers."""

from __future__ import annotations

from typing import NamedTuple

from prometheus_client.metrics import MetricWrapperBase

from monitor.metrics import Metrics
from monitor.streaming.health.awaited import Health
from monitor.streaming.health.silence import is_silent, silence
from monitor.web.follow.tail import LOOK_SECONDS, KafkaState
from monitor.web.kept.board import Board


class Status(NamedTuple):
    """What stands at the top of the first page."""

    #: Each is a sentence; none where all is well.
    wrong: tuple[str, ...]
    #: What is going on, where nothing is wrong.
    doing: str
    #: Whether all that was there is read, and Kafka answers.
    reads: bool


class Surveyor:
    """Says how the process and Kafka are."""

    def __init__(self, board: Board, metrics: Metrics, health: Health, works: bool) -> None:
        """``works`` is whether a worker runs in this process."""
        self._board = board
        self._metrics = metrics
        self._health = health
        self._works = works

    def status(self) -> Status:
        """How it is now."""
        now, kafka = self._board.clock(), self._board.kafka()
        wrong = list(self._health.hangs() + self._health.not_ready())
        if kafka.answered_at is None:
            if is_silent(now - self._board.since, LOOK_SECONDS):
                wrong.append("Kafka has not answered the pages yet")
        elif is_silent(now - kafka.answered_at, LOOK_SECONDS) and not any("Kafka" in each for each in wrong):
            wrong.append(silence(now - kafka.answered_at))
        return Status((*wrong, *kafka.problems), self._doing(now, kafka), kafka.caught_up)

    def _doing(self, now: float, kafka: KafkaState) -> str:
        if kafka.answered_at is None:
            return "Waiting for Kafka"
        reads = "Reading" if kafka.caught_up else "Reading what came before"
        partitions = ""
        if self._works:
            held = total(self._metrics.partitions)
            partitions = f", this worker holds {held} partitions" if held != 1 else ", this worker holds 1 partition"
        elif kafka.partitions:
            partitions = f" the verdicts on {kafka.partitions} partitions"
        return f"{reads}{partitions}; Kafka answered {max(0, int(now - kafka.answered_at))} s ago"

    def lag_seconds(self) -> float | None:
        """The longest lag of this worker's partitions; ``None`` where it has none, or none runs here."""
        samples = [s.value for family in self._metrics.lag_seconds.collect() for s in family.samples]
        return max(samples) if samples and self._works else None


def total(metric: MetricWrapperBase) -> int:
    """The sum of a metric's series, of which there are few: a partition, a reason."""
    return int(sum(s.value for family in metric.collect() for s in family.samples))
