"""A stage for tests, without state: says how long each record is, and refuses what is empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from monitor.settings.kafka import TopicNames
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.engine.records import InputRecord, Output
from monitor.streaming.stages.stage import Stage, Surroundings
from monitor.streaming.topics import ARTICLES, Topic

LENGTHS = Topic("articles.lengths", "the record's own", "how many bytes a record has", max_bytes=1_000, partitions=2)
KNOWN = Topic("articles.known", "source", "what is known of a source", retention=None)


class Lengths(Stage):
    """One output a record, under its key."""

    name = "lengths"
    reads = ARTICLES
    writes = (LENGTHS,)
    follows = (KNOWN,)
    reasons = ("empty_value",)

    def __init__(self, names: TopicNames) -> None:
        self._lengths = LENGTHS.full_name(names)

    @classmethod
    def build(cls, surroundings: Surroundings) -> Self:
        """The stage under the settings' names."""
        return cls(surroundings.settings.topic_names)

    def outputs(self, record: InputRecord) -> Sequence[Output]:
        """The length; an empty record is refused, one that holds ``defect`` raises."""
        if not record.value:
            raise Refused("empty_value", "measure", ValueError("the record is empty"))
        if record.value == b"defect":
            raise ZeroDivisionError
        return [Output(self._lengths, record.key, b"%d" % len(record.value))]
