"""The time of a stream: how far the articles have come, by the times at which they arrived.

A source is silent when it has sent nothing while time passed, so what passes must be time in which its articles would
have been seen. Four things would betray a plain maximum over all articles:

- A backlog is read from several partitions at once, some hours behind others: the time is that of the partition that is
  farthest behind, of those that still come.
- One article from the future: an article cannot have arrived after it was scored, so the earlier of the two holds.
- A gap, in which nothing came of any source: the fault is in what all of them share. It is passed at the speed of the
  articles that follow it, so that each source can send again before it is missed.
- A clock that was wrong and is set back: after :data:`MOST_BACK` articles in a row from before, theirs holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: Seconds without an article of any source that are a gap.
GAP_SECONDS = 3600.0
#: Articles in a row from more than that before the latest one, after which it was from a wrong clock.
MOST_BACK = 100
#: Seconds, by the time of scoring, after which a partition that brings nothing is not waited for.
IDLE_SECONDS = 600.0


@dataclass
class Passing:
    """The time of one partition of articles, in seconds since 1970."""

    latest: float
    #: Seconds of gaps that are not passed yet.
    behind: float = 0.0
    back: int = 0
    scored: float = 0.0

    @property
    def time(self) -> float:
        """How far the partition has come."""
        return self.latest - self.behind

    def advance(self, at: float, scored: float) -> None:
        """Let an article arrive that was scored at a time."""
        self.scored = max(self.scored, scored)
        if at < self.latest - GAP_SECONDS:
            self.back += 1
            if self.back >= MOST_BACK:
                self.behind = max(at - self.time, 0.0)
                self.latest, self.back = at, 0
            return
        self.back = 0
        passed = max(at - self.latest, 0.0)
        self.behind += passed - GAP_SECONDS if passed > GAP_SECONDS else -min(passed, self.behind)
        self.latest = max(self.latest, at)


@dataclass
class StreamClock:
    """The time of the articles of one partition of sightings."""

    #: By topic and partition of the articles.
    passing: dict[tuple[str, int], Passing] = field(default_factory=dict)
    time: float = 0.0

    def advance(self, partition: tuple[str, int], at: float, scored: float) -> float:
        """Let an article arrive; returns the time, which never goes back."""
        passing = self.passing.get(partition)
        if passing is None:
            passing = self.passing[partition] = Passing(at, scored=scored)
        else:
            passing.advance(at, scored)
        awaited = [each.time for each in self.passing.values() if each.scored >= scored - IDLE_SECONDS]
        self.time = max(self.time, min(awaited, default=passing.time))
        return self.time


def arrived(timestamp: int, scored: float) -> float:
    """When an article arrived, in seconds since 1970, by its record's timestamp in ms and by when it was scored."""
    return min(timestamp / 1000, scored) if timestamp > 0 else scored
