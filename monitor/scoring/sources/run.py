"""A run: articles of one source in a row, since something may have broken; with enough evidence it is an incident."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from monitor.scoring.sources.incident import (
    LONGEST,
    MOST_EXAMPLES,
    MOST_PARAGRAPHS,
    Ending,
    Example,
    Incident,
    Kind,
    incident_id,
    moment,
)
from monitor.scoring.sources.sighting import Sighting, source_key

#: An incident that goes on is written again when so many times as many articles show it as were told last.
TELL_AGAIN = 2


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """An example as it is kept with a source's habits; see ``Example``."""

    id: str
    topic: str
    partition: int
    offset: int
    item: int
    at: float
    paragraphs: tuple[int, ...] = ()
    before: bool = False

    def example(self) -> Example:
        """The example as it is written."""
        return Example(
            id=self.id,
            topic=self.topic,
            partition=self.partition,
            offset=self.offset,
            item=self.item,
            at=moment(self.at) if self.at else None,
            paragraphs=self.paragraphs,
            before=self.before,
        )


class Run(msgspec.Struct, frozen=True, array_like=True):
    """What is known since ``since``, in seconds since 1970; ``opened`` is 0 until it is an incident.

    ``before`` and ``now`` are as in an incident. ``told`` is how many affected articles the last record counted,
    ``told_at`` when a silence was told last, ``back`` the evidence that the source is its old self, from ``healthy``
    articles or hours.
    """

    since: float
    articles: int = 0
    affected: int = 0
    examples: tuple[Shown, ...] = ()
    opened: float = 0.0
    before: float = 0.0
    now: float = 0.0
    told: int = 0
    back: float = 0.0
    healthy: int = 0
    told_at: float = 0.0
    muted_until: float = 0.0
    person: str = ""
    note: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is an incident."""
        return self.opened > 0

    def add(self, affected: bool, shown: Shown | None) -> Run:
        """The run with one more article, an example where it shows what is wrong."""
        examples = _with_example(self.examples, shown) if affected and shown is not None else self.examples
        return msgspec.structs.replace(
            self, articles=self.articles + 1, affected=self.affected + affected, examples=examples
        )

    @property
    def should_be_told_again(self) -> bool:
        """Whether an open incident has grown so much that its record is to be written again."""
        return self.is_open and self.affected >= TELL_AGAIN * max(self.told, 1)


class Subject(NamedTuple):
    """What a run is about: the source's name, the kind and, for a share, the flag's code."""

    source: str
    kind: Kind
    code: str = ""


def incident_of(
    subject: Subject, run: Run, at: float, *, score: float, closed: float | None = None, ending: Ending = ""
) -> Incident:
    """The incident that a run is, as it is to be written at a time; ``score`` as in an incident."""
    return Incident(
        id=incident_id(subject.source, subject.kind, subject.code, run.since),
        source=subject.source,
        key=source_key(subject.source),
        kind=subject.kind,
        code=subject.code,
        open=closed is None,
        since=moment(run.since),
        opened=moment(run.opened),
        updated=moment(at),
        closed=None if closed is None else moment(closed),
        ending=ending,
        before=round(run.before, 4),
        now=round(run.now, 4),
        articles=run.articles,
        affected=run.affected,
        score=round(max(score, 0.0), 1),
        examples=tuple(shown.example() for shown in run.examples),
        muted_until=moment(run.muted_until) if run.muted_until else None,
        person=run.person,
        note=run.note,
    )


def shown_of(sighting: Sighting, at: float, paragraphs: tuple[int, ...] = ()) -> Shown:
    """An article as an example."""
    return Shown(
        sighting.id[:LONGEST],
        sighting.topic,
        sighting.partition,
        sighting.offset,
        sighting.item,
        at,
        paragraphs[:MOST_PARAGRAPHS],
    )


def _with_example(examples: tuple[Shown, ...], shown: Shown) -> tuple[Shown, ...]:
    """The first that showed it, which tells when it began, and the last ones."""
    if len(examples) < MOST_EXAMPLES:
        return (*examples, shown)
    kept = examples[0].before + 1
    return (*examples[:kept], *examples[kept + 1 :], shown)
