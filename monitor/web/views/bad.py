"""The first page: how it is, what is broken, and the last bad copies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from monitor.scoring.flags import CODES
from monitor.scoring.sources.sighting import source_key
from monitor.streaming.place import place_text
from monitor.web.kept.bad_copies import BadCopy, Selection, count_codes
from monitor.web.kept.board import Board
from monitor.web.kept.counts import Slice
from monitor.web.render import query, render
from monitor.web.views.status import Surveyor

#: Sources and incidents that the first page names; each has a page with more.
WORST_SOURCES, MOST_INCIDENTS = 10, 10
#: Cards of bad copies, and copies of one card that are named.
MOST_CARDS, MOST_ALIKE = 50, 14
#: Bad copies of one source with the same codes within this many seconds are one card.
ALIKE_SECONDS = 60.0
PERIODS = {"": "any time", "0.25": "last quarter of an hour", "1": "last hour", "24": "last day"}
#: Characters of a filter.
LONGEST = 200
#: The picture's units: a slice is so wide, and the tallest so high.
BAR_WIDTH, CHART_HEIGHT = 20, 100


class Filter(NamedTuple):
    """The filter of the first page, as its form sends it."""

    source: str = ""
    code: str = ""
    text: str = ""
    hours: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filter:
        """What a query asks for; what is no period is none."""
        hours = asked.get("hours", "")
        return cls(
            asked.get("source", "").strip()[:LONGEST],
            asked.get("code", "").strip()[:LONGEST],
            asked.get("text", "").strip()[:LONGEST],
            hours if hours in PERIODS else "",
        )

    def selection(self, now: float) -> Selection:
        """The copies that are asked for."""
        since = now - 3600 * float(self.hours) if self.hours else 0.0
        return Selection(source=self.source, code=self.code, text=self.text, since=since)

    def query(self, **changed: str) -> str:
        """The filter as a query, with some of it changed."""
        return query(**(self._asdict() | changed))


class Card(NamedTuple):
    """A bad copy, and those like it that came within a minute."""

    copy: BadCopy
    alike: tuple[BadCopy, ...]


def cards(copies: list[BadCopy]) -> list[Card]:
    """The copies, the latest first, those of one source with the same codes within a minute as one."""
    groups: list[list[BadCopy]] = []
    last: dict[tuple[str, tuple[str, ...]], list[BadCopy]] = {}
    for copy in copies:
        kind = source_key(copy.verdict.source), copy.codes
        group = last.get(kind)
        if group and (group[-1].verdict.scored_at - copy.verdict.scored_at).total_seconds() <= ALIKE_SECONDS:
            group.append(copy)
            continue
        last[kind] = [copy]
        groups.append(last[kind])
    return [Card(group[0], tuple(group[1:])) for group in groups]


class BadPage:
    """The first page."""

    def __init__(self, board: Board, surveyor: Surveyor) -> None:
        self._board = board
        self._surveyor = surveyor

    def html(self, filter_: Filter) -> bytes:
        """The page, of what the filter takes."""
        now, board = self._board.clock(), self._board
        listed = board.bad.latest(filter_.selection(now))
        without_code = board.bad.latest(filter_._replace(code="").selection(now))
        return render(
            "bad.html",
            now=now,
            status=self._surveyor.status(),
            lag=self._surveyor.lag_seconds(),
            hour=board.counts.hour(now),
            chart=Chart.of(board.counts.slices(now)),
            dead=board.dead.total,
            since=datetime.fromtimestamp(board.since, UTC),
            worst=board.counts.worst(now, WORST_SOURCES),
            incidents=board.incidents.open()[:MOST_INCIDENTS],
            open_incidents=len(board.incidents.open()),
            more_incidents=max(0, len(board.incidents.open()) - MOST_INCIDENTS),
            filter=filter_,
            codes=count_codes(without_code),
            every_code=CODES,
            periods=PERIODS,
            listed=len(listed),
            kept=len(board.bad.latest()),
            cards=cards(listed)[:MOST_CARDS],
            most_alike=MOST_ALIKE,
            arrived=board.bad.arrived,
            path=place_text,
        )

    def json(self, filter_: Filter) -> bytes:
        """The same as JSON: what is counted, and the bad copies, each with where its article lies."""
        now = self._board.clock()
        status, hour = self._surveyor.status(), self._board.counts.hour(now)
        return msgspec.json.encode(
            {
                "wrong": status.wrong,
                "doing": status.doing,
                "since": datetime.fromtimestamp(self._board.since, UTC),
                "hour": {"articles": hour.articles, "bad": hour.bad, "codes": dict(hour.codes)},
                "dead_letters": self._board.dead.total,
                "incidents": self._board.incidents.open(),
                "bad": [as_json(copy) for copy in self._board.bad.latest(filter_.selection(now))],
            }
        )

    def news(self, arrived: int) -> bytes:
        """How many bad copies came since a page was made that knew of ``arrived``, and how many incidents are open."""
        new = max(0, self._board.bad.arrived - arrived)
        return msgspec.json.encode({"new": new, "incidents": len(self._board.incidents.open())})


def as_json(copy: BadCopy) -> dict[str, Any]:
    """A bad copy as JSON shows it."""
    verdict: dict[str, Any] = msgspec.to_builtins(copy.verdict)
    return {"place": place_text(copy.place)} | verdict


class Bar(NamedTuple):
    """One slice in the picture of the last hour, in its units."""

    x: float
    height: float
    bad: float
    title: str


class Chart(NamedTuple):
    """The picture of the last hour: a bar a slice, its bad part below; and what it says in words."""

    bars: tuple[Bar, ...]
    most: int
    words: str

    @classmethod
    def of(cls, slices: list[Slice]) -> Chart:
        """The picture of these slices."""
        most = max((s.articles for s in slices), default=0)
        scale = CHART_HEIGHT / most if most else 0.0
        bars = tuple(
            Bar(
                number * BAR_WIDTH,
                round(s.articles * scale, 1),
                round(s.bad * scale, 1),
                f"{datetime.fromtimestamp(s.begin, UTC):%H:%M} UTC: {s.articles} articles, {s.bad} bad",
            )
            for number, s in enumerate(slices)
            if s.articles
        )
        articles, bad = sum(s.articles for s in slices), sum(s.bad for s in slices)
        return cls(
            bars, most, f"{articles} articles in the last hour, {bad} of them bad; at most {most} in two minutes"
        )
