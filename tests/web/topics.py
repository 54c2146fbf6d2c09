"""The topics without a Kafka: articles that are scored by the stage score, and given to the pages as their records."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from monitor.metrics import Metrics
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.copies.record import Place
from monitor.scoring.score import Scorer
from monitor.settings import Settings
from monitor.source_labels import SourceLabels
from monitor.streaming.deadletters.letter import Refused, dead_letter
from monitor.streaming.engine.records import InputRecord, Output
from monitor.streaming.stages.score import Score
from monitor.web.follow.fetch import Away
from monitor.web.kept.board import Board


@cache
def scorer() -> Scorer:
    return Scorer(Model.load(), Settings().thresholds_for)


class Topics:
    """The records of all topics, each of one partition."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._records: dict[tuple[str, int], InputRecord] = {}
        self._ends: dict[str, int] = {}
        self._take = {topic.name: topic.take for topic in board.followed()}
        self.now = datetime.now(UTC)
        self._stage: Score | None = None
        #: Whether Kafka gives no records.
        self.away = False

    def article(self, **fields: Any) -> Place:
        """Send an article, as its fields; gives where it lies."""
        return self.send(json.dumps(fields).encode())

    def send(self, value: bytes | None) -> Place:
        """Send a record, which is scored as soon as it is there."""
        if self._stage is None:
            settings = Settings()
            self._stage = Score(
                settings.decoder(), scorer(), settings.topic_names, Metrics(), SourceLabels(5), lambda: self.now
            )
        record = self.append("articles", None, value)
        try:
            outputs = self._stage.outputs(record)
        except Refused as refused:
            outputs = [dead_letter("articles.dead", record, refused)]
        for output in outputs:
            assert isinstance(output, Output)
            self.append(output.topic, output.key, output.value, output.headers)
        return Place("articles", 0, record.offset)

    def append(
        self, topic: str, key: bytes | None, value: bytes | None, headers: tuple[tuple[str, bytes], ...] = ()
    ) -> InputRecord:
        offset = self._ends.get(topic, 0)
        self._ends[topic] = offset + 1
        record = InputRecord(topic, 0, offset, self.now.timestamp(), key, value, headers)
        self._records[topic, offset] = record
        if topic in self._take:
            self._take[topic](record)
        return record

    def delete(self, place: Place) -> None:
        """As retention does."""
        del self._records[place.topic, place.offset]

    def fetch(self, place: Place) -> InputRecord | None:
        if self.away:
            raise Away("Kafka does not give it")
        return self._records.get((place.topic, place.offset))
