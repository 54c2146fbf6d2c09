"""Incidents: each source against its own habits.

:class:`Habits` are what is usual of one source: the share of its articles with each flag (``share.py``), how many it
sends when (``volume.py``), and whether they are laid out alike (``layout.py``). An article, or time that passes, gives
other habits and the records of the incidents that it opened, changed or closed. The same articles in the same order
give the same; nothing else is looked at.

An article counts once, however often it is sent. What articles are judged by is in each sighting: where it changes, as
with new thresholds or when templates become known, habits restart softly, so that what was not flagged before is no
incident.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import numpy as np

from monitor.scoring.sources.closed_hours import FLOOD_DAYS
from monitor.scoring.sources.decision import Decision
from monitor.scoring.sources.incident import Ending, Incident, Kind
from monitor.scoring.sources.layout import Layout
from monitor.scoring.sources.run import Run, Shown, Subject, incident_of, shown_of
from monitor.scoring.sources.share import MEMORY, Share
from monitor.scoring.sources.share import threshold as share_threshold
from monitor.scoring.sources.sighting import Sighting
from monitor.scoring.sources.templates import Position
from monitor.scoring.sources.usual_week import DAY
from monitor.scoring.sources.volume import Limits, Volume

#: Incidents of one kind, code and source that may open falsely in a year; what is measured is less, see
#: docs/alerting.md.
FALSE_A_YEAR = 0.005
#: Articles that are learned before any is judged, and after a change of what they are judged by.
LEARNED_FIRST = 40
#: The articles that habits weigh as after such a change.
SOFT = 2.0
#: The last versions that a source's articles were judged by: while workers are upgraded, old and new take turns.
VERSIONS = 4
#: Articles by whose ids one that comes again is told, 16 bits each: one in a thousand new ones is taken for one.
RECENT = 64
#: Flags that are watched of a source.
MOST_CODES = 12
#: Articles a year where the volume is not known yet: twenty a day.
ARTICLES_A_YEAR = 7300.0
LAYOUT = Layout(False, ())


class Habits(msgspec.Struct, frozen=True, array_like=True):
    """What is usual of one source, and what is wrong with it; ``shares`` by the flag's code.

    ``articles`` are the distinct ones of which no flag was ever raised, or all: the habit of a flag that comes first.
    """

    articles: float = 0.0
    settling: int = LEARNED_FIRST
    versions: tuple[int, ...] = ()
    older: int = 0
    recent: bytes = b""
    shares: dict[str, Share] = {}
    layout: Share = Share()
    volume: Volume | None = None

    @property
    def open_runs(self) -> list[Run]:
        """The runs that are incidents."""
        return [run for _, _, run in self._runs() if run.is_open]

    def _runs(self) -> Iterator[tuple[Kind, str, Run]]:
        for code, share in self.shares.items():
            if share.run is not None:
                yield "share", code, share.run
        if self.layout.run is not None:
            yield "layout", "", self.layout.run
        if self.volume is not None and self.volume.silence is not None:
            yield "silence", "", self.volume.silence
        if self.volume is not None and self.volume.flood is not None:
            yield "flood", "", self.volume.flood

    def with_run(self, kind: Kind, code: str, run: Run) -> Habits:
        """The same with another run of a kind and code of which there is one."""
        if kind == "share":
            share = msgspec.structs.replace(self.shares[code], run=run)
            return msgspec.structs.replace(self, shares=self.shares | {code: share})
        if kind == "layout":
            return msgspec.structs.replace(self, layout=msgspec.structs.replace(self.layout, run=run))
        assert self.volume is not None  # noqa: S101 - one of its runs is replaced
        volume = msgspec.structs.replace(self.volume, **{kind: run})
        return msgspec.structs.replace(self, volume=volume)


NO_HABITS = Habits()


class Changed(NamedTuple):
    """Habits after something, and the records of incidents that it made."""

    habits: Habits
    incidents: tuple[Incident, ...] = ()


class Watch(NamedTuple):
    """How closely sources are watched; ``false_a_year`` as :data:`FALSE_A_YEAR`."""

    false_a_year: float = FALSE_A_YEAR

    def see(
        self,
        habits: Habits,
        sighting: Sighting,
        at: float,
        *,
        time: float = math.inf,
        layout: Layout = LAYOUT,
        judged_by: int = 0,
        last: Position | None = None,
    ) -> Changed:
        """What one more article, which arrived ``at`` a time, makes of a source's habits.

        ``time`` is how far the stream had come before it: a silence that was due by then is told. ``layout`` is how the
        article is laid out, where it was learned from; ``judged_by`` a number for what it was judged by; ``last`` where
        the source's article before it lies.
        """
        recent = _with_article(habits.recent, sighting.article)
        if recent is None:
            return Changed(habits)
        habits, told = self.pass_time(habits, sighting.source, min(time, at), last)
        habits = _judged(habits, judged_by)
        before = habits
        habits = self._seen(habits, sighting, at, time if time < math.inf else at, layout, recent)
        more, habits = _told(sighting.source, before, habits, at)
        return Changed(habits, (*told, *more))

    def _seen(
        self, habits: Habits, sighting: Sighting, at: float, time: float, layout: Layout, recent: bytes
    ) -> Habits:
        a_year = habits.volume.articles_a_year if habits.volume else 0.0
        limit = share_threshold(a_year or ARTICLES_A_YEAR, self.false_a_year)
        shown = shown_of(sighting, at)
        volume = habits.volume
        limits = Limits.of(a_year, self.false_a_year)
        volume = volume.see(at, limits, shown, time) if volume is not None else Volume.begin(at)
        if habits.older:
            return msgspec.structs.replace(habits, recent=recent, volume=volume)
        settling = habits.settling > 0
        codes = {code for code, _ in sighting.flags}

        def step(share: Share, affected: bool, shown: Shown) -> Share:
            if settling and not share.is_open:
                return share.learn(1, affected)
            return share.see(affected, at, shown, limit)

        shares = {code: step(share, code in codes, shown) for code, share in habits.shares.items()}
        for code in sorted(codes - shares.keys())[: MOST_CODES - len(shares)]:
            shares[code] = step(Share(habits.articles), True, shown)
        laid_out = habits.layout
        if layout is not LAYOUT:
            laid_out = step(laid_out, layout.otherwise, shown_of(sighting, at, layout.new))
        articles = habits.articles + 1
        return msgspec.structs.replace(
            habits,
            articles=articles if articles < 2 * MEMORY else articles / 2,
            settling=max(habits.settling - 1, 0),
            recent=recent,
            shares=shares,
            layout=laid_out,
            volume=volume,
        )

    def due(self, habits: Habits) -> float:
        """When the passing of time alone will change something, in seconds since 1970; infinite for never."""
        if habits.volume is None or habits.settling:
            return math.inf
        return habits.volume.due(Limits.of(habits.volume.articles_a_year, self.false_a_year))

    def pass_time(self, habits: Habits, source: str, time: float, last: Position | None = None) -> Changed:
        """What it makes of the habits that no article came until ``time``; ``last`` is where the last one lies."""
        told: tuple[Incident, ...] = ()
        if habits.volume is None or not habits.volume.may_be_silent(time):
            return Changed(habits)
        while (due := self.due(habits)) <= time:
            before, volume = habits, habits.volume
            assert volume is not None  # noqa: S101 - else nothing is due
            limits = Limits.of(volume.articles_a_year, self.false_a_year)
            habits = msgspec.structs.replace(habits, volume=volume.pass_time(limits, _last_shown(last)))
            more, habits = _told(source, before, habits, due, silence_grew=True)
            told += more
        return Changed(habits, told)

    def decide(self, habits: Habits, source: str, decision: Decision, at: float) -> Changed:
        """What a person's word makes of the habits and incidents of a source; nothing of one that is closed."""
        told = []
        for kind, code, run in list(habits._runs()):
            if not run.is_open or not decision.is_about(kind, code, source, run.since):
                continue
            run = msgspec.structs.replace(
                run, person=decision.person, note=decision.note, muted_until=decision.muted_until or run.muted_until
            )
            subject = Subject(source, kind, code)
            if decision.close:
                told.append(incident_of(subject, run, at, score=_score(kind, run), closed=at, ending="person"))
                habits = _accepted(habits, kind, code)
            else:
                told.append(incident_of(subject, run, at, score=_score(kind, run)))
                habits = habits.with_run(kind, code, run)
        return Changed(habits, tuple(told))

    def forget(self, habits: Habits, source: str, at: float) -> tuple[Incident, ...]:
        """The records that close what is open of a source that is to be forgotten."""
        return tuple(
            incident_of(Subject(source, kind, code), run, at, score=0, closed=at, ending="forgotten")
            for kind, code, run in habits._runs()
            if run.is_open
        )


def _judged(habits: Habits, judged_by: int) -> Habits:
    """Habits before an article that was judged by this; ``older`` where that is not what the last ones were judged by.

    While workers are upgraded, old and new take turns: what the old ones judge is left out then.
    """
    versions = habits.versions
    if not judged_by or (versions and judged_by == versions[-1]):
        return habits if not habits.older else msgspec.structs.replace(habits, older=0)
    if judged_by in versions and habits.older + 1 < LEARNED_FIRST:
        return msgspec.structs.replace(habits, older=habits.older + 1)
    versions = (*(version for version in versions if version != judged_by), judged_by)[-VERSIONS:]
    if not habits.versions:
        # The first articles of a source are no change.
        return msgspec.structs.replace(habits, versions=versions)
    return msgspec.structs.replace(
        habits,
        articles=min(habits.articles, SOFT),
        settling=LEARNED_FIRST,
        versions=versions,
        older=0,
        shares={code: share.restart(SOFT) for code, share in habits.shares.items()},
        layout=habits.layout.restart(SOFT),
    )


def _accepted(habits: Habits, kind: Kind, code: str) -> Habits:
    """Habits to which what is wrong is usual from now on."""
    if kind == "share":
        return msgspec.structs.replace(habits, shares=habits.shares | {code: habits.shares[code].accept()})
    if kind == "layout":
        return msgspec.structs.replace(habits, layout=habits.layout.accept())
    if habits.volume is None:
        return habits
    return msgspec.structs.replace(habits, volume=habits.volume.accept(kind))


def _told(
    source: str, before: Habits, after: Habits, at: float, *, silence_grew: bool = False
) -> tuple[tuple[Incident, ...], Habits]:
    """The records for what differs in the runs of two habits, and the habits with what is told noted."""
    was = {(kind, code): run for kind, code, run in before._runs() if run.is_open}
    now = {(kind, code): run for kind, code, run in after._runs() if run.is_open}
    if not was and not now:
        return (), after
    told = []
    for (kind, code), run in now.items():
        subject = Subject(source, kind, code)
        earlier = was.get((kind, code))
        grew = run.should_be_told_again or (kind == "silence" and silence_grew)
        if earlier is None or earlier.since != run.since:
            told.append(incident_of(subject, run, at, score=_score(kind, run)))
        elif grew:
            told.append(incident_of(subject, run, at, score=_score(kind, run)))
            after = after.with_run(kind, code, msgspec.structs.replace(run, told=run.affected))
    for (kind, code), run in was.items():
        if (kind, code) not in now:
            subject = Subject(source, kind, code)
            ending = _ending(kind, run, at, silence_grew)
            told.append(incident_of(subject, run, at, score=_score(kind, run), closed=at, ending=ending))
    return tuple(told), after


def _ending(kind: Kind, run: Run, at: float, no_article: bool) -> Ending:
    if kind == "silence":
        return "forgotten" if no_article else "healed"
    # New lines become the source's own, and what goes on for a week its volume.
    if kind == "layout" or (kind == "flood" and at - run.opened >= FLOOD_DAYS * DAY):
        return "accepted"
    return "healed"


def _score(kind: Kind, run: Run) -> float:
    """The articles beyond what is usual, or missing."""
    if kind in ("silence", "flood"):
        return abs(run.now - run.before)
    return run.affected - run.before * run.articles


def _with_article(recent: bytes, article: int) -> bytes | None:
    """The hashes of recent articles with one more; ``None`` where it is among them."""
    short = article & 0xFFFF
    if (np.frombuffer(recent, "<u2") == short).any():
        return None
    return (recent + short.to_bytes(2, "little"))[-2 * RECENT :]


def _last_shown(last: Position | None) -> Shown | None:
    if last is None or not last.topic:
        return None
    return Shown("", last.topic, last.partition, last.offset, last.item, last.timestamp / 1000, (), True)
