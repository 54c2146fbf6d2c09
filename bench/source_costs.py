"""What templates cost: ``python -m bench.source_costs DATA``.

Prints, a single core, the CPU of writing a sighting and of learning from it, the bytes of sightings and of sources, and
the memory of a scorer that follows 100,000 sources. The articles are the gold pages' containers of pages-more-dev.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections import defaultdict
from pathlib import Path

import numpy as np

from bench.source_streams import NOW, Copy, real
from monitor.articles.article import Article
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scored, Scorer
from monitor.scoring.sources import evidence, stored
from monitor.scoring.sources.marks import read_marks
from monitor.scoring.sources.sighting import Sighting
from monitor.scoring.sources.templates import SourceTemplates
from monitor.scoring.text.text import Text

SOURCES = 100_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with pages-more-dev.jsonl.gz")
    copies = real(parser.parse_args().data, "container")
    scorer = Scorer(Model.load(), lambda source: flags.thresholds())
    scored = [scorer.read(Article(id=copy.id, text=copy.text, source=copy.source), NOW) for copy in copies]
    sightings = _write(copies, scored)
    known = _learn(sightings)
    _look_up(copies, scored, known)
    _follow(list(known.values()))


def _milliseconds(began: float, count: int) -> str:
    return f"{1000 * (time.process_time() - began) / count:.3f} ms"


def _write(copies: list[Copy], scored: list[Scored]) -> list[bytes]:
    texts = [Text.read(copy.text) for copy in copies]
    began = time.process_time()
    for text in texts:
        read_marks(text)
    sightings = [Sighting.of_verdict(*each[:4]).encode() for each in scored]
    print(f"writing a sighting: {_milliseconds(began, len(copies))} an article")
    sizes = [len(sighting) for sighting in sightings]
    print(f"a sighting: {np.mean(sizes):.0f} bytes in the mean, {max(sizes)} at most")
    return sightings


def _learn(sightings: list[bytes]) -> dict[str, SourceTemplates]:
    known: defaultdict[str, SourceTemplates] = defaultdict(SourceTemplates)
    began = time.process_time()
    for data in sightings:
        sighting = Sighting.decode(data)
        known[sighting.key] = known[sighting.key].learn(sighting)
    print(f"learning from a sighting: {_milliseconds(began, len(sightings))}")
    sizes = [len(stored.encode("", source)) for source in known.values()]
    print(f"a source in the stage's topic: {np.mean(sizes):.0f} bytes in the mean, {max(sizes)} at most")
    return known


def _look_up(copies: list[Copy], scored: list[Scored], known: dict[str, SourceTemplates]) -> None:
    values = {key: stored.encode("", source.for_scoring()) for key, source in known.items()}
    began = time.process_time()
    for copy, each in zip(copies, scored, strict=True):
        source = stored.decode(values[copy.source])[1]
        evidence.log_odds(source, each.marks, each.model_odds)
    print(f"judging an article by its source: {_milliseconds(began, len(copies))}")


def _follow(sources: list[SourceTemplates]) -> None:
    """The memory of a scorer's table: 100,000 sources, of which each is like one of these."""
    tracemalloc.start()
    table = {b"source %d" % i: stored.encode("", sources[i % len(sources)].for_scoring()) for i in range(SOURCES)}
    megabytes = tracemalloc.get_traced_memory()[0] / 1e6
    print(f"a scorer with {len(table):,} sources: {megabytes:.0f} MB, {1e6 * megabytes / SOURCES:.0f} bytes a source")


if __name__ == "__main__":
    main()
