"""How soon breaks of sources are told, and how often falsely: ``python -m bench.incidents [SOURCES]``.

Four simulated months (``bench/incident_streams.py``): three from which habits are learned, and a fourth, in which
breaks are put into a fifth of the sources. Prints false incidents and breaks found of that month, and how long it took.
``--picture FILE`` draws how soon which break is told.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench.incident_streams import BEGIN, BREAKS, CODES, DAY, DAYS, MONTH_DAYS, Articles, Break, articles
from monitor.scoring.sources.incident import Incident
from monitor.scoring.sources.incidents import FALSE_A_YEAR, NO_HABITS, Habits, Watch
from monitor.scoring.sources.sighting import Sighting

FOURTH = BEGIN + 3 * MONTH_DAYS * DAY
KIND_OF = {"half bad": "share", "all bad": "share", "silent": "silence", "doubled": "flood"}
#: Seconds after a break's end in which an incident of its kind may still be its own.
AFTER = DAY


class Result(NamedTuple):
    """What was told of one source."""

    broken: Break | None
    a_day: float
    #: Seconds from the break to its incident, and the bad copies until then; both -1 where it was not found.
    seconds: float
    copies: int
    false: tuple[tuple[str, str, float], ...]
    articles: int
    cpu: float


def run(seed: int, false_a_year: float, number: int, broken: Break | None) -> Result:
    """One source through the four months."""
    source = articles(number, seed, broken)
    watch = Watch(false_a_year)
    began = time.process_time()
    _, opened = watched(source, watch)
    cpu = time.process_time() - began
    seconds, copies, false = -1.0, -1, []
    for incident in opened:
        at = incident.opened.timestamp()
        if broken and incident.kind == KIND_OF[broken] and source.broken_at <= at < source.broken_until + AFTER:
            if seconds < 0:
                seconds = at - source.broken_at
                since = (source.times >= source.broken_at) & (source.times <= at)
                copies = int(source.flags[since].any(1).sum())
        elif at >= FOURTH:
            false.append((incident.kind, incident.code, at))
    return Result(broken, source.a_day, seconds, copies, tuple(false), len(source.times), cpu)


def watched(source: Articles, watch: Watch) -> tuple[Habits, list[Incident]]:
    """The habits of a source at the end, and its incidents."""
    habits, opened = NO_HABITS, {}
    columns = [tuple((CODES[code], 0.5) for code in np.flatnonzero(row)) for row in source.flags]
    for number, (at, flags) in enumerate(zip(source.times.tolist(), columns, strict=True)):
        sighting = Sighting(id=f"{source.source}-{number}", source=source.source, flags=flags)
        habits, told = watch.see(habits, sighting, at)
        opened.update({incident.id: incident for incident in told})
    told = watch.pass_time(habits, source.source, BEGIN + DAYS * DAY).incidents
    opened.update({incident.id: incident for incident in told})
    return habits, list(opened.values())


def _breaks(sources: int) -> list[Break | None]:
    """The break of each source: one in five, the four kinds in turn."""
    return [BREAKS[number // 5 % len(BREAKS)] if number % 5 == 0 else None for number in range(sources)]


def report(results: Sequence[Result]) -> None:
    """Print the figures."""
    false = [each for result in results for each in result.false]
    print(f"{len(results):,} sources, {sum(result.articles for result in results):,} articles in four months")
    print(f"false incidents in the fourth month: {len(false)} {dict(Counter(kind for kind, *_ in false))}")
    broken = [result for result in results if result.broken]
    found = [result for result in broken if result.seconds >= 0]
    print(f"breaks found: {len(found)} of {len(broken)}")
    for kind in BREAKS:
        of_kind = [result for result in broken if result.broken == kind]
        times = sorted(result.seconds / 3600 for result in of_kind if result.seconds >= 0)
        line = f"  {kind}: {len(times)} of {len(of_kind)}"
        if times:
            line += f", told after {np.median(times):.1f} h (median), {np.quantile(times, 0.9):.1f} h (nine of ten)"
        copies = [result.copies if result.copies >= 0 else 9999 for result in of_kind]
        if KIND_OF[kind] == "share":
            within = np.mean([count <= 10 for count in copies])
            line += f", {np.median(copies):.0f} bad copies (median), {np.quantile(copies, 0.9):.0f} (nine of ten), "
            line += f"{within:.0%} within ten"
        print(line)
    cpu = 1000 * sum(result.cpu for result in results) / sum(result.articles for result in results)
    print(f"CPU: {cpu:.4f} ms an article")


def draw(results: Sequence[Result], path: Path) -> None:
    """Draw how long after a break its incident was told, by the source's articles a day."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "incidents"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4.5))
    for kind, marker in zip(BREAKS, "os^D", strict=True):
        of_kind = [result for result in results if result.broken == kind and result.seconds >= 0]
        axes.scatter([r.a_day for r in of_kind], [r.seconds / 3600 for r in of_kind], s=18, marker=marker, label=kind)
    axes.set(xscale="log", yscale="log", xlabel="articles a day", ylabel="hours from the break until it is told")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--false-a-year", type=float, default=FALSE_A_YEAR)
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--show-false", action="store_true")
    arguments = parser.parse_args()
    breaks = _breaks(arguments.sources)
    with ProcessPoolExecutor(2) as pool:
        one = partial(run, arguments.seed, arguments.false_a_year)
        results = list(pool.map(one, range(arguments.sources), breaks, chunksize=10))
    report(results)
    if arguments.show_false:
        for number, result in enumerate(results):
            for kind, code, at in result.false:
                print(number, result.broken, f"{result.a_day:.0f} a day", kind, code, f"day {(at - BEGIN) / DAY:.2f}")
            if result.broken and result.seconds < 0:
                print(number, "missed", result.broken, f"{result.a_day:.0f} a day")
    if arguments.picture:
        draw(results, arguments.picture)


if __name__ == "__main__":
    main()
