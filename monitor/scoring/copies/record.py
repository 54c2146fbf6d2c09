"""The record of a copy: the earlier article whose story it carries, and how they differ, as on ``articles.copies``."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

import msgspec

from monitor.scoring.verdict import CopyOf, Count, Flag, Ratio

#: The version of the form; it stands in the header of each record. A newer one adds fields and changes none.
SCHEMA = 1
#: What the later article is to the earlier one: another outlet's copy; the same source's text with changes; the same
#: source's text once more, under another id.
Kind = Literal["copy", "update", "resend"]
KINDS: tuple[Kind, ...] = ("copy", "update", "resend")
#: The flags of a copy; none makes an article bad. The thresholds stand in ``compare.py``.
COPY, STALE, HEADLINE_CHANGED, SHORTENED = "copy", "stale", "headline_changed", "shortened"
COPY_CODES = (COPY, STALE, HEADLINE_CHANGED, SHORTENED)


class UnreadableCopy(ValueError):
    """A record that is no copy's; the message says why."""


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where an article lies: the record of a topic, and the item in it. ``topic`` is empty for one from a file."""

    topic: str = ""
    partition: Count = 0
    offset: Count = 0
    item: Count = 0


class Outlet(msgspec.Struct, frozen=True, kw_only=True):
    """An article as one outlet publishes it, without its text.

    ``published_at`` is as declared, None where nothing is; ``arrived_at`` when its record was written. ``words`` are
    those of its story, without boilerplate and templates.
    """

    id: str
    source: str
    url: str | None = None
    title: str | None = None
    published_at: datetime | None = None
    arrived_at: datetime | None = None
    words: Count = 0
    place: Place = Place()


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """How two articles' stories compare, by their rows of five words, 0 to 1.

    ``similarity`` is the Jaccard similarity; ``coverage`` the share of the earlier story found in the later one;
    ``added`` the share of the later one not found in the earlier.
    """

    similarity: Ratio
    coverage: Ratio
    added: Ratio


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """Another story that the article carries as well, as one that was merged of two; its earliest copy."""

    earlier: Outlet
    comparison: Comparison


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """How far a story came by the time of this record: copies of the earlier article in the window, itself among them.

    ``outlets`` are their distinct sources; ``first_at`` and ``last_at`` the first and last publication, or arrival
    where none is declared.
    """

    copies: Count
    outlets: Count
    first_at: datetime
    last_at: datetime


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """One article that carries the story of an earlier one; the last record of an article's id holds.

    ``earlier`` is the earliest copy known, by publication, then arrival, then id; a later record under the same key
    names an earlier one that arrived since. ``age_seconds`` is how much later ``article`` was published (or arrived,
    where it declares nothing). ``provenance`` is the agency that the text names ("Reuters"), or the host that the
    address names where it is another one's. ``others`` are further stories in it.
    """

    kind: Kind
    article: Outlet
    earlier: Outlet
    comparison: Comparison
    headline_changed: bool
    age_seconds: float
    reach: Reach
    flags: tuple[Flag, ...] = ()
    provenance: str | None = None
    others: tuple[Other, ...] = ()

    @property
    def copy_of(self) -> CopyOf:
        """The same as it stands in a verdict."""
        earlier, comparison = self.earlier, self.comparison
        return CopyOf(
            earlier.id,
            earlier.source,
            earlier.published_at,
            comparison.similarity,
            comparison.coverage,
            comparison.added,
        )

    def encode(self) -> bytes:
        """One line of JSON."""
        return msgspec.json.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """A copy of this or a newer schema, whose further fields are left out.

        Raises:
            UnreadableCopy: the record is none.
        """
        try:
            return msgspec.json.decode(data, type=cls)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise UnreadableCopy(f"not a copy: {error}") from error
