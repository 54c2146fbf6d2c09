"""How many articles a source sends, by the hour of the week; silence and flood against that.

Articles are counted by the hour. What is usual of an hour is the mean of its weekday, of which the hour has its usual
share (Monday to Friday as one, the weekend as one), times a level that follows a slow drift. Means are exponential,
over eight weeks; no day teaches more than three times or less than a third of what was expected, as a holiday. A day
with a silence teaches nothing. One with a flood, or with some evidence for one, teaches its weekday's mean alone: the
level would follow the flood before it is told, and a weekday that was learned from holidays would be a flood for ever.

**Silence** is told when the articles that are missing since the last one are more than chance makes. Where articles
come independently of each other, none has a chance of e^-u where u are usual; so u must reach the logarithm of the
number of gaps in a year by the silences that may be told falsely in it. Where they come in batches, that is not so: u
must also be above :data:`LONGER` times what the longest gap so far missed. What is usual is taken for that of the
quietest weekday, since a holiday is like a Sunday.

**Flood** is told as the hours are closed: ``closed_hours.py``.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from monitor.scoring.sources.closed_hours import HIGHEST_LEVEL, LEAST_DAYS, ClosedHours
from monitor.scoring.sources.run import Run, Shown
from monitor.scoring.sources.usual_week import (
    DAY,
    HOUR,
    HOURS_OF_TODAY,
    MOST_ARTICLES,
    WEEKDAY_MEANS,
    as_quietest_day,
    hour_of_week,
    usual_week,
)

#: Days without an article after which the habit, and what was told of the silence, is forgotten.
FORGOTTEN_DAYS = 30
#: Days without an article, and without a silence that was told, from which they teach nothing: a clock was wrong.
LONG_GAP_DAYS = 4
#: The articles that must have been usual in a silence, whatever the rate of false ones.
LEAST_MISSED = 10.0
#: How much more a silence must miss than the longest gap so far.
LONGER = 1.4
#: How much longer it is waited, by how long the source is silent then, and in seconds at the most: a batch a day may be
#: some hours late.
PATIENCE, MOST_PATIENCE = 0.125, 3 * HOUR
#: Articles in a row from more than a day ago after which the clock was wrong before.
MOST_LATE = 20
#: How many times e^h hours it takes until a flood is told falsely, on the mean.
SLACK = 10.0


class Limits(NamedTuple):
    """From where on it is told: usual articles missed in a silence, and evidence for a flood."""

    silence: float
    flood: float

    @classmethod
    def of(cls, articles_a_year: float, false_a_year: float) -> Limits:
        """The limits for a source of so many articles, and so many false silences and as many false floods a year."""
        silence = math.log(max(articles_a_year, 1.0) / false_a_year)
        return cls(max(silence, LEAST_MISSED), math.log(365 * 24 / false_a_year / SLACK))


class Volume(msgspec.Struct, frozen=True, array_like=True):
    """What is known of a source's volume; ``hour`` and ``day`` count from 1970, the current hour is not in ``today``.

    ``days`` are the means of the weekdays, ``hours`` those of the hours of a weekday, then of the weekend, at level 1;
    ``rate`` is what would be usual of the current hour on the quietest weekday, ``longest`` what would have been in the
    longest gap, ``busiest`` what is usual of the busiest hour; ``dispersion`` is that of the hours, ``scatter`` that of
    the days with more articles than usual.
    """

    first_day: int
    hour: int
    last: float
    count: int = 0
    today: bytes = b""
    days: bytes = b""
    hours: bytes = b""
    level: float = 1.0
    dispersion: float = 1.0
    longest: float = 0.0
    rate: float = 0.0
    busiest: float = 0.0
    undisturbed: bool = True
    late: int = 0
    evidence: float = 0.0
    flood: Run | None = None
    silence: Run | None = None
    scatter: float = 1.0

    @classmethod
    def begin(cls, at: float) -> Volume:
        """A source whose first article came at a time."""
        hour = int(at // HOUR)
        return cls(hour // 24, hour, at, 1)

    @property
    def is_known(self) -> bool:
        """Whether the source has been known for long enough to be judged."""
        return self.hour // 24 - self.first_day >= LEAST_DAYS and bool(self.days)

    @property
    def articles_a_year(self) -> float:
        """What is usual in a year."""
        return sum(WEEKDAY_MEANS.unpack(self.days)) * self.level * 52.18 if self.days else 0.0

    def usual(self, begin: float, end: float, *, quiet: bool = False) -> float:
        """The articles that are usual between two times; ``quiet``: if each day were like the quietest weekday."""
        if end <= begin or not self.days:
            return 0.0
        week = self.quiet_week() if quiet else self.week()
        first, last = int(begin // HOUR), int(end // HOUR)
        if first == last:
            return float(week[hour_of_week(first)] * (end - begin) / HOUR)
        between = np.arange(first, last + 1)
        articles = week[hour_of_week(between)]
        articles[0] *= first + 1 - begin / HOUR
        articles[-1] *= end / HOUR - last
        return float(articles.sum())

    def week(self) -> NDArray[np.float64]:
        """The usual articles of each hour of the week, from Monday on, ``(168,)``."""
        return usual_week(self.days, self.hours, self.level)

    def quiet_week(self) -> NDArray[np.float64]:
        """The same if each day were like the quietest weekday, as a holiday may be."""
        return as_quietest_day(self.week())

    def silent_at(self, limits: Limits) -> float:
        """When the source will have been silent for too long, if no article comes; infinite where it is not known."""
        if not self.is_known:
            return math.inf
        missed = max(limits.silence, LONGER * self.longest)
        first = int(self.last // HOUR)
        hours = np.arange(first, first + FORGOTTEN_DAYS * 24)
        articles = self.quiet_week()[hour_of_week(hours)]
        articles[0] *= first + 1 - self.last / HOUR
        missed_by = articles.cumsum()
        index = int(missed_by.searchsorted(missed))
        if index == len(hours):
            return math.inf
        before = missed_by[index - 1] if index else 0.0
        within = (missed - before) / max(articles[index], 1e-9)
        begin = hours[index] * HOUR if index else self.last
        due = begin + within * ((hours[index] + 1) * HOUR - begin)
        return float(due + min((due - self.last) * PATIENCE, MOST_PATIENCE))

    def due(self, limits: Limits) -> float:
        """When the passing of time alone will change something next."""
        if self.silence is None:
            return self.silent_at(limits)
        # A silence that goes on is told again when it is twice as long.
        again = self.last + 2 * (self.silence.told_at - self.last)
        return min(again, self.last + FORGOTTEN_DAYS * DAY)

    def pass_time(self, limits: Limits, shown: Shown | None) -> Volume:
        """The volume at the time at which it is :meth:`due`: silent, silent for longer, or forgotten."""
        due = self.due(limits)
        if self.silence is None:
            examples = (shown,) if shown is not None else ()
            run = Run(self.last, opened=due, before=self.usual(self.last, due), examples=examples, told_at=due)
            return msgspec.structs.replace(self, silence=run)
        if due >= self.last + FORGOTTEN_DAYS * DAY:
            return Volume(int(due // DAY), int(due // HOUR), due)
        run = msgspec.structs.replace(self.silence, before=self.usual(self.last, due), told_at=due)
        return msgspec.structs.replace(self, silence=run)

    def see(self, at: float, limits: Limits, shown: Shown | None, time: float = 0.0) -> Volume:
        """The volume with one more distinct article, which arrived at a time; a silence ends.

        ``time`` is how far the stream has come: an article that comes long after its time shows that its source is not
        silent now. Else the article's own time holds, so that it does not hang on what other sources sent.
        """
        hour, last = int(at // HOUR), max(at, self.last, time if time - at > HOUR else 0.0)
        if hour < self.hour:
            return self._see_late(at, hour, last)
        if hour - self.hour > FORGOTTEN_DAYS * 24:
            return Volume.begin(at)
        if hour == self.hour and self.silence is None:
            longest = max(self.longest, self.rate * (at - self.last) / HOUR)
            return msgspec.structs.replace(self, count=self.count + 1, last=last, late=0, longest=longest)
        teaches = self.silence is None and at - self.last < LONG_GAP_DAYS * DAY
        # Looked at closely only where it could be the longest: that takes a seventh of an article's incidents.
        may_be_longest = (at - self.last) / HOUR * self.busiest > self.longest
        longest = self.usual(self.last, at, quiet=True) if teaches and may_be_longest else self.longest
        rolled = ClosedHours(self, limits).roll(hour, shown, learn=teaches)
        return msgspec.structs.replace(
            rolled, count=rolled.count + 1, last=last, longest=max(longest, self.longest), late=0, silence=None
        )

    def _see_late(self, at: float, hour: int, last: float) -> Volume:
        """One that came late: it is counted for its hour if that is today's."""
        if hour // 24 == self.hour // 24:
            today = list(HOURS_OF_TODAY.unpack(self.today)) if self.today else [0] * 24
            today[hour % 24] = min(today[hour % 24] + 1, MOST_ARTICLES)
            return msgspec.structs.replace(self, today=HOURS_OF_TODAY.pack(*today), last=last, silence=None)
        late = self.late + (hour < self.hour - 24)
        if late < MOST_LATE:
            return msgspec.structs.replace(self, late=late, last=last, silence=None)
        return msgspec.structs.replace(
            self, first_day=self.first_day - self.hour // 24 + hour // 24, hour=hour, last=at, count=1, today=b"",
            late=0, undisturbed=False, evidence=0.0, flood=None, silence=None,
        )  # fmt: skip

    def may_be_silent(self, time: float) -> bool:
        """Whether enough may be missing at a time; where not, nothing is due. Cheap: most articles come soon."""
        return self.silence is not None or (time - self.last) / HOUR * self.busiest >= LEAST_MISSED

    def accept(self, kind: str) -> Volume:
        """The volume with what is, as what is usual from now on: a person said so, or the flood went on for long."""
        if kind == "silence":
            return Volume(self.hour // 24, self.hour, self.last)
        if self.flood is None:
            return self
        level = min(self.level * max(self.flood.now / max(self.flood.before, 1.0), 1.0), HIGHEST_LEVEL)
        busiest = self.busiest * level / self.level
        return msgspec.structs.replace(self, level=level, busiest=busiest, flood=None, evidence=0.0)
