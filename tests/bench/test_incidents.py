"""The simulation of sources, small: breaks are found, and nothing else is told, whatever the seed."""

from __future__ import annotations

from itertools import count, islice

import pytest

from bench.incident_streams import BREAKS, Break, articles
from bench.incidents import Result, run
from monitor.scoring.sources.incidents import FALSE_A_YEAR

#: Articles a day of the largest source that is tried, since the test has to be quick.
A_DAY = 70


def results(seed: int, broken: Break | None, wanted: int) -> list[Result]:
    """What is told of so many small sources."""
    small = (number for number in count() if articles(number, seed, broken).a_day <= A_DAY)
    return [run(seed, FALSE_A_YEAR, number, broken) for number in islice(small, wanted)]


@pytest.mark.parametrize("seed", [31, 32, 33])
def test_breaks_are_found_and_few_incidents_are_false(seed: int) -> None:
    """Of three of each kind at most one is missed, and in the fourth month no more than one is false."""
    broken = [result for kind in BREAKS for result in results(seed, kind, 3)]
    assert sum(result.seconds >= 0 for result in broken) >= len(broken) - 1
    assert sum(len(result.false) for result in (*broken, *results(seed, None, 8))) <= 1
