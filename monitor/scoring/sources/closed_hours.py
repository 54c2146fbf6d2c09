"""Closes the hours of a source's volume: tells floods, and learns what is usual.

**Flood** is a CUSUM over hours (as in ``share.py``) of the log-likelihood ratio of a doubled rate against a usual one
that is somewhat raised, for a Poisson distribution, divided by the dispersion that the source's hours have, or by that
of its days where this is larger (J. A. Nelder and R. W. M. Wedderburn's quasi-likelihood): the hours of a busy day are
busy together. Of the days only those with more articles than usual count. No hour weighs more than :data:`HOUR_LIMIT`,
so that a burst of a few hours is none; nor are two bursts of one day, since a flood must still go on after
:data:`CONFIRMED_HOURS`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from monitor.scoring.sources.run import Run, Shown
from monitor.scoring.sources.usual_week import (
    DAY,
    HOUR,
    HOUR_MEANS,
    HOURS_OF_TODAY,
    MOST_ARTICLES,
    NO_HOURS,
    WEEKDAY_MEANS,
    as_quietest_day,
    hour_of_week,
    usual_week,
)

if TYPE_CHECKING:
    from monitor.scoring.sources.volume import Limits, Volume

#: Days that a source must be known for before it is judged: each weekday came three times.
LEAST_DAYS = 21
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
#: The least that is usual in an hour for the flood's sake.
LEAST_USUAL = 0.02
#: A squared deviation of one hour, by what is usual, above which it teaches nothing more of the dispersion.
MOST_DEVIATION = 50.0
#: Days over which the scatter of a source's days is taken, and the most that it is taken for.
SCATTER_DAYS, MOST_SCATTER = 20, 20.0


class ClosedHours:
    """What changes of a volume while its hours are closed one after another."""

    def __init__(self, volume: Volume, limits: Limits) -> None:
        self._volume = volume
        self._limits = limits
        week = volume.week() if volume.days else np.zeros(168)
        self._week: list[float] = week.tolist()
        self._quiet: list[float] = as_quietest_day(week).tolist()
        self._days = list(WEEKDAY_MEANS.unpack(volume.days)) if volume.days else [0.0] * 7
        self._hours = list(HOUR_MEANS.unpack(volume.hours or NO_HOURS))
        self._today = list(HOURS_OF_TODAY.unpack(volume.today)) if volume.today else [0] * 24
        self._level, self._dispersion = volume.level, volume.dispersion
        self._evidence, self._flood, self._scatter = volume.evidence, volume.flood, volume.scatter
        self._undisturbed = volume.undisturbed

    def roll(self, hour: int, shown: Shown | None, *, learn: bool) -> Volume:
        """Close the hours from the volume's own up to another, which begins with the next article."""
        volume = self._volume
        if not learn:
            self._undisturbed = False
        for closed in range(volume.hour, hour):
            count = volume.count if closed == volume.hour else 0
            self._today[closed % 24] = min(self._today[closed % 24] + count, MOST_ARTICLES)
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
            today=HOURS_OF_TODAY.pack(*self._today) if any(self._today) else b"",
            days=WEEKDAY_MEANS.pack(*self._days) if any(self._days) else b"",
            hours=HOUR_MEANS.pack(*self._hours) if any(self._hours) else b"",
            level=self._level,
            dispersion=self._dispersion,
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
            self._learn(day, usual_day=self._undisturbed and self._evidence < SUSPECT * self._limits.flood)
        self._today = [0] * 24
        self._undisturbed = True

    def _learn(self, day: int, *, usual_day: bool) -> None:
        """Learn from a day; from one with a flood only what its weekday has, or a mean that is too low stays so."""
        weekday, known = (day + 3) % 7, day - self._volume.first_day
        total, usual = float(sum(self._today)), self._days[weekday] * self._level
        limited = min(max(total, usual / DAY_LIMIT), usual * DAY_LIMIT)
        if usual_day:
            if known > LEAST_DAYS:
                self._learn_level(weekday, known - LEAST_DAYS, total, limited)
                total = limited
            self._learn_weekday(weekday, total, min((known - 1) // 7 + 1, WEEKS))
            self._learn_hours(weekday, known)
        elif total > usual > 0:
            self._learn_weekday(weekday, limited, WEEKS)
        self._renew_week()

    def _learn_level(self, weekday: int, judged_days: int, total: float, limited: float) -> None:
        """The dispersion of the hours, the scatter of the days and the level; ``limited`` is what the day may teach."""
        usual = self._days[weekday] * self._level
        deviation = sum(
            min((count - mean) ** 2 / max(mean, 0.25), MOST_DEVIATION)
            for count, mean in zip(self._today, self._week[weekday * 24 : weekday * 24 + 24], strict=True)
        )
        self._dispersion += (deviation / 24 - self._dispersion) / min(judged_days, HOUR_DAYS)
        more = max(total - usual, 0.0) ** 2 / max(usual, 1.0)
        self._scatter += (min(more, MOST_SCATTER) - self._scatter) / min(judged_days, SCATTER_DAYS)
        self._level *= 1 + (limited - usual) / max(usual, LEVEL_ARTICLES) / LEVEL_DAYS
        self._level = min(max(self._level, LOWEST_LEVEL), HIGHEST_LEVEL)

    def _learn_weekday(self, weekday: int, total: float, weeks: int) -> None:
        self._days[weekday] += (total / self._level - self._days[weekday]) / weeks

    def _learn_hours(self, weekday: int, known: int) -> None:
        begin, a_week = (24, 2) if weekday >= 5 else (0, 5)
        days = min(max(known * a_week // 7, 1), HOUR_DAYS)
        for hour, count in enumerate(self._today, begin):
            mean = self._hours[hour]
            self._hours[hour] = min(mean + (count / self._level - mean) / days, MOST_ARTICLES)

    def _renew_week(self) -> None:
        """What the hours that are closed next are compared with."""
        week = usual_week(WEEKDAY_MEANS.pack(*self._days), HOUR_MEANS.pack(*self._hours), self._level)
        self._week, self._quiet = week.tolist(), as_quietest_day(week).tolist()


def _with_hour(run: Run, count: int, usual: float, shown: Shown | None) -> Run:
    """A flood's run with one more hour."""
    run = run.add(True, shown) if shown is not None else run
    articles = round(run.now) + count
    return msgspec.structs.replace(
        run, articles=articles, affected=articles, now=float(articles), before=run.before + usual
    )
