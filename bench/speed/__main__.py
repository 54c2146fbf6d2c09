"""One run of all of it: ``make bench``, or ``make bench ARGS=--quick`` in under three minutes."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bench.speed import kafka, page
from bench.speed.pages import pages, records
from bench.speed.parts import parts
from bench.speed.rounds import compare
from bench.speed.sizes import sizes


def main() -> None:
    """Measure, print, and write ``docs/performance.md`` with its plots."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", help="JSON Lines of articles; without it the demo's")
    parser.add_argument("--quick", action="store_true", help="fewer pages and rounds; the page is not written")
    parser.add_argument("--peers", type=Path, help="the Python that has bench/speed/peers.txt installed")
    parser.add_argument("--no-kafka", action="store_true", help="leave the worker out")
    arguments = parser.parse_args()
    quick = arguments.quick

    def progress(what: str) -> None:
        print(what, file=sys.stderr, flush=True)

    sample = pages(arguments.data, 20 if quick else 150)
    progress("comparing with peers")
    costs = compare(sample, 3 if quick else 7, arguments.peers)
    progress("taking a verdict apart")
    spent = parts(sample, 3 if quick else 7)
    progress("making articles longer")
    by_size, by_paragraphs = sizes(sample, 1 if quick else 5, 2 if quick else 1)
    through: list[kafka.Throughput] = []
    late: list[kafka.Latency] = []
    if not arguments.no_kafka:
        progress("the worker on Kafka")
        shapes = kafka.SHAPES[::2] if quick else kafka.SHAPES
        articles = records(arguments.data, 200)
        through = kafka.throughput(articles, 1_000 if quick else 10_000, shapes)
        progress("its latency")
        late = kafka.latency(articles, through[0].a_second, 5 if quick else 60)
    mean = sum(len(one.text) for one in sample) // len(sample)
    figures = page.Figures(len(sample), mean, costs, spent, by_size, by_paragraphs, through, late)
    # The data by its name alone: where it lies is nobody's business.
    command = f"make bench{f' DATA={arguments.data.name}' if arguments.data else ''}{' ARGS=--quick' if quick else ''}"
    print(page.text(figures, command))
    if not quick:
        page.write_page(figures, command)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
