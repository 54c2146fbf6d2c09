"""A source's usual articles by the hour of the week, and how they are stored.

Each weekday has its own mean of articles; of these an hour has its share, one for Monday to Friday and one for the
weekend. All is times a level.
"""

from __future__ import annotations

import struct
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

#: A number, or one for each of several hours.
HourT = TypeVar("HourT", int, NDArray[np.int64])

#: Seconds.
HOUR, DAY = 3600.0, 86_400.0
#: The least share of the usual that the quietest weekday is taken for.
LEAST_QUIET = 0.25
#: What all hours have of a day's articles, so that one in which none came yet is not impossible.
EVEN = 0.002
#: How the means of the weekdays, those of the hours of a weekday and of the weekend, and today's articles are stored.
WEEKDAY_MEANS, HOUR_MEANS, HOURS_OF_TODAY = struct.Struct("<7f"), struct.Struct("<48e"), struct.Struct("<24H")
#: Hours that are all 0 are kept as nothing: those of a new source after a day on which it sent nothing.
NO_HOURS = HOUR_MEANS.pack(*[0.0] * 48)
#: The most articles of an hour that are counted: as many as the stored forms hold.
MOST_ARTICLES = 60_000


def hour_of_week(hour: HourT) -> HourT:
    """The hour of the week, from Monday 0:00 on, of an hour since 1970, which began on a Thursday."""
    return (hour + 72) % 168


def usual_week(days: bytes, hours: bytes, level: float) -> NDArray[np.float64]:
    """The usual articles of each hour of the week, from Monday on, ``(168,)``."""
    means = np.array(WEEKDAY_MEANS.unpack(days)).reshape(7, 1) * level
    shares = np.array(HOUR_MEANS.unpack(hours or NO_HOURS)).reshape(2, 24)
    shares *= (1 - EVEN) / np.maximum(shares.sum(1, keepdims=True), 1e-9)
    shares += EVEN / 24
    week: NDArray[np.float64] = np.concatenate((means[:5] * shares[0], means[5:] * shares[1])).ravel()
    return week


def as_quietest_day(week: NDArray[np.float64]) -> NDArray[np.float64]:
    """A usual week of which each day has as many articles as the quietest one, or :data:`LEAST_QUIET` of its own."""
    days = np.maximum(week.reshape(7, 24).sum(1), 1e-9)
    quiet: NDArray[np.float64] = week * np.maximum(days.min() / days, LEAST_QUIET).repeat(24)
    return quiet
