"""Sources made up for ``bench/incidents.py``: months of articles, by seed, and the breaks that are put in.

Each source has its own volume (5 to 600 articles a day, evenly over the logarithm), hours, weekend, time zone and
country of four with its holidays; days that differ by a tenth, bursts, a slow drift of its volume by up to half, and of
its bad copies; one in ten is new in the course of the months, one in ten sends in batches, one in 25 was always bad.
Bad copies are 0 to 5 % with three flags, one in five of them followed by another at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

HOUR, DAY = 3600.0, 86_400.0
MONTH_DAYS, MONTHS = 30, 4
DAYS = MONTH_DAYS * MONTHS
#: Monday, 2026-01-05.
BEGIN = 20_458 * DAY
COUNTRIES = 4
Break = Literal["half bad", "all bad", "silent", "doubled"]
BREAKS: tuple[Break, ...] = ("half bad", "all bad", "silent", "doubled")
CODES = ("truncated", "thin", "boilerplate_heavy", "markup", "repeated_body", "mojibake")
#: Days that a break goes on.
BREAK_DAYS = {"half bad": 3.0, "all bad": 3.0, "silent": 1.0, "doubled": 5.0}
#: Articles a day of a source into which a break is put, at the least.
LEAST_BROKEN = 20


@dataclass(frozen=True)
class Articles:
    """The articles of one source in order: ``n`` times in seconds, and which have each flag, ``(n, len(CODES))``."""

    source: str
    a_day: float
    times: NDArray[np.float64]
    flags: NDArray[np.bool_]
    broken: Break | None
    broken_at: float

    @property
    def broken_until(self) -> float:
        """When the break ends."""
        return self.broken_at + BREAK_DAYS[self.broken] * DAY if self.broken else 0.0


def holidays(seed: int) -> NDArray[np.bool_]:
    """Which days are holidays of each country, ``(COUNTRIES, DAYS)``: one on a weekday each month."""
    draw = np.random.default_rng((seed, 0))
    days = np.zeros((COUNTRIES, DAYS), np.bool_)
    for country in range(COUNTRIES):
        for month in range(MONTHS):
            weekdays = [day for day in range(month * MONTH_DAYS, (month + 1) * MONTH_DAYS) if day % 7 < 5]
            days[country, draw.choice(weekdays)] = True
    return days


def articles(number: int, seed: int, broken: Break | None) -> Articles:
    """The articles of a source by its number, with a break in the fourth month or without."""
    draw = np.random.default_rng((seed, 1, number))
    low = LEAST_BROKEN if broken else 5
    a_day = float(np.exp(draw.uniform(np.log(low), np.log(600))))
    at = BEGIN + draw.uniform(3 * MONTH_DAYS + 0.5, DAYS - 6) * DAY if broken else 0.0
    rates = _rates(draw, a_day, holidays(seed)[number % COUNTRIES])
    if not broken and draw.random() < 0.1:
        rates[: int(draw.uniform(10, DAYS - 10)) * 24] = 0
    hours = np.arange(DAYS * 24)
    if broken == "doubled":
        within = (BEGIN + hours * HOUR >= at) & (BEGIN + hours * HOUR < at + BREAK_DAYS[broken] * DAY)
        rates = rates * (1 + within)
    counts = draw.poisson(rates)
    if draw.random() < 0.1:
        counts, within_hour = _in_batches(draw, counts), 300.0
    else:
        within_hour = HOUR
    times = np.sort(BEGIN + np.repeat(hours, counts) * HOUR + draw.uniform(0, within_hour, counts.sum()))
    if broken == "silent":
        times = times[(times < at) | (times >= at + BREAK_DAYS[broken] * DAY)]
    flags = _flags(draw, times, always_bad=not broken and draw.random() < 0.04)
    if broken in ("half bad", "all bad"):
        within = (times >= at) & (times < at + BREAK_DAYS[broken] * DAY)
        flags[within, draw.integers(len(CODES))] |= draw.random(within.sum()) < (0.5 if broken == "half bad" else 1.0)
    return Articles(f"Source {number}", a_day, times, flags, broken, at)


def _rates(draw: np.random.Generator, a_day: float, holiday: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The articles that are to be expected in each hour, ``(24 * DAYS,)``."""
    hours = np.arange(DAYS * 24)
    day = hours // 24
    # From even over the day to office hours; at its own time of day.
    shape = np.exp(draw.uniform(0, 2.5) * np.cos((hours % 24 - draw.uniform(8, 20)) / 24 * 2 * np.pi))
    weekend = draw.uniform(0.15, 1.0)
    weekly = np.where(day % 7 >= 5, weekend, 1.0)
    # A holiday is like a Sunday, more or less.
    weekly = np.where(holiday[day], np.minimum(weekend * draw.uniform(0.8, 1.2), 1.0), weekly)
    noise = np.exp(draw.normal(0, 0.1, DAYS))[day]
    drift = np.exp(np.log(1.5) * draw.uniform(-1, 1) * day / DAYS)
    burst = np.ones(DAYS * 24)
    for begin in np.flatnonzero(draw.random(DAYS * 24) < 1 / (14 * 24)):
        burst[begin : begin + draw.integers(1, 6)] *= draw.uniform(1.5, 4)
    rates: NDArray[np.float64] = shape * weekly * noise * drift * burst
    return rates * (a_day / float((shape * weekly).sum() / DAYS))


def _in_batches(draw: np.random.Generator, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """All articles of some hours at the end of these."""
    size = int(draw.choice([1, 3, 6]))
    batches = np.zeros_like(counts)
    batches[size - 1 :: size] = counts.reshape(-1, size).sum(1)
    return batches


def _flags(draw: np.random.Generator, times: NDArray[np.float64], *, always_bad: bool) -> NDArray[np.bool_]:
    n = len(times)
    flags = np.zeros((n, len(CODES)), np.bool_)
    total = min(float(draw.exponential(0.012)), 0.05)
    if always_bad:
        flags[:, draw.integers(len(CODES))] = draw.random(n) < draw.uniform(0.3, 1.0)
    drift = np.linspace(1, draw.uniform(0.5, 1.5), n)
    for code, part in zip(draw.permutation(len(CODES))[:3], draw.dirichlet((1, 1, 1)), strict=True):
        bad = draw.random(n) < total * part * drift / 1.2
        bad[1:] |= bad[:-1] & (draw.random(n - 1 if n else 0) < 0.2)
        flags[:, code] |= bad
    return flags
