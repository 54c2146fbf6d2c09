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
    topics = [topic for stage in stages for topic in (stage.reads, *stage.writes, *stage.follows, *_stored_in(stage))]
    return tuple(dict.fromkeys([*topics, DEAD]))


def read_by(stages: Iterable[type[Stage]]) -> frozenset[Topic]:
    """The topics of which a worker of these stages reads records."""
    return frozenset(topic for stage in stages for topic in (stage.reads, *stage.follows, *_stored_in(stage)))


def written_by(stages: Iterable[type[Stage]]) -> frozenset[Topic]:
    """The topics to which a worker of these stages writes, that of the dead letters among them."""
    return frozenset([DEAD, *(topic for stage in stages for topic in (*stage.writes, *_stored_in(stage)))])


def _stored_in(stage: type[Stage]) -> tuple[Topic, ...]:
    """The topic that holds a stage's state; none where it has none there."""
    return (stage.stores,) if stage.stores else ()
