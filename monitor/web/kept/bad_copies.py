"""The last bad copies: what is listed of each, and which of them a later copy corrected."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Sequence
from datetime import datetime

import msgspec

from monitor.scoring.copies.record import Place
from monitor.scoring.sources.sighting import source_key
from monitor.scoring.verdict import Flag
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.place import place_in

#: Bad copies that are kept, without their texts and paragraphs: about 2 KB each.
KEPT = 200
#: Good copies whose ids are remembered, since a correction can be read before what it corrects.
REMEMBERED = 2_000
#: Characters of an id by which a sighting tells an article.
SIGHTED_ID = 200
LONGEST_MESSAGE, MOST_FLAGS = 500, 16


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict without its paragraphs."""

    id: str
    source: str
    url: str | None = None
    title: str | None = None
    published_at: datetime | None = None
    scored_at: datetime
    language: str | None = None
    words: int = 0
    repetition: float = 0.0
    boilerplate: float = 0.0
    bad: bool = False
    flags: tuple[Flag, ...] = ()


class BadCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A bad copy: its verdict, where its article lies, and where its whole verdict does."""

    verdict: Heading
    place: Place
    flagged: Place

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its flags."""
        return tuple(flag.code for flag in self.verdict.flags)


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which bad copies are asked for; what is empty does not restrict them."""

    source: str = ""
    code: str = ""
    text: str = ""
    #: No older than this, seconds since 1970.
    since: float = 0.0

    def takes(self, copy: BadCopy) -> bool:
        """Whether a copy is asked for."""
        verdict = copy.verdict
        return (
            (not self.source or source_key(self.source) == source_key(verdict.source))
            and (not self.code or self.code in copy.codes)
            and (not self.text or self.text.casefold() in f"{verdict.title or ''}\n{verdict.id}".casefold())
            and verdict.scored_at.timestamp() >= self.since
        )


class BadCopies:
    """The last bad copies, one an article; what was corrected is no longer listed, and still known."""

    def __init__(self, kept: int = KEPT) -> None:
        self._lock = threading.Lock()
        self._kept = kept
        #: By source and id, in the order of their coming.
        self._listed: OrderedDict[tuple[str, str], BadCopy] = OrderedDict()
        self._corrected: OrderedDict[Place, tuple[BadCopy, Place]] = OrderedDict()
        self._good: OrderedDict[tuple[str, str], tuple[Place, datetime]] = OrderedDict()
        #: Grows with each bad copy that comes.
        self.arrived = 0

    def take(self, record: InputRecord) -> None:
        """Keep the verdict in a record of ``articles.flagged``.

        Raises:
            msgspec.MsgspecError: the record is none.
        """
        heading = msgspec.json.decode(record.value or b"", type=Heading)
        flags = tuple(
            Flag(flag.code, flag.score, flag.message[:LONGEST_MESSAGE]) for flag in heading.flags[:MOST_FLAGS]
        )
        place = place_in(record.headers) or Place()
        copy = BadCopy(
            verdict=msgspec.structs.replace(heading, flags=flags),
            place=place,
            flagged=Place(record.topic, record.partition, record.offset),
        )
        with self._lock:
            self._add(copy)

    def _add(self, copy: BadCopy) -> None:
        key = _key(copy.verdict.source, copy.verdict.id)
        good = self._good.get(key)
        if good is not None and good[1] > copy.verdict.scored_at:
            self._correct(copy, good[0])
            return
        earlier = self._listed.get(key)
        if earlier is not None and earlier.verdict.scored_at > copy.verdict.scored_at:
            return
        self.arrived += earlier is None or earlier.place != copy.place
        self._listed[key] = copy
        self._listed.move_to_end(key)
        if len(self._listed) > self._kept:
            self._listed.popitem(last=False)

    def good(self, source: str, id_: str, place: Place, scored_at: datetime) -> None:
        """A good copy came: a bad one of the same id that came before it is corrected."""
        key = _key(source, id_)
        with self._lock:
            self._good[key] = place, scored_at
            self._good.move_to_end(key)
            if len(self._good) > REMEMBERED:
                self._good.popitem(last=False)
            copy = self._listed.get(key)
            if copy is not None and copy.place != place and copy.verdict.scored_at <= scored_at:
                del self._listed[key]
                self._correct(copy, place)

    def _correct(self, copy: BadCopy, by: Place) -> None:
        self._corrected[copy.place] = copy, by
        if len(self._corrected) > self._kept:
            self._corrected.popitem(last=False)

    def latest(self, selection: Selection | None = None) -> list[BadCopy]:
        """The copies that are asked for, the latest first."""
        with self._lock:
            copies = list(reversed(self._listed.values()))
        copies.sort(key=lambda copy: copy.verdict.scored_at, reverse=True)
        return copies if selection is None else [copy for copy in copies if selection.takes(copy)]

    def at(self, place: Place) -> tuple[BadCopy | None, Place | None]:
        """The bad copy of the article at a place, also one that was corrected; and where the correction lies."""
        with self._lock:
            if place in self._corrected:
                return self._corrected[place]
            return next((copy for copy in self._listed.values() if copy.place == place), None), None

    def with_id(self, id_: str) -> BadCopy | None:
        """The latest bad copy of the article of an id."""
        return next((copy for copy in self.latest() if copy.verdict.id == id_), None)


def count_codes(copies: Sequence[BadCopy]) -> list[tuple[str, int]]:
    """How many of some copies have each code, the most common first."""
    return Counter(code for copy in copies for code in copy.codes).most_common()


def _key(source: str, id_: str) -> tuple[str, str]:
    return source_key(source), id_[:SIGHTED_ID]
