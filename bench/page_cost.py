"""What looking at a worker costs it: CPU of ``GET /`` and ``/metrics`` by sources, and its speed under open tabs.

``python -m bench.page_cost``. A tab asks for the page every 5 s, as the page itself has a browser do; a loop asks
again as soon as it is answered.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files

from monitor.articles.decode import Decoder
from monitor.metrics import Metrics
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.scoring.verdict import Verdict
from monitor.settings import Settings
from monitor.streaming.deadletters.held import HeldPartitions
from monitor.streaming.health.awaited import Health
from monitor.streaming.stages.latest_bad import LatestBad
from monitor.web.page import Page
from monitor.web.server import serve

TAB_SECONDS = 5.0


def metrics_of(sources: int, verdicts: list[Verdict]) -> tuple[Metrics, LatestBad]:
    """The metrics of a worker that gave so many sources labels of their own, with a full list of bad copies."""
    metrics, recent = Metrics(), LatestBad()
    for number in range(sources):
        source = f"Source {number}"
        metrics.begin_source(source, flags.CODES)
        metrics.repetition.labels(source).observe(0.1)
        metrics.boilerplate.labels(source).observe(0.1)
        metrics.last_article.labels(source).set(1.0)
    for verdict in itertools.islice(itertools.cycle(v for v in verdicts if v.bad), 60):
        recent.add(verdict)
    return metrics, recent


def cpu_of_page(sources: int, verdicts: list[Verdict]) -> float:
    """Milliseconds of CPU to draw the page once, the median of 20; a request pays it once a second at most."""
    metrics, recent = metrics_of(sources, verdicts)
    page = Page(metrics, Health(), recent, 5.0)
    page.draw()
    times = []
    for _ in range(20):
        begin = time.process_time()
        page.draw()
        times.append(time.process_time() - begin)
    return statistics.median(times) * 1000


@contextmanager
def looking(address: str, path: str, clients: int, pause: float) -> Iterator[None]:
    """While the block runs, another process looks."""
    command = [sys.executable, "-m", "bench.clients", f"http://{address}{path}", str(clients), str(pause)]
    process = subprocess.Popen(command)
    try:
        time.sleep(2.0)
        yield
    finally:
        process.kill()
        process.wait()


def speed_left(seconds: float, records: list[bytes], scorer: Scorer, recent: LatestBad) -> float:
    """The share of its speed that a worker at full load keeps, 0 to 1, while the server is asked.

    One thread of Python bounds a worker, so the CPU time of the server's thread is what the worker lacks. Verdicts a
    second would tell the same, but differ by a tenth from turn to turn on a machine that has other work.
    """
    (thread,) = [thread for thread in threading.enumerate() if thread.name == "web"]
    clock = time.pthread_getcpuclockid(thread.ident or 0)
    begin, cpu, done, decoder = time.monotonic(), time.clock_gettime(clock), 0, Decoder()
    while (spent := time.monotonic() - begin) < seconds:
        recent.add(scorer.score(decoder.decode(records[done % len(records)]), datetime.now(UTC)))
        done += 1
    return 1 - (time.clock_gettime(clock) - cpu) / spent


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    records = files("monitor.demo").joinpath("articles.jsonl").read_bytes().splitlines()
    scorer = Scorer(Model.load(), Settings().thresholds_for)
    verdicts = [scorer.score(Decoder().decode(record), datetime.now(UTC)) for record in records]
    for sources in (5, 500, 100_000):
        print(f"GET / with {sources:>7,} labelled sources: {cpu_of_page(sources, verdicts):.2f} ms of CPU")
    settings = Settings(web="127.0.0.1:0")
    metrics, recent = metrics_of(50, verdicts)
    health = Health()
    with serve(settings, metrics, health, recent, HeldPartitions(metrics, health)) as address:
        for name, path, clients, pause in (
            ("25 tabs", "/", 25, TAB_SECONDS),
            ("4 loops of GET /", "/", 4, 0.0),
            ("4 loops of GET /metrics", "/metrics", 4, 0.0),
        ):
            with looking(address, path, clients, pause):
                left = speed_left(given.seconds, records, scorer, recent)
            print(f"{name}: {left:.1%} of the worker's speed is left")


if __name__ == "__main__":
    main()
