"""The topics without a Kafka: articles that are scored by the stage score, and given to the pages as their records."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from monitor.metrics import Metrics
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.copies.record import Comparison, Copy, Outlet, Place, Reach
from monitor.scoring.score import Scorer
from monitor.scoring.sources import stored
from monitor.scoring.sources.incident import Incident
from monitor.scoring.sources.sighting import Sighting, source_key
from monitor.scoring.sources.templates import SourceTemplates
from monitor.scoring.verdict import Flag
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
        self._sightings: list[Sighting] = []
        #: Whether Kafka gives no records.
        self.away = False
        self.fetched = 0

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
            if output.topic == "articles.sightings":
                self._sightings.append(Sighting.decode(output.value or b""))
        return Place("articles", 0, record.offset)

    def incident(self, source: str, **fields: Any) -> Incident:
        """Open an incident of a source, or close it."""
        moment = self.now - timedelta(minutes=12)
        given: dict[str, Any] = {
            "id": "0123456789", "source": source, "key": source_key(source), "kind": "share", "code": "repeated_body",
            "since": moment, "opened": moment, "updated": self.now, "before": 0.02, "now": 0.41, "articles": 80,
            "affected": 33, "score": 31.0,
        }  # fmt: skip
        incident = Incident(**given | fields)
        self.append("sources.incidents", incident.record_key.encode(), incident.encode())
        return incident

    def copy(self, earlier: Place, later: Place, ids: tuple[str, str], sources: tuple[str, str], **fields: Any) -> None:
        """Say that an article is a copy of an earlier one."""
        outlets = [
            Outlet(id=i, source=s, title=f"The ferry, by {s}", place=p, published_at=self.now - timedelta(minutes=m))
            for i, s, p, m in zip(ids, sources, (earlier, later), (50, 20), strict=True)
        ]
        given: dict[str, Any] = {
            "kind": "copy", "article": outlets[1], "earlier": outlets[0],
            "comparison": Comparison(similarity=0.8, coverage=0.9, added=0.1), "headline_changed": True,
            "age_seconds": 1800.0, "provenance": "Reuters",
            "reach": Reach(copies=2, outlets=2, first_at=self.now, last_at=self.now),
            "flags": (Flag("copy", 0.8, "a copy"), Flag("headline_changed", 1.0, "another headline")),
        }  # fmt: skip
        copy = Copy(**given | fields)
        record = self.append("articles.copies", ids[1].encode(), copy.encode())
        if "articles.copies" not in self._take:
            self._board.copies.take(record)

    def learn(self, source: str, *places: Place) -> None:
        """Let what the articles at these places always send be known of a source."""
        known = SourceTemplates()
        for place in places:
            for sighting in self._sightings:
                if (sighting.topic, sighting.offset) == (place.topic, place.offset):
                    known = known.learn(sighting)
        self.append("sources.templates", source_key(source).encode(), stored.encode(source, known))

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
        self.fetched += 1
        if self.away:
            raise Away("Kafka does not give it")
        return self._records.get((place.topic, place.offset))
