"""The incidents of one partition of sightings, or of a file: its sources' habits, and the time that passes for them.

Of each source its habits are kept (``scoring/sources/incidents.py``), which the stage ``sources`` stores with its
templates. What time alone brings, a silence, is found by a queue of when it is due. The queue and the clock are not
stored: they follow from the habits and from the articles that come, so after a restart the same is told.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence

from monitor.scoring.sources.clock import StreamClock, arrived
from monitor.scoring.sources.decision import Decision
from monitor.scoring.sources.incident import Incident
from monitor.scoring.sources.incidents import LAYOUT, NO_HABITS, Habits, Watch
from monitor.scoring.sources.layout import read_layout
from monitor.scoring.sources.sighting import Sighting
from monitor.scoring.sources.templates import SourceTemplates

#: Seconds of the articles' time after which a source is looked at again, whatever was due: its habits may have changed.
LOOK_AGAIN = 86_400.0
#: Sources that are looked at in one tick: a twentieth of a second's work.
MOST_LOOKS = 2_000


#: Tells of a key the source's name as its last article has it, and what is known of it.
Known = Callable[[bytes], tuple[str, SourceTemplates] | None]


class IncidentWatch:
    """The habits of the sources of one partition."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._habits: dict[bytes, Habits] = {}
        self._clock = StreamClock()
        #: When each source is to be looked at; each is in it once, as the set says.
        self._looks: list[tuple[float, bytes]] = []
        self._queued: set[bytes] = set()
        #: When its last article was scored, in seconds since 1970.
        self.last_scored = 0.0

    def habits(self, key: bytes) -> Habits | None:
        """What is kept of a source."""
        return self._habits.get(key)

    def load(self, key: bytes, habits: Habits) -> None:
        """Take a source's habits back."""
        self._put(key, habits)

    def see(
        self, key: bytes, sighting: Sighting, scored: float, known: SourceTemplates, *, learned: bool
    ) -> Sequence[Incident]:
        """The records of incidents that an article makes; ``known`` is what was known of its source before it.

        ``scored`` is when it was, in seconds since 1970; ``learned`` whether its lines were counted, as those of a
        story that came before are not.
        """
        at = arrived(sighting.timestamp, scored)
        changed = self._watch.see(
            self._habits.get(key, NO_HABITS),
            sighting,
            at,
            time=self._clock.time or at,
            layout=read_layout(known, sighting) if learned else LAYOUT,
            judged_by=sighting.judged_by,
            last=known.positions[-1] if known.positions else None,
        )
        self._clock.advance((sighting.topic, sighting.partition), at, scored)
        self.last_scored = max(self.last_scored, scored)
        self._put(key, changed.habits)
        return changed.incidents

    @property
    def time(self) -> float:
        """How far the articles have come, in seconds since 1970; 0 before the first."""
        return self._clock.time

    def pass_time(self, known: Known, time: float) -> Sequence[Incident]:
        """The records of incidents that came due as time passed; usually :attr:`time`."""
        told: list[Incident] = []
        for _ in range(MOST_LOOKS):
            if not self._looks or self._looks[0][0] > time:
                break
            _, key = heapq.heappop(self._looks)
            source = known(key)
            if key not in self._habits or source is None:
                self._habits.pop(key, None)
                self._queued.remove(key)
                continue
            told += self._pass_time(key, *source, time)
            due = self._watch.due(self._habits[key])
            heapq.heappush(self._looks, (min(due, time + LOOK_AGAIN), key))
        return told

    def _pass_time(self, key: bytes, name: str, known: SourceTemplates, time: float) -> Sequence[Incident]:
        last = known.positions[-1] if known.positions else None
        changed = self._watch.pass_time(self._habits[key], name, time, last)
        self._habits[key] = changed.habits
        return changed.incidents

    def decide(
        self, key: bytes, decision: Decision, at: float, source: tuple[str, SourceTemplates] | None
    ) -> Sequence[Incident]:
        """The records that a person's word makes; none of a source that is not known."""
        if key not in self._habits or source is None:
            return ()
        # After a restart a silence may not have been found again yet.
        told = self._pass_time(key, *source, self._clock.time)
        changed = self._watch.decide(self._habits[key], source[0], decision, at)
        self._habits[key] = changed.habits
        return (*told, *changed.incidents)

    def forget(self, key: bytes, name: str, at: float) -> Sequence[Incident]:
        """The records that close what is open of a source that is forgotten."""
        habits = self._habits.pop(key, None)
        return self._watch.forget(habits, name, at) if habits is not None else ()

    def _put(self, key: bytes, habits: Habits) -> None:
        if key not in self._queued:
            self._queued.add(key)
            heapq.heappush(self._looks, (self._clock.time if self._clock.time else -math.inf, key))
        self._habits[key] = habits
