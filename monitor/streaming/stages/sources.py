"""The stage sources: sightings in, what each source always sends, and incidents of those that break.

Reads ``articles.sightings``, by the source. Its state is what is known of each source: its templates
(``scoring/sources/templates.py``), at most 4,096 marks and the last 16 articles, 37 KB, for most far less; and its
habits (``incident_watch.py``), some 300 bytes, at most 14 KB. Both are stored in ``sources.templates`` by the same key,
and every scorer follows that topic. Of a partition's sources at most :data:`MOST_SOURCES` are kept: for each more the
one that was seen longest ago is forgotten, by a record like a person's. Incidents are written to ``sources.incidents``
as they open, grow and close, and followed from there, so that every worker exports the open ones of all sources. A
sighting that was delivered twice is told by where its article lies. One of an archive (``monitor templates learn``)
teaches templates and no habits. A record without a value is a person's word that the source be forgotten; a
``Decision`` one about an incident. What does not decode is refused; it teaches nothing.
"""

from __future__ import annotations

import logging
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from functools import partial
from itertools import product
from typing import Self

from monitor.metrics import Metrics
from monitor.scoring.score import NOTHING_KNOWN
from monitor.scoring.sources import stored
from monitor.scoring.sources.clock import IDLE_SECONDS
from monitor.scoring.sources.decision import Decision
from monitor.scoring.sources.incident import KINDS, Incident
from monitor.scoring.sources.incident_watch import IncidentWatch
from monitor.scoring.sources.incidents import Watch
from monitor.scoring.sources.sighting import Sighting, Unreadable
from monitor.scoring.sources.templates import SourceTemplates
from monitor.settings.kafka import TopicNames
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.engine.records import InputRecord, Output
from monitor.streaming.incident_records import incident_output
from monitor.streaming.open_incidents import OpenIncidents
from monitor.streaming.stages.stage import Stage, Surroundings
from monitor.streaming.topics import INCIDENTS, SIGHTINGS, TEMPLATES, Topic

log = logging.getLogger(__name__)

NOT_A_SIGHTING = "not_a_sighting"
LEARNED, REPEATED, FORGOTTEN, DECIDED = "learned", "repeated", "forgotten", "decided"
OPENED, CLOSED = "opened", "closed"
#: Sources of a partition that are kept, some 150 MB: so that names which are all different cannot fill the memory.
MOST_SOURCES = 25_000
DEFAULT_WATCH, DEFAULT_NAMES = Watch(), TopicNames()


class Sources(Stage):
    """Learns what each source always sends, and tells when one breaks."""

    name = "sources"
    reads = SIGHTINGS
    writes = (INCIDENTS, SIGHTINGS)
    follows = (INCIDENTS,)
    stores = TEMPLATES
    stateful = True
    reasons = (NOT_A_SIGHTING,)

    def __init__(
        self,
        metrics: Metrics,
        watch: Watch = DEFAULT_WATCH,
        names: TopicNames = DEFAULT_NAMES,
        shown: OpenIncidents | None = None,
        most_sources: int = MOST_SOURCES,
    ) -> None:
        """``names`` are those of the topics; ``shown`` takes the incidents of all sources."""
        self._metrics = metrics
        self._incidents = INCIDENTS.full_name(names)
        self._sightings = SIGHTINGS.full_name(names)
        self._shown = shown
        self._most_sources = most_sources
        #: By partition and key, the one seen last at the end: the source's name and what is known of it, as bytes. They
        #: take two thirds of the memory, and 0.015 ms an article.
        self._sources: defaultdict[int, OrderedDict[bytes, bytes]] = defaultdict(OrderedDict)
        self._watches: defaultdict[int, IncidentWatch] = defaultdict(partial(IncidentWatch, watch))
        for outcome in (LEARNED, REPEATED, FORGOTTEN, DECIDED):
            metrics.sightings.labels(outcome)
        for kind, event in product(KINDS, (OPENED, CLOSED)):
            metrics.incidents_told.labels(kind, event)

    @classmethod
    def build(cls, surroundings: Surroundings) -> Self:
        """The stage without state."""
        settings, metrics = surroundings.settings, surroundings.metrics
        return cls(
            metrics,
            Watch(settings.incident_false_alarms),
            settings.topic_names,
            OpenIncidents(metrics, settings.incident_labels, surroundings.clock),
        )

    def outputs(self, record: InputRecord) -> Sequence[Output]:
        """The incidents that an article, or a person's word, opens, changes or closes; the rest is stored.

        Raises:
            Refused: the record is no sighting, or not of the source that its key names.
        """
        if record.value is None and record.key is not None:
            return self._forget(record.key, record)
        try:
            seen = _decoded(record.value or b"")
            if seen.key.encode() != record.key:
                raise Unreadable(f"a sighting of the source {seen.source!r} under the key {record.key!r}")
        except Unreadable as error:
            raise Refused(NOT_A_SIGHTING, "decode", error) from error
        if isinstance(seen, Decision):
            self._count(DECIDED)
            source = self._source(record.partition, record.key)
            watch = self._watches[record.partition]
            return self._written(watch.decide(record.key, seen, record.timestamp or 0.0, source))
        return self._see(seen, record.key, record)

    def _see(self, sighting: Sighting, key: bytes, record: InputRecord) -> Sequence[Output]:
        sources = self._sources[record.partition]
        _, known = self._source(record.partition, key) or ("", NOTHING_KNOWN)
        source = known.learn(sighting)
        sources[key] = stored.encode(sighting.source, source)
        sources.move_to_end(key)
        learned = source.counts is not known.counts
        self._count(LEARNED if learned else REPEATED)
        if source is known:
            # It was delivered again.
            return ()
        crowded_out = self._crowded_out(sources) if known is NOTHING_KNOWN else []
        if sighting.past:
            return crowded_out
        watch = self._watches[record.partition]
        told = watch.see(key, sighting, record.timestamp or 0.0, known, learned=learned)
        return [*self._written(told), *crowded_out]

    def _crowded_out(self, sources: OrderedDict[bytes, bytes]) -> list[Output]:
        """The record that has a source forgotten where there are too many.

        It goes through the log, as all that changes the state does, so that each worker forgets the same.
        """
        if len(sources) <= self._most_sources:
            return []
        seen_longest_ago = next(iter(sources))
        # Until the record is read the next one is asked for.
        sources.move_to_end(seen_longest_ago)
        return [Output(self._sightings, seen_longest_ago, None)]

    def _forget(self, key: bytes, record: InputRecord) -> Sequence[Output]:
        name, _ = self._source(record.partition, key) or ("", NOTHING_KNOWN)
        self._sources[record.partition].pop(key, None)
        self._count(FORGOTTEN)
        return self._written(self._watches[record.partition].forget(key, name, record.timestamp or 0.0))

    def tick(self, partition: int, stream_time: float) -> Sequence[Output]:
        """The silences that are due by the articles' own time.

        A partition to which nothing comes, as all of its sources are silent, goes by the time of this one.
        """
        if self._shown is not None:
            self._shown.show()
        now = self._watches[partition].time
        told: list[Incident] = []
        for number, watch in self._watches.items():
            if number == partition or watch.last_scored < stream_time - IDLE_SECONDS:
                told += watch.pass_time(partial(self._source, number), now)
        return self._written(told)

    def _source(self, partition: int, key: bytes) -> tuple[str, SourceTemplates] | None:
        """The source's name as its last article has it, and what is known of it."""
        value = self._sources[partition].get(key)
        return stored.decode(value) if value is not None else None

    def _written(self, incidents: Sequence[Incident]) -> list[Output]:
        for incident in incidents:
            if not incident.open or incident.opened == incident.updated:
                self._metrics.incidents_told.labels(incident.kind, OPENED if incident.open else CLOSED).inc()
        return [incident_output(self._incidents, incident) for incident in incidents]

    def _count(self, outcome: str) -> None:
        self._metrics.sightings.labels(outcome).inc()
        self._show_size()

    def _show_size(self) -> None:
        self._metrics.sources_learned.set(sum(map(len, self._sources.values())))

    def follow(self, topic: Topic, key: bytes, value: bytes | None) -> None:
        """Show the incident of a key, of whichever partition and worker."""
        if self._shown is not None:
            self._shown.take(key, value)

    def load(self, partition: int, key: bytes, value: bytes) -> None:
        """Take a source back; one that does not decode is learned anew."""
        try:
            self._sources[partition][key] = stored.encode(*stored.decode(value))
        except stored.UnreadableSource as error:
            self._metrics.unreadable_templates.inc()
            log.error("the source %r is learned anew: %s", key, error)
            return
        self._show_size()
        try:
            self._watches[partition].load(key, stored.decode_habits(value))
        except stored.UnreadableSource as error:
            self._metrics.unreadable_habits.inc()
            log.error("the habits of the source %r are learned anew: %s", key, error)

    def save(self, partition: int, key: bytes) -> bytes | None:
        """What is known of a source."""
        source = self._source(partition, key)
        return stored.encode(*source, self._watches[partition].habits(key)) if source is not None else None

    def drop(self, partition: int) -> None:
        """Forget the sources of a partition."""
        self._sources.pop(partition, None)
        self._watches.pop(partition, None)
        self._show_size()


def _decoded(value: bytes) -> Sighting | Decision:
    """What a record holds.

    Raises:
        Unreadable: neither.
    """
    try:
        return Sighting.decode(value)
    except Unreadable:
        try:
            return Decision.decode(value)
        except Unreadable:
            pass
        raise
