"""All that the pages keep, and what they take it from."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import msgspec

from monitor.scoring.copies.record import Place
from monitor.scoring.flags import BAD_CODES, CODES
from monitor.settings import Settings
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.stages import STAGES, topics_of
from monitor.streaming.stages.score import FLAGGED
from monitor.streaming.topics import COPIES, DEAD, INCIDENTS, SIGHTINGS, TEMPLATES, Topic
from monitor.web.follow.fetch import article_topics
from monitor.web.follow.tail import Followed, KafkaState
from monitor.web.kept.bad_copies import BadCopies
from monitor.web.kept.copies import KEPT as KEPT_COPIES
from monitor.web.kept.copies import Copies
from monitor.web.kept.counts import Counts
from monitor.web.kept.incidents import Incidents
from monitor.web.kept.known_sources import KnownSources
from monitor.web.kept.letters import KEPT as KEPT_LETTERS
from monitor.web.kept.letters import DeadLetters

#: Records before the end of a topic with which reading begins. Of the sightings, 40 MB: an hour of six a second.
#: Of the bad copies more than are kept, since some come twice and some are corrected.
LAST_SIGHTINGS, LAST_FLAGGED = 20_000, 500
#: Codes that make a copy bad.


class Sighted(msgspec.Struct, frozen=True):
    """What is read of a sighting; its marks are passed over."""

    id: str
    source: str
    topic: str = ""
    partition: int = 0
    offset: int = 0
    item: int = 0
    scored_at: datetime | None = None
    flags: tuple[tuple[str, float], ...] = ()


class Board:
    """What the pages keep of each topic that they follow."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self.clock = clock
        self.since = clock()
        self.bad = BadCopies()
        self.counts = Counts(CODES, clock=clock)
        self.incidents = Incidents()
        self.copies = Copies()
        self.known = KnownSources()
        self.dead = DeadLetters(settings.decoder())
        #: Set by the thread that follows.
        self.kafka: Callable[[], KafkaState] = KafkaState
        self._decode = msgspec.msgpack.Decoder(Sighted).decode

    def followed(self) -> list[Followed]:
        """The topics, each with what takes its records."""
        takes: list[tuple[Topic, Callable[[InputRecord], None], int | None]] = [
            (FLAGGED, self.bad.take, LAST_FLAGGED),
            (SIGHTINGS, self.sighting, LAST_SIGHTINGS),
            (DEAD, self.dead.take, KEPT_LETTERS),
            (TEMPLATES, self.known.take, None),
            (INCIDENTS, self.incidents.take, None),
            (COPIES, self.copies.take, KEPT_COPIES),
        ]
        written = topics_of(STAGES)
        names = self._settings.topic_names
        return [Followed(topic.full_name(names), take, last) for topic, take, last in takes if topic in written]

    def sighting(self, record: InputRecord) -> None:
        """Count an article; one without a fault corrects what came before under its id."""
        if record.value is None:
            return
        seen = self._decode(record.value)
        if seen.scored_at is None:
            return
        codes = [code for code, _ in seen.flags]
        bad = not BAD_CODES.isdisjoint(codes)
        self.counts.add(seen.source, codes, bad, seen.scored_at.timestamp())
        if not bad:
            place = Place(seen.topic, seen.partition, seen.offset, seen.item)
            self.bad.good(seen.source, seen.id, place, seen.scored_at)

    def topics(self) -> list[str]:
        """The topics of which single records may be asked for."""
        own = [topic.full_name(self._settings.topic_names) for topic in (FLAGGED, TEMPLATES)]
        return [*article_topics(self._settings), *own]
