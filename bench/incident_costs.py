"""What incidents cost: ``python -m bench.incident_costs``.

Prints the CPU of an article beyond learning its templates, with its layout; the bytes of a source's habits, in the mean
of sources of 1 a month to 600 articles a day after four months; how long a worker's stage takes to load 100,000
sources, and to show 1,000 open incidents; the articles until a changed layout is told, and false ones; and how many
times e^h articles the test of a share takes until it tells falsely (``share.SLACK``).
"""

from __future__ import annotations

import argparse
import asyncio
import math
import time
from datetime import UTC, datetime

import msgspec
import numpy as np

from bench.incident_streams import BEGIN, DAY, HOUR, articles
from bench.incidents import watched
from monitor.metrics import Metrics
from monitor.scoring.sources import stored
from monitor.scoring.sources.incident import Incident, incident_id
from monitor.scoring.sources.incidents import NO_HABITS, Habits, Watch
from monitor.scoring.sources.layout import read_layout
from monitor.scoring.sources.marks import read_marks
from monitor.scoring.sources.share import BROKEN, FEWEST_AFFECTED, LEAST_USUAL, STEP
from monitor.scoring.sources.sighting import Sighting
from monitor.scoring.sources.templates import SourceTemplates
from monitor.scoring.text.text import Text
from monitor.scoring.verdict import Verdict
from monitor.streaming.open_incidents import OpenIncidents
from monitor.streaming.stages.sources import Sources

NOW = datetime(2026, 3, 5, 6, 7, tzinfo=UTC)
SOURCES, OPEN = 100_000, 1_000
#: Of sources: one article a month, one a week, one a day, and those of the simulation.
RARE = (1 / 30, 1 / 7, 1.0)


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    _layouts()
    habits = _sizes()
    _start(habits)
    _show()
    _slack()


def _sizes() -> list[Habits]:
    """The habits of 20 sources of the simulation, and of rare ones."""
    known = []
    for number in range(1, 40, 2):
        known.append(watched(articles(number, 1, None), Watch())[0])
    for a_day in RARE:
        habits = NO_HABITS
        for number in range(max(round(120 * a_day), 1)):
            at = BEGIN + number * DAY / a_day
            sighting = Sighting(id=f"{number}", source="Rare", flags=(("thin", 0.5),) if number % 50 == 9 else ())
            habits = Watch().see(habits, sighting, at).habits
        known.append(habits)
    sizes = [len(msgspec.msgpack.encode(habits)) for habits in known]
    print(f"habits: {np.mean(sizes):.0f} bytes a source in the mean, {max(sizes)} at most")
    return known


def _start(known: list[Habits]) -> None:
    values = [stored.encode(f"Source {n}", SourceTemplates(), known[n % len(known)]) for n in range(1000)]
    stage = Sources(Metrics())
    began = time.process_time()
    for number in range(SOURCES):
        stage.load(number % 6, b"source %d" % number, values[number % 1000])
    loaded = time.process_time() - began
    began = time.process_time()
    looks = 0
    for turn in range(SOURCES // 6 // 2000 + 1):
        for partition in range(6):
            stage.tick(partition, BEGIN + 200 * DAY + turn * 60)
            looks += 1
    print(
        f"a stage with {SOURCES:,} sources: {loaded:.1f} s of CPU to load, "
        f"{(time.process_time() - began) / looks * 1000:.0f} ms a tick until each was looked at"
    )


def _show() -> None:
    async def show() -> float:
        board = OpenIncidents(Metrics(), 200, lambda: NOW)
        began = time.process_time()
        for number in range(OPEN):
            incident = Incident(
                id=incident_id(f"Source {number}", "share", "thin", number), source=f"Source {number}", key=f"{number}",
                kind="share", code="thin", since=NOW, opened=NOW, updated=NOW, score=number,
            )  # fmt: skip
            board.take(incident.record_key.encode(), incident.encode())
        board.show()
        return time.process_time() - began

    print(f"{OPEN:,} open incidents are followed and shown in {asyncio.run(show()) * 1000:.0f} ms")


def _article(draw: np.random.Generator, number: int, around: list[str]) -> Sighting:
    """An article with a story of ten paragraphs like no other, and standing lines around it."""
    letters = draw.integers(ord("a"), ord("z") + 1, (10, 40, 7), dtype=np.uint8)  # figures would be masked
    story = [" ".join(bytes(word).decode() for word in paragraph) for paragraph in letters]
    text = Text.of_lines([around[0], *story, *around[1:]])
    verdict = Verdict(
        id=str(number), source="Daily", url=None, title=None, published_at=None, scored_at=NOW, version="0",
        language="en", words=400, repetition=0, boilerplate=0, bad=False, flags=(), paragraphs=(),
    )  # fmt: skip
    return Sighting.of_verdict(verdict, read_marks(text), np.full(len(text.counts), -2.0))


def _layouts(sources: int = 20, articles_each: int = 1200, change: int = 900) -> None:
    """Sources of six standing lines, each in 60 to 100 % of the articles, one of which changes every 200 articles."""
    watch, until, false, seconds, count = Watch(), [], 0, 0.0, 0
    for source in range(sources):
        draw = np.random.default_rng((7, source))
        lines = [f"standing line {source} {i} of this source, which it always sends" for i in range(6)]
        shares = [1.0, 1.0, 1.0, *draw.uniform(0.6, 1.0, 3)]
        known, habits = SourceTemplates(), NO_HABITS
        told = None
        for number in range(articles_each):
            if number == change:
                lines = [f"another line {source} {i} that stands since the change" for i in range(6)]
            elif number % 200 == 100:
                lines[draw.integers(6)] = f"promotion {source} {number} that stands for some weeks"
            seen = _article(
                draw, number, [line for line, share in zip(lines, shares, strict=True) if draw.random() < share]
            )
            learned = known.learn(seen)
            began = time.process_time()
            layout = read_layout(known, seen)
            habits, incidents = watch.see(habits, seen, BEGIN + number * HOUR, layout=layout)
            seconds += time.process_time() - began
            count += 1
            known = learned
            for incident in incidents:
                if incident.kind == "layout" and incident.open and incident.opened == incident.updated:
                    if number < change:
                        false += 1
                    elif told is None:
                        told = number - change + 1
        until.append(told if told is not None else math.inf)
    print(f"an article beyond its templates: {1000 * seconds / count:.3f} ms of CPU")
    days = sources * change / 24
    print(
        f"a layout that changed: told after {np.median(until):.0f} articles (median), {max(until)} at most; "
        f"{false} false in {days / 365:.1f} years of a source of 24 articles a day"
    )


def _slack(h: float = 7.0, chains: int = 4000, steps: int = 20_000) -> None:
    draw = np.random.default_rng(1)
    for share in (0.02, 0.05, 0.1):
        highest = max(share + math.sqrt(share * (1 - share) / 500), LEAST_USUAL)
        broken = max(BROKEN, highest + STEP)
        bad, good = math.log(broken / highest), math.log((1 - broken) / (1 - highest))
        evidence, affected, told = np.zeros(chains), np.zeros(chains), 0
        for _ in range(steps):
            is_bad = draw.random(chains) < share
            evidence = np.maximum(evidence + np.where(is_bad, bad, good), 0)
            affected = np.where(evidence > 0, affected + is_bad, 0)
            over = (evidence >= h) & (affected >= FEWEST_AFFECTED)
            told += int(over.sum())
            evidence[over] = affected[over] = 0
        print(
            f"a share of {share:.0%}: one false incident in "
            f"{chains * steps / max(told, 1) / math.exp(h):.0f} e^h articles"
        )


if __name__ == "__main__":
    main()
