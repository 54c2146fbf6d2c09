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

**Flood** is a CUSUM over hours (as in ``share.py``) of the log-likelihood ratio of a doubled rate against a usual one
that is somewhat raised, for a Poisson distribution, divided by the dispersion that the source's hours have, or by that
of its days where this is larger (J. A. Nelder and R. W. M. Wedderburn's quasi-likelihood): the hours of a busy day are
busy together. Of the days only those with more articles than usual count. No hour weighs more than :data:`HOUR_LIMIT`,
so that a burst of a few hours is none; nor are two bursts of one day, since a flood must still go on after
:data:`CONFIRMED_HOURS`.
"""

from __future__ import annotations

import math
import struct
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from monitor.scoring.sources.run import Run, Shown

HOUR, DAY, WEEK = 3600.0, 86_400.0, 604_800.0
#: Days that a source must be known for before it is judged: each weekday came three times.
LEAST_DAYS = 21
#: Days without an article after which the habit, and what was told of the silence, is forgotten.
FORGOTTEN_DAYS = 30
#: Days without an article, and without a silence that was told, from which they teach nothing: a clock was wrong.
LONG_GAP_DAYS = 4
#: The articles that must have been usual in a silence, whatever the rate of false ones.
LEAST_MISSED = 10.0
#: How much more a silence must miss than the longest gap so far; and what that keeps with each day.
LONGER, GAP_KEPT = 1.4, 0.985
#: How much longer it is waited, by how long the source is silent then, and in seconds at the most: a batch a day may be
#: some hours late.
PATIENCE, MOST_PATIENCE = 0.125, 3 * HOUR
#: The least share of the usual that the quietest weekday is taken for.
LEAST_QUIET = 0.25
#: The flood's rates, by the usual one: what is looked for, and what is still usual.
DOUBLED, RAISED = 2.0, 1.1
#: What an hour adds to the flood's evidence at the most; the evidence for the usual rate at which a flood is over, and
#: the hours that this takes at the least.
HOUR_LIMIT, FLOOD_HEALED, FEWEST_HOURS = 1.0, 5.0, 6
#: Hours for which a flood must have gone on, and still go on. Of 11,000 simulated sources three floods were false in a
#: month without it, two with it, one with the scatter of days as well; half of those that double take 30 hours anyway.
CONFIRMED_HOURS = 18
#: The share of the evidence for a flood from which a day teaches as one with it: else the level follows before it is
#: told.
SUSPECT = 0.25
#: Hours of which the articles may come at once, in a batch; its hour weighs as all of them.
LONGEST_BATCH = 8
#: Days after which a flood is how the source is now.
FLOOD_DAYS = 7
#: Days over which a weekday's mean (in weeks), the hours' shares, the level and the dispersion are taken.
WEEKS, HOUR_DAYS, LEVEL_DAYS = 8, 20, 10
#: Usual articles of a day below which the level hardly moves, and its bounds.
LEVEL_ARTICLES, LOWEST_LEVEL, HIGHEST_LEVEL = 20.0, 0.2, 5.0
#: How much a single day may teach, by what was expected of it.
DAY_LIMIT = 3.0
#: What all hours have of a day's articles, so that one in which none came yet is not impossible; the least that is
#: usual in an hour for the flood's sake.
EVEN, LEAST_USUAL = 0.002, 0.02
#: A squared deviation of one hour, by what is usual, above which it teaches nothing more of the dispersion.
MOST_DEVIATION = 50.0
#: Days over which the scatter of a source's days is taken, and the most that it is taken for.
SCATTER_DAYS, MOST_SCATTER = 20, 20.0
#: Articles in a row from more than a day ago after which the clock was wrong before.
MOST_LATE = 20
#: How many times e^h hours it takes until a flood is told falsely, on the mean.
SLACK = 10.0

_DAYS, _HOURS, _TODAY = struct.Struct("<7f"), struct.Struct("<48e"), struct.Struct("<24H")
#: Hours that are all 0 are kept as nothing: those of a new source after a day on which it sent nothing.
_NO_HOURS = _HOURS.pack(*[0.0] * 48)
_MOST = 60_000


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
        return sum(_DAYS.unpack(self.days)) * self.level * 52.18 if self.days else 0.0

    def usual(self, begin: float, end: float, *, quiet: bool = False) -> float:
        """The articles that are usual between two times; ``quiet``: if each day were like the quietest weekday."""
        if end <= begin or not self.days:
            return 0.0
        week = self.quiet_week() if quiet else self.week()
        first, last = int(begin // HOUR), int(end // HOUR)
        if first == last:
            return float(week[hour_of_week(first)] * (end - begin) / HOUR)
        between = np.arange(first, last + 1)
        articles = week[(between + 72) % 168]
        articles[0] *= first + 1 - begin / HOUR
        articles[-1] *= end / HOUR - last
        return float(articles.sum())

    def week(self) -> NDArray[np.float64]:
        """The usual articles of each hour of the week, from Monday on, ``(168,)``."""
        days = np.array(_DAYS.unpack(self.days)).reshape(7, 1) * self.level
        shares = np.array(_HOURS.unpack(self.hours or _NO_HOURS)).reshape(2, 24)
        shares *= (1 - EVEN) / np.maximum(shares.sum(1, keepdims=True), 1e-9)
        shares += EVEN / 24
        week: NDArray[np.float64] = np.concatenate((days[:5] * shares[0], days[5:] * shares[1])).ravel()
        return week

    def quiet_week(self) -> NDArray[np.float64]:
        """The same if each day were like the quietest weekday, as a holiday may be."""
        return _quiet(self.week())

    def silent_at(self, limits: Limits) -> float:
        """When the source will have been silent for too long, if no article comes; infinite where it is not known."""
        if not self.is_known:
            return math.inf
        missed = max(limits.silence, LONGER * self.longest)
        first = int(self.last // HOUR)
        hours = np.arange(first, first + FORGOTTEN_DAYS * 24)
        articles = self.quiet_week()[(hours + 72) % 168]
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
        longest = max(self.longest, self.usual(self.last, at, quiet=True)) if teaches else self.longest
        rolled = _Hours(self, limits).roll(hour, shown, learn=teaches)
        return msgspec.structs.replace(
            rolled, count=rolled.count + 1, last=last, longest=max(longest, rolled.longest), late=0, silence=None
        )

    def _see_late(self, at: float, hour: int, last: float) -> Volume:
        """One that came late: it is counted for its hour if that is today's."""
        if hour // 24 == self.hour // 24:
            today = list(_TODAY.unpack(self.today)) if self.today else [0] * 24
            today[hour % 24] = min(today[hour % 24] + 1, _MOST)
            return msgspec.structs.replace(self, today=_TODAY.pack(*today), last=last, silence=None)
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
        level = self.level * max(self.flood.now / max(self.flood.before, 1.0), 1.0)
        return msgspec.structs.replace(self, level=min(level, HIGHEST_LEVEL), flood=None, evidence=0.0)


def hour_of_week(hour: int) -> int:
    """The hour of the week, from Monday 0:00 on, of an hour since 1970, which began on a Thursday."""
    return (hour + 72) % 168


def _quiet(week: NDArray[np.float64]) -> NDArray[np.float64]:
    """A usual week of which each day has as many articles as the quietest one, or :data:`LEAST_QUIET` of its own."""
    days = np.maximum(week.reshape(7, 24).sum(1), 1e-9)
    quiet: NDArray[np.float64] = week * np.maximum(days.min() / days, LEAST_QUIET).repeat(24)
    return quiet


class _Hours:
    """Closes hours one after another; what changes of a volume meanwhile."""

    def __init__(self, volume: Volume, limits: Limits) -> None:
        self._volume = volume
        self._limits = limits
        week = volume.week() if volume.days else np.zeros(168)
        self._week: list[float] = week.tolist()
        self._quiet: list[float] = _quiet(week).tolist()
        self._days = list(_DAYS.unpack(volume.days)) if volume.days else [0.0] * 7
        self._hours = list(_HOURS.unpack(volume.hours or _NO_HOURS))
        self._today = list(_TODAY.unpack(volume.today)) if volume.today else [0] * 24
        self._level, self._dispersion, self._longest = volume.level, volume.dispersion, volume.longest
        self._evidence, self._flood, self._scatter = volume.evidence, volume.flood, volume.scatter
        self._undisturbed = volume.undisturbed

    def roll(self, hour: int, shown: Shown | None, *, learn: bool) -> Volume:
        """Close the hours from the volume's own up to another, which begins with the next article."""
        volume = self._volume
        if not learn:
            self._undisturbed = False
        for closed in range(volume.hour, hour):
            count = volume.count if closed == volume.hour else 0
            self._today[closed % 24] = min(self._today[closed % 24] + count, _MOST)
            if volume.is_known:
                self._watch_flood(closed, count, shown)
            if closed % 24 == 23:
                self._close_day(closed // 24)
                if not learn:
                    self._undisturbed = False
        return msgspec.structs.replace(
            volume,
            hour=hour,
            count=volume.count if hour == volume.hour else 0,
            today=_TODAY.pack(*self._today) if any(self._today) else b"",
            days=_DAYS.pack(*self._days) if any(self._days) else b"",
            hours=_HOURS.pack(*self._hours) if any(self._hours) else b"",
            level=self._level,
            dispersion=self._dispersion,
            longest=self._longest,
            rate=self._quiet[hour_of_week(hour)],
            busiest=max(self._week),
            undisturbed=self._undisturbed,
            evidence=self._evidence,
            flood=self._flood,
            scatter=self._scatter,
        )

    def _watch_flood(self, hour: int, count: int, shown: Shown | None) -> None:
        usual = max(self._week[hour_of_week(hour)], LEAST_USUAL)
        ratio = count * math.log(DOUBLED / RAISED) - usual * (DOUBLED - RAISED)
        step = ratio / max(self._dispersion, self._scatter, 1.0)
        step = max(min(step, HOUR_LIMIT * self._hours_in_batch(hour, usual)), -HOUR_LIMIT)
        run, end = self._flood, (hour + 1) * HOUR
        if run is not None and run.is_open:
            self._undisturbed = False
            self._watch_open(run, step, count, usual, end, shown)
            return
        # No more than the limit, so that evidence of a burst does not last until it is confirmed.
        self._evidence = min(max(self._evidence + step, 0.0), self._limits.flood)
        if not self._evidence:
            self._flood = None
            return
        run = _with_hour(run or Run(hour * HOUR), count, usual, shown if count > usual else None)
        if self._evidence >= self._limits.flood and end - run.since >= CONFIRMED_HOURS * HOUR:
            run = msgspec.structs.replace(run, opened=end, told=run.affected)
            self._undisturbed = False
        self._flood = run

    def _hours_in_batch(self, hour: int, usual: float) -> float:
        """How many hours an hour stands for: itself, and those before it in which hardly anything is usual.

        No more than it has articles: the first hour of an editor's morning is no batch of the night.
        """
        hours = 1
        while hours < LONGEST_BATCH and self._week[hour_of_week(hour - hours)] < usual / 10:
            hours += 1
        if hours == 1:
            return 1.0
        return min(hours, max(usual / (sum(self._week) / 168), 1.0))

    def _watch_open(self, run: Run, step: float, count: int, usual: float, end: float, shown: Shown | None) -> None:
        run = _with_hour(run, count, usual, shown if count > usual else None)
        back = max(run.back - step, 0.0)
        healthy = run.healthy + 1 if back else 0
        if back >= FLOOD_HEALED and healthy >= FEWEST_HOURS:
            self._flood, self._evidence = None, 0.0
        elif end - run.opened >= FLOOD_DAYS * DAY:
            accepted = msgspec.structs.replace(self._volume, level=self._level, flood=run).accept("flood")
            self._level, self._flood, self._evidence = accepted.level, None, 0.0
        else:
            self._flood = msgspec.structs.replace(run, back=back, healthy=healthy)

    def _close_day(self, day: int) -> None:
        if day > self._volume.first_day:
            if self._undisturbed and self._evidence < SUSPECT * self._limits.flood:
                self._learn(day)
            else:
                self._learn_weekday(day)
        self._today = [0] * 24
        self._undisturbed = True
        self._longest *= GAP_KEPT

    def _learn_weekday(self, day: int) -> None:
        """From a day with a flood: what its weekday has, and nothing else; else a mean that is too low stays so."""
        weekday, total = (day + 3) % 7, float(sum(self._today))
        usual = self._days[weekday] * self._level
        if total > usual > 0:
            self._days[weekday] += (min(total, usual * DAY_LIMIT) / self._level - self._days[weekday]) / WEEKS

    def _learn(self, day: int) -> None:
        weekday, known = (day + 3) % 7, day - self._volume.first_day
        weekend = 24 * (weekday >= 5)
        total, usual = float(sum(self._today)), self._days[weekday] * self._level
        begin = hour_of_week(day * 24)
        if known > LEAST_DAYS:
            limited = min(max(total, usual / DAY_LIMIT), usual * DAY_LIMIT)
            deviation = sum(
                min((count - mean) ** 2 / max(mean, 0.25), MOST_DEVIATION)
                for count, mean in zip(self._today, self._week[begin : begin + 24], strict=True)
            )
            self._dispersion += (deviation / 24 - self._dispersion) / min(known - LEAST_DAYS, HOUR_DAYS)
            more = max(total - usual, 0.0) ** 2 / max(usual, 1.0)
            days = min(known - LEAST_DAYS, SCATTER_DAYS)
            self._scatter += (min(more, MOST_SCATTER) - self._scatter) / days
            self._level *= 1 + (limited - usual) / max(usual, LEVEL_ARTICLES) / LEVEL_DAYS
            self._level = min(max(self._level, LOWEST_LEVEL), HIGHEST_LEVEL)
            total = limited
        weeks = min((known - 1) // 7 + 1, WEEKS)
        self._days[weekday] += (total / self._level - self._days[weekday]) / weeks
        days = min(max(known * (2 if weekend else 5) // 7, 1), HOUR_DAYS)
        for hour, count in enumerate(self._today):
            mean = self._hours[weekend + hour]
            self._hours[weekend + hour] = min(mean + (count / self._level - mean) / days, _MOST)
        learned = msgspec.structs.replace(
            self._volume, days=_DAYS.pack(*self._days), hours=_HOURS.pack(*self._hours), level=self._level
        )
        week = learned.week()
        self._week, self._quiet = week.tolist(), _quiet(week).tolist()


def _with_hour(run: Run, count: int, usual: float, shown: Shown | None) -> Run:
    """A flood's run with one more hour."""
    run = run.add(True, shown) if shown is not None else run
    articles = round(run.now) + count
    return msgspec.structs.replace(
        run, articles=articles, affected=articles, now=float(articles), before=run.before + usual
    )
