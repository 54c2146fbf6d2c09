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
