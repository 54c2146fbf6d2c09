"""The stages: one file each, known to nobody but the list of them."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.streaming.stages.link import Link
from monitor.streaming.stages.score import Score
from monitor.streaming.stages.sources import Sources
from monitor.streaming.stages.stage import Stage
from monitor.streaming.topics import DEAD, Topic

#: Every stage, in the order in which a record passes them.
STAGES: tuple[type[Stage], ...] = (Score, Sources, Link)


def topics_of(stages: Iterable[type[Stage]]) -> tuple[Topic, ...]:
    """The topics that these stages read, write, follow and store in, and that of the dead letters; each once."""
    topics = [
        topic
        for stage in stages
        for topic in (stage.reads, *stage.writes, *stage.follows, *([stage.stores] if stage.stores else []))
    ]
    return tuple(dict.fromkeys([*topics, DEAD]))


def read_by(stages: Iterable[type[Stage]]) -> frozenset[Topic]:
    """The topics of which a worker of these stages reads records."""
    return frozenset(
        topic for stage in stages for topic in (stage.reads, *stage.follows, *([stage.stores] if stage.stores else []))
    )


def written_by(stages: Iterable[type[Stage]]) -> frozenset[Topic]:
    """The topics to which a worker of these stages writes, that of the dead letters among them."""
    stages = tuple(stages)
    stores = [stage.stores for stage in stages if stage.stores]
    return frozenset([DEAD, *stores, *(topic for stage in stages for topic in stage.writes)])
