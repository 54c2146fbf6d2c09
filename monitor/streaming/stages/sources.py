"""The stage sources: sightings in, what each source always sends out.

Reads ``articles.sightings``, by the source. Its state is what is known of each source
(``scoring/sources/templates.py``): at most 4,096 marks and the last 16 articles of each, 37 KB, and for most far less.
It is stored in ``sources.templates`` by the same key, and every scorer follows that topic; nothing else is written. A
sighting that was delivered twice is told by where its article lies. A record without a value is a person's word that
the source be forgotten. What does not decode is refused; it teaches nothing.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Self

from monitor.metrics import Metrics
from monitor.scoring.score import NOTHING_KNOWN
from monitor.scoring.sources import stored
from monitor.scoring.sources.sighting import Sighting, Unreadable
from monitor.scoring.sources.templates import SourceTemplates
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.engine.records import InputRecord, Output
from monitor.streaming.stages.stage import Stage, Surroundings
from monitor.streaming.topics import SIGHTINGS, TEMPLATES

log = logging.getLogger(__name__)

NOT_A_SIGHTING = "not_a_sighting"
LEARNED, REPEATED, FORGOTTEN = "learned", "repeated", "forgotten"


class Sources(Stage):
    """Learns what each source always sends."""

    name = "sources"
    reads = SIGHTINGS
    writes = ()
    stores = TEMPLATES
    stateful = True
    reasons = (NOT_A_SIGHTING,)

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        #: By partition and key: the source's name as its last article has it, and what is known of it.
        self._sources: defaultdict[int, dict[bytes, tuple[str, SourceTemplates]]] = defaultdict(dict)
        for outcome in (LEARNED, REPEATED, FORGOTTEN):
            metrics.sightings.labels(outcome)

    @classmethod
    def build(cls, surroundings: Surroundings) -> Self:
        """The stage without state."""
        return cls(surroundings.metrics)

    def outputs(self, record: InputRecord) -> Sequence[Output]:
        """None: what is learned is stored.

        Raises:
            Refused: the record is no sighting, or not of the source that its key names.
        """
        sources = self._sources[record.partition]
        if record.value is None and record.key is not None:
            sources.pop(record.key, None)
            self._count(FORGOTTEN)
            return ()
        try:
            sighting = Sighting.decode(record.value or b"")
            if sighting.key.encode() != record.key:
                raise Unreadable(f"a sighting of the source {sighting.source!r} under the key {record.key!r}")
        except Unreadable as error:
            raise Refused(NOT_A_SIGHTING, "decode", error) from error
        _, known = sources.get(record.key, ("", NOTHING_KNOWN))
        source = known.learn(sighting)
        sources[record.key] = sighting.source, source
        self._count(REPEATED if source.counts is known.counts else LEARNED)
        return ()

    def _count(self, outcome: str) -> None:
        self._metrics.sightings.labels(outcome).inc()
        self._metrics.sources_learned.set(sum(map(len, self._sources.values())))

    def load(self, partition: int, key: bytes, value: bytes) -> None:
        """Take a source back; one that does not decode is learned anew."""
        try:
            self._sources[partition][key] = stored.decode(value)
        except stored.UnreadableSource as error:
            self._metrics.unreadable_templates.inc()
            log.error("the source %r is learned anew: %s", key, error)

    def save(self, partition: int, key: bytes) -> bytes | None:
        """What is known of a source."""
        source = self._sources[partition].get(key)
        return stored.encode(*source) if source is not None else None

    def drop(self, partition: int) -> None:
        """Forget the sources of a partition."""
        self._sources.pop(partition, None)
