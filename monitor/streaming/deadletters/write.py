"""Makes, counts and logs dead letters."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from monitor.metrics import Metrics
from monitor.streaming.deadletters.letter import Refused, dead_letter, without_value
from monitor.streaming.engine.records import InputRecord, Output

log = logging.getLogger(__name__)


class DeadLetters:
    """Makes the dead letters of a worker."""

    def __init__(self, topic: str, metrics: Metrics) -> None:
        """``topic`` is the one they are written to."""
        self.topic = topic
        self._metrics = metrics

    def make(self, record: InputRecord, refused: Refused) -> Output:
        """The dead letter of a record, which is counted and logged by its reason."""
        self._metrics.dead_letters.labels(refused.reason).inc()
        log.warning("%s-%d@%d is a dead letter: %s", record.topic, record.partition, record.offset, refused.reason)
        return dead_letter(self.topic, record, refused)

    def make_all(self, record: InputRecord, refusals: Sequence[Refused]) -> list[Output]:
        """The dead letters of what a record holds; only the first has the record's value, which may be megabytes."""
        letters = [self.make(record, refused) for refused in refusals]
        return letters[:1] + [without_value(letter) or letter for letter in letters[1:]]


class Replacements:
    """What to deliver in place of the outputs of one record that are too large for their topics.

    One dead letter for the record, however many of its outputs are too large; and for a dead letter that
    is too large, the same without its value.
    """

    def __init__(self, dead_letters: DeadLetters, record: InputRecord, reason: str) -> None:
        """``reason`` is that of the dead letter."""
        self._dead_letters = dead_letters
        self._record = record
        self._reason = reason
        self._is_made = False

    def __call__(self, output: Output) -> list[Output] | None:
        """The replacement of an output; ``None`` where there is none smaller."""
        if output.topic == self._dead_letters.topic:
            smaller = without_value(output)
            return None if smaller is None else [smaller]
        if self._is_made:
            return []
        self._is_made = True
        size = len(output.value or b"")
        error = ValueError(f"an output of {size} bytes is more than {output.topic} takes")
        return [self._dead_letters.make(self._record, Refused(self._reason, "deliver", error))]
