"""The link: fingerprints in, one after the other; of each that is a copy, the record that says of what.

An article is compared with each that it meets in the window, and is a copy of the earliest that it was compared with:
no chain is followed, so that A like B and B like C does not make C a copy of A.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from monitor.scoring.copies.compare import (
    Rules,
    comparison,
    flags_of,
    is_brief,
    is_copy,
    is_of_other_headline,
    kind_of,
)
from monitor.scoring.copies.fingerprint import Fingerprint
from monitor.scoring.copies.record import Comparison, Copy, Other, Outlet, Reach
from monitor.scoring.copies.search import LEAST_SAMPLED, Found
from monitor.scoring.copies.segment import NOWHERE
from monitor.scoring.copies.signature import Signature
from monitor.scoring.copies.window import Window

#: Articles whose earlier copy arrived late that are told so at once; those to come meet it by themselves.
MOST_CORRECTED = 256
#: Further stories of a merged article that are named.
MOST_OTHERS = 4
#: Share of the rows common with an article that must be of a further story.
OTHER_SHARE = 0.5
#: A publication this long after the arrival, in seconds, is a mistake; and so is one before 1990.
_AHEAD, _LEAST = 3600, 631_152_000


@dataclass
class Outcome:
    """What came of one fingerprint; for the metrics."""

    copies: list[Copy]
    met: int = 0
    verified: int = 0
    #: It was there already, or has left.
    repeated: bool = False
    withdrawn: int = 0


class _Order(NamedTuple):
    """By publication, then arrival; two articles never arrive at one place."""

    published: int
    place: int


class Linker:
    """Links articles over a window; a fold over the fingerprints, in their order."""

    def __init__(self, window: Window, rules: Rules | None = None) -> None:
        self.window = window
        self._rules = rules or Rules()

    def link(self, fingerprint: Fingerprint, time: float) -> Outcome:
        """What a fingerprint tells of copies; ``time`` is that of its own record, in seconds, and moves the window."""
        window = self.window
        window.advance(time)
        arrived = fingerprint.timestamp / 1000 or time
        withdrawn = 0
        id_key = fingerprint.id_key
        for place in self._versions(fingerprint, id_key):
            if not fingerprint.withdrawn and self._is_redelivery(place, fingerprint, arrived):
                return Outcome([], repeated=True)
            self._withdraw(place)
            withdrawn += 1
        if fingerprint.withdrawn:
            return Outcome([], withdrawn=withdrawn)
        signature = fingerprint.signature
        found = window.search(signature, self._rules.containment / 2)
        outlet = fingerprint.outlet(datetime.fromtimestamp(arrived, UTC))
        verified = self._verified(found, signature, outlet)
        published = _published(fingerprint.published_at, arrived)
        source = fingerprint.source_hash
        place = window.add(signature, id_key, published, source, outlet)
        copies = self._copies(verified, _Order(published, place), outlet, fingerprint.provenance) if verified else []
        return Outcome(copies, len(found), len(verified))

    def withdraw(self, fingerprint_id: str, source: str, time: float) -> int:
        """Take an article out of the window; returns how many versions of it there were."""
        return self.link(Fingerprint(id=fingerprint_id, source=source, withdrawn=True), time).withdrawn

    def _versions(self, fingerprint: Fingerprint, id_key: np.uint64) -> list[int]:
        """The places of the articles of the same id and source."""
        places = self.window.articles_with(id_key)
        return [place for place in places if self.window.outlet(place).id == fingerprint.id]

    def _is_redelivery(self, place: int, fingerprint: Fingerprint, arrived: float) -> bool:
        outlet = self.window.outlet(place)
        return outlet == fingerprint.outlet(datetime.fromtimestamp(arrived, UTC))

    def _withdraw(self, place: int) -> None:
        columns, at = self.window.columns(place)
        columns.gone[at] = 1

    def _verified(self, found: Sequence[Found], signature: Signature, outlet: Outlet) -> list[Found]:
        """Those that are copies, and the first articles of their stories where these are copies too.

        Of a story that came ten thousand times a search gives some, which know the first one.
        """
        verified = [each for each in found if self._is_copy(each, outlet)]
        places = {each.place for each in verified}
        if missing := sorted(set(self._roots(verified).values()) - places):
            roots = self.window.look_up(signature, missing, self._rules.containment / 2)
            verified += [each for each in roots if self._is_copy(each, outlet)]
        return verified

    def _is_copy(self, found: Found, outlet: Outlet) -> bool:
        if not is_copy(found, self._rules):
            return False
        # What another article is called is asked for only where it decides.
        if not is_brief(found, self._rules):
            return True
        return not is_of_other_headline(outlet, self.window.outlet(found.place), self._rules)

    def _copies(self, verified: Sequence[Found], mine: _Order, outlet: Outlet, provenance: str | None) -> list[Copy]:
        copies = self._corrections(verified, mine, outlet)
        first = min(verified, key=_order)
        if _order(first) < mine:
            columns, at = self.window.columns(mine.place)
            self._count(first.place, mine, int(columns.sources[at]), verified)
            others = self._others(verified, first)
            copies.append(self._copy(first.place, mine.place, comparison(first), outlet, provenance, others))
        return copies

    def _corrections(self, verified: Sequence[Found], mine: _Order, outlet: Outlet) -> list[Copy]:
        """Of those whose earliest copy so far is later than this article: that it is this one."""
        copies: list[Copy] = []
        roots = self._roots(verified)
        orders = {root: self._order_at(root) for root in set(roots.values())}
        for each in verified:
            if mine < orders[roots[each.place]] and len(copies) < MOST_CORRECTED:
                self._count(mine.place, _order(each), each.source, verified)
                copies.append(
                    self._copy(mine.place, each.place, comparison(each, is_later=False), None, None, (), earlier=outlet)
                )
        return copies

    def _order_at(self, place: int) -> _Order:
        columns, at = self.window.columns(place)
        return _Order(int(columns.published[at]), place)

    def _roots(self, found: Sequence[Found]) -> dict[int, int]:
        """Of each article the earliest copy that is known and still there, or itself, by their places.

        256 copies of one story know the same first one, which is looked up once: 3 ms an article less.
        """
        held = {first: self.window.holds(first) for first in {each.first for each in found}}
        return {each.place: each.first if held[each.first] else each.place for each in found}

    def _count(self, first: int, later: _Order, source: int, verified: Sequence[Found]) -> None:
        """Note that the first article of a story has one copy more."""
        columns, at = self.window.columns(first)
        own, own_at = self.window.columns(later.place)
        is_known = columns.sources[at] == source or any(
            each.source == source and each.place != later.place and self._first(each.place) == first
            for each in verified
        )
        own.firsts[own_at] = first
        columns.copies[at] += 1
        columns.outlets[at] += not is_known
        columns.last[at] = max(int(columns.last[at]), later.published)

    def _first(self, place: int) -> int:
        columns, at = self.window.columns(place)
        return int(columns.firsts[at])

    def _others(self, verified: Sequence[Found], first: Found) -> tuple[Other, ...]:
        """Articles that have what the earliest copy has not: the earliest of each further story."""
        covered = first.rows
        others: list[Other] = []
        for each in sorted(verified, key=_order):
            further = (each.rows & ~covered).bit_count()
            if further >= max(LEAST_SAMPLED, OTHER_SHARE * each.common) and len(others) < MOST_OTHERS:
                others.append(Other(earlier=self.window.outlet(each.place), comparison=comparison(each)))
                covered |= each.rows
        return tuple(others)

    def _copy(
        self,
        first: int,
        later: int,
        compared: Comparison,
        outlet: Outlet | None,
        provenance: str | None,
        others: tuple[Other, ...],
        earlier: Outlet | None = None,
    ) -> Copy:
        """The record of two articles."""
        article, earlier = outlet or self.window.outlet(later), earlier or self.window.outlet(first)
        columns, at = self.window.columns(first)
        own, own_at = self.window.columns(later)
        age = float(own.published[own_at]) - float(columns.published[at])
        kind = kind_of(compared, is_same_source=bool(own.sources[own_at] == columns.sources[at]))
        flags = flags_of(kind, article, earlier, compared, age, self._rules)
        return Copy(
            kind=kind,
            article=article,
            earlier=earlier,
            comparison=compared,
            headline_changed=any(flag.code == "headline_changed" for flag in flags),
            age_seconds=age,
            reach=Reach(
                copies=int(columns.copies[at]),
                outlets=int(columns.outlets[at]),
                first_at=datetime.fromtimestamp(int(columns.published[at]), UTC),
                last_at=datetime.fromtimestamp(int(columns.last[at]), UTC),
            ),
            flags=tuple(flags),
            provenance=provenance,
            others=others,
        )


def _order(found: Found) -> _Order:
    return _Order(found.published, found.place)


def _published(published_at: datetime | None, arrived: float) -> int:
    """When an article was published, in seconds; its arrival where that is not known or cannot be."""
    if published_at is not None:
        published = int(published_at.timestamp())
        if _LEAST <= published <= arrived + _AHEAD:
            return published
    return min(max(int(arrived), 0), NOWHERE)
