"""The incident: a stretch of time in which a source is broken in one way, as it stands on ``sources.incidents``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal, Self

import msgspec
import xxhash

from monitor.scoring.sources.sighting import source_key
from monitor.scoring.verdict import Count

#: The version of the form; it stands in the header of each record. A newer one adds fields and changes none.
SCHEMA = 1
#: What can be wrong: too many copies with one flag, too few articles, too many, other templates than before.
Kind = Literal["share", "silence", "flood", "layout"]
KINDS: tuple[Kind, ...] = ("share", "silence", "flood", "layout")
#: Why an incident is closed: the source is its old self; a person said so; it is as it has become for good; it has sent
#: nothing for so long that it is forgotten.
Ending = Literal["", "healed", "person", "accepted", "forgotten"]
#: Articles that show what is wrong, and paragraphs that are named in each.
MOST_EXAMPLES, MOST_PARAGRAPHS = 3, 12
#: Characters of an article's id, or of a person's name and words, that are kept.
LONGEST = 200

Positive = Annotated[float, msgspec.Meta(ge=0)]


class Example(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An article that shows it, and where its text lies: the record of the topic, and the item in that record.

    ``paragraphs`` are indices of the paragraphs that show it, as the verdict counts them; none where the whole does.
    ``before`` is set on an article from before the incident, to compare with: ``paragraphs`` are what is missing since.
    """

    id: str
    topic: str = ""
    partition: Count = 0
    offset: Count = 0
    item: Count = 0
    at: datetime | None = None
    paragraphs: tuple[Count, ...] = ()
    before: bool = False


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """One incident, whole in each of its records: the last one of a key holds.

    ``id`` is the same over all records of one incident, and no other incident's. ``source`` is the name as its last
    article has it, ``key`` the one by which sources are told apart. ``code`` is a flag's, for the kind share; else
    empty. ``since`` is when it began, ``opened`` when that could be told, ``updated`` of this record, ``closed`` when
    it ended, all by the articles' own time of arrival. ``before`` and ``now`` are what was usual and what is: for share
    the share of the articles with the flag, for layout of those with other lines than usual, 0 to 1; for silence and
    flood articles in the time since ``since``. ``articles`` came since then, ``affected`` of them show it. ``score``
    grows with how much is wrong: the articles beyond what is usual. ``muted_until`` is a person's word that nobody be
    told until then, ``person`` who closed or muted it, and ``note`` why.
    """

    id: str
    source: str
    key: str
    kind: Kind
    code: str = ""
    open: bool = True
    since: datetime
    opened: datetime
    updated: datetime
    closed: datetime | None = None
    ending: Ending = ""
    before: Positive = 0.0
    now: Positive = 0.0
    articles: Count = 0
    affected: Count = 0
    score: Positive = 0.0
    examples: tuple[Example, ...] = ()
    muted_until: datetime | None = None
    person: str = ""
    note: str = ""

    @property
    def record_key(self) -> str:
        """The key of its record."""
        return record_key(self.key, self.kind, self.code)

    def muted(self, at: datetime) -> bool:
        """Whether a person wants nobody to be told of it at this time."""
        return self.muted_until is not None and at < self.muted_until

    def encode(self) -> bytes:
        """JSON, as it stands on the topic."""
        return msgspec.json.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """An incident of this or a newer schema, whose further fields are left out.

        Raises:
            UnreadableIncident: the record is none.
        """
        try:
            return msgspec.json.decode(data, type=cls)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise UnreadableIncident(f"not an incident: {error}") from error


class UnreadableIncident(ValueError):
    """A record that is no incident; the message says why."""


def record_key(source: str, kind: Kind, code: str = "") -> str:
    """The key of an incident's record: what is wrong, then with whom.

    >>> record_key("The Daily News", "share", "thin")
    'share/thin/the daily news'
    """
    return f"{kind}/{code}/{source_key(source)}"


def incident_id(source: str, kind: Kind, code: str, since: float) -> str:
    """Ten hexadecimal digits, the same whenever the incident is found again; ``since`` in seconds since 1970."""
    return xxhash.xxh3_64_hexdigest(f"{record_key(source, kind, code)}/{round(since)}".encode("utf-8", "replace"))[:10]


def moment(seconds: float) -> datetime:
    """A time in seconds since 1970, to the second."""
    return datetime.fromtimestamp(round(seconds), UTC)
