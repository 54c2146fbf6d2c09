"""A source's articles in order, made up for the tests of incidents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.scoring.sources.incident import Incident
from monitor.scoring.sources.incidents import NO_HABITS, Habits, Watch
from monitor.scoring.sources.sighting import Sighting

HOUR, DAY = 3600.0, 86_400.0
#: Monday, 2026-01-05, 0:00.
MONDAY = 20_458 * DAY
WATCH = Watch()


def article(number: int, *codes: str, source: str = "Daily") -> Sighting:
    """The sighting of an article with these flags."""
    flags = tuple((code, 0.5) for code in codes)
    return Sighting(id=f"{source}-{number}", source=source, flags=flags, topic="articles", offset=number)


def evenly(begin: float, days: float, a_day: float) -> Iterator[float]:
    """Times of so many articles a day, evenly."""
    for number in range(round(days * a_day)):
        yield begin + number * DAY / a_day


def fed(
    habits: Habits, seen: Iterable[tuple[Sighting, float]], watch: Watch = WATCH, judged_by: int = 0
) -> tuple[Habits, list[Incident]]:
    """The habits after some articles, and all records of incidents."""
    told: list[Incident] = []
    for sighting, at in seen:
        habits, incidents = watch.see(habits, sighting, at, judged_by=judged_by)
        told += incidents
    return habits, told


def usual(days: float = 28, a_day: float = 40, *codes: str, every: int = 0) -> tuple[Habits, int, float]:
    """The habits of a source that sent so many articles a day, the number of the next one and its time.

    Every so manieth article has the flags.
    """
    times = list(evenly(MONDAY, days, a_day))
    seen = [(article(n, *(codes if every and n % every == 0 else ())), at) for n, at in enumerate(times)]
    habits, told = fed(NO_HABITS, seen)
    assert not told, told
    return habits, len(times), MONDAY + days * DAY
