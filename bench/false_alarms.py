"""How often the shipped rules raise an alert over a month in which nothing is wrong: ``python -m bench.false_alarms``.

Makes the counters of a worker, minute by minute: 30 sources of 10 to 5,000 articles a day with the
rhythm of day and week (each in its own hours, a third of them silent at night, some at the weekend,
some in batches once an hour), 0.5 to 1.5 % of their articles bad, as is natural, a few sent again, a few
dead letters, and two restarts of the worker. promtool then evaluates the shipped rules over it, with
nothing shortened, and the alerts that fired are counted before any inhibition.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import accumulate, groupby
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

RULES = Path(__file__).parent.parent / "deploy" / "prometheus"
MINUTES = 24 * 60
SOURCES = 30
CODES = ("repeated_body", "repeated_paragraphs", "boilerplate_heavy", "truncated", "mojibake", "markup", "thin")
#: Days after which the worker restarts, and minutes for which it is away then.
RESTARTS, AWAY = (9.4, 20.6), 2
GROUPS = (
    "monitor_objectives monitor_sources monitor_sources_long monitor_habits monitor_workers "
    "monitor_sources_bad monitor_sources_change monitor_worker"
).split()

Counts = NDArray[np.int64]


def arrivals(random: Generator, days: int, number: int) -> Counts:
    """Articles of a source in each minute; the sources' sizes are even on a scale of logarithms."""
    a_day = 10 * 500 ** (number / (SOURCES - 1))
    hour = np.arange(days * MINUTES) / 60
    local = (hour + random.integers(0, 24)) % 24
    weight = 1 + 0.8 * np.cos((local - 14) / 24 * 2 * np.pi)
    if number % 3 == 0:
        weight[(local >= 23) | (local < 6)] = 0
    # Time begins on a Thursday.
    weekend = np.isin((hour // 24).astype(int) % 7, (2, 3))
    weight[weekend] *= 0 if number % 10 == 4 else 0.5
    weight /= weight.mean()
    counts: Counts = random.poisson(weight * a_day / MINUTES)
    if number % 7 == 5:
        # What would have come within the hour comes at once, around the full hour.
        hourly = counts.reshape(-1, 60).sum(axis=1)
        counts = np.zeros_like(counts)
        counts[np.arange(len(hourly)) * 60 + random.integers(0, 15, len(hourly))] = hourly
    return counts


def lives(days: int) -> list[tuple[int, int]]:
    """The minutes in which the worker is up, as ranges."""
    stops = [int(day * MINUTES) for day in RESTARTS if day < days]
    return list(zip([0, *(stop + AWAY for stop in stops)], [*stops, days * MINUTES], strict=True))


def counter(counts: Counts, begins: Counts, days: int) -> str:
    """A counter as promtool writes series: from each life's first article on, from 0 in each life."""
    values: list[str] = []
    for start, end in lives(days):
        values += ["_"] * (start - len(values))
        present = np.flatnonzero(begins[start:end])
        first = start + int(present[0]) if len(present) else end
        values += ["_"] * (first - start) + [str(n) for n in accumulate(counts[first:end].tolist())]
    runs = [(value, len(list(run))) for value, run in groupby(values)]
    return " ".join(value if n == 1 else f"_x{n}" if value == "_" else f"{value}x{n - 1}" for value, n in runs)


def series(days: int, seed: int) -> dict[str, str]:
    """Every series of the month, its name and labels to its values."""
    random = np.random.default_rng(seed)
    length = days * MINUTES
    up = np.zeros(length, dtype=np.int64)
    for start, end in lives(days):
        up[start:end] = 1
    always, found, everything = np.ones(length, dtype=np.int64), {}, np.zeros(length, dtype=np.int64)

    def add(name: str, counts: Counts, begins: Counts, **labels: str) -> None:
        told = ", ".join(f'{key}="{value}"' for key, value in {"job": "monitor", "instance": "w", **labels}.items())
        found[f"{name}{{{told}}}"] = counter(counts, begins, days)

    for number in range(SOURCES):
        source, counts = f"source {number:02}", arrivals(random, days, number)
        # What comes while the worker is away is scored when it is back.
        for (_, stop), (start, _) in zip(lives(days), lives(days)[1:], strict=False):
            counts[start] += counts[stop:start].sum()
            counts[stop:start] = 0
        everything += counts
        bad = random.binomial(counts, random.uniform(0.005, 0.015))
        add("monitor_articles_total", counts - bad, counts, source=source, verdict="good")
        add("monitor_articles_total", bad, counts, source=source, verdict="bad")
        add("monitor_articles_resent_total", random.binomial(counts, 0.01), counts, source=source)
        # Two or three defects are usual in a source, the others rare.
        shares = random.dirichlet(np.full(len(CODES), 0.4))
        for code, flags in zip(CODES, random.multinomial(bad, shares).T, strict=True):
            add("monitor_flags_total", flags, counts, source=source, code=code)
    dead = random.binomial(everything, 0.001)
    add("monitor_dead_letters_total", dead, always, reason="not_json")
    add("monitor_scoring_seconds_count", everything, always)
    add("monitor_deliveries_total", everything, always, topic="articles.scored")
    add("monitor_delivery_retries_total", random.binomial(everything, 0.0005), always)

    def gauge(name: str, values: list[str], **labels: str) -> None:
        add(name, always, always, **labels)
        key = list(found)[-1]
        runs = [(value, len(list(run))) for value, run in groupby(values)]
        found[key] = " ".join(f"_x{n}" if value == "_" else f"{value}x{n - 1}" for value, n in runs)

    gauge("up", [str(n) for n in up])
    gauge("monitor_partitions_assigned", ["6" if n else "_" for n in up])
    gauge("monitor_oldest_event_age_seconds", ["0" if n else "_" for n in up])
    gauge("monitor_lag_measured_timestamp_seconds", [str(60 * m) if n else "_" for m, n in enumerate(up)])
    waiting = [str(min(int(n), 50)) if u else "_" for n, u in zip(everything, up, strict=True)]
    gauge("monitor_consumer_lag_records", waiting, topic="articles", partition="0")
    started = {start: 60 * start for start, _ in lives(days)}
    gauge("process_start_time_seconds", [str(max(v for s, v in started.items() if s <= m)) for m in range(length)])
    return found


def evaluate(days: int, seed: int, every: str, scratch: Path) -> dict[tuple[str, str, str], int]:
    """How often each alert began to fire, by severity, name and source."""
    for name in ("rules.yml", "alerts.yml"):
        shutil.copy(RULES / name, scratch)
    starts = 'ALERTS{alertstate="firing"} unless ALERTS{alertstate="firing"} offset 10m'
    lines = [
        "rule_files: [rules.yml, alerts.yml]",
        f"evaluation_interval: {every}",
        f"group_eval_order: [{', '.join(GROUPS)}]",
        "tests:",
        "  - interval: 1m",
        "    input_series:",
        *(f"      - {{series: '{name}', values: '{values}'}}" for name, values in series(days, seed).items()),
        "    promql_expr_test:",
        f"      - expr: 'sum by (severity, alertname, source) (sum_over_time(({starts})[{days}d:10m]))'",
        f"        eval_time: {days}d",
    ]
    (scratch / "month.yml").write_text("\n".join(lines) + "\n")
    done = subprocess.run(["promtool", "test", "rules", "month.yml"], cwd=scratch, capture_output=True, text=True)  # noqa: S607
    told = done.stdout + done.stderr
    if "SUCCESS" not in told and "got: {" not in told:
        sys.exit(told[-2000:])
    return {
        (labels["severity"], labels["alertname"], labels.get("source", "")): round(float(value))
        for text, value in re.findall(r"(\{alertname=.*?\}) ([0-9.E+]+)", told)
        if (labels := dict(re.findall(r'(\w+)="(.*?)"', text)))
    }


def main() -> None:
    """Print the alerts of one month."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=31)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", default="1m", help="between evaluations of the rules")
    chosen = parser.parse_args()
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        fired = evaluate(chosen.days, chosen.seed, chosen.every, Path(folder))
    severities = Counter({"page": 0, "ticket": 0})
    for (severity, name, source), count in sorted(fired.items()):
        print(f"{severity:8}{count:>4}  {name} {source}")
        severities[severity] += count
    print(f"{chosen.days} days, seed {chosen.seed}, every {chosen.every}: ", end="")
    print(f"{severities['page']} pages, {severities['ticket']} tickets ({time.monotonic() - begin:.0f} s)")


if __name__ == "__main__":
    main()
