"""What looking at a worker costs it: CPU of each page by the number of sources, and its speed under open tabs.

``python -m bench.page_cost``. An open tab asks every 5 s how many bad copies are new, as the pages' script does; a loop
asks for a page again as soon as it is answered.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files

import msgspec

from monitor.articles.article import Article
from monitor.articles.decode import Decoder
from monitor.metrics import Metrics
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.copies.record import Comparison, Copy, Outlet, Place, Reach
from monitor.scoring.score import Scorer
from monitor.scoring.sources.incident import Incident
from monitor.scoring.verdict import Verdict
from monitor.settings import Settings
from monitor.streaming.deadletters.held import HeldPartitions
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.health.awaited import Health
from monitor.streaming.place import HEADER
from monitor.web.kept.bad_copies import KEPT
from monitor.web.kept.board import Board
from monitor.web.kept.copies import KEPT as KEPT_COPIES
from monitor.web.kept.incidents import MOST_OPEN
from monitor.web.server import Served, serve
from monitor.web.views.article import Neighbours, Seen, article_page
from monitor.web.views.attempt import try_page
from monitor.web.views.bad import BadPage, Filter
from monitor.web.views.copies import CopiesPage
from monitor.web.views.dead import DeadPage
from monitor.web.views.incidents import IncidentsPage
from monitor.web.views.sources import SourcesPage
from monitor.web.views.status import Surveyor

#: Characters of the article whose page is measured.
LONG_CHARACTERS = 100_000
TAB_SECONDS = 5.0


def board_of(sources: int, verdicts: list[Verdict]) -> Board:
    """What pages keep that have seen articles of so many sources, and as many bad copies as they keep."""
    board = Board(Settings())
    for number in range(sources):
        verdict = verdicts[number % len(verdicts)]
        codes = [flag.code for flag in verdict.flags]
        board.counts.add(f"Source {number}", codes, verdict.bad, board.clock() - number % 3600)
    bad = [verdict for verdict in verdicts if verdict.bad]
    for number in range(KEPT):
        verdict = bad[number % len(bad)]
        named = msgspec.structs.replace(verdict, id=str(number), source=f"Source {number % sources}")
        headers = ((HEADER, f"articles-0@{number}".encode()),)
        board.bad.take(InputRecord("articles.flagged", 0, number, None, None, msgspec.json.encode(named), headers))
    fill_the_rest(board, sources)
    return board


def fill_the_rest(board: Board, sources: int) -> None:
    """As many incidents, copies and dead letters as are kept."""
    now = datetime.now(UTC)
    for number in range(min(sources, MOST_OPEN)):
        source = f"Source {number}"
        incident = Incident(
            id="0", source=source, key=source.casefold(), kind="share", code="thin", since=now, opened=now, updated=now
        )
        board.incidents.take(InputRecord("i", 0, number, None, incident.record_key.encode(), incident.encode()))
    for number in range(KEPT_COPIES):
        earlier, later = (
            Outlet(
                id=f"{name}{number}", source=name, title="A title", place=Place("articles", 0, number), arrived_at=now
            )
            for name in ("Wire", "Copyist")
        )
        copy = Copy(
            kind="copy",
            article=later,
            earlier=earlier,
            comparison=Comparison(similarity=0.8, coverage=0.9, added=0.1),
            headline_changed=False,
            age_seconds=60.0,
            reach=Reach(copies=2, outlets=2, first_at=now, last_at=now),
        )
        board.copies.take(InputRecord("c", 0, number, None, later.id.encode(), copy.encode()))
    for number in range(100):
        board.dead.take(InputRecord("articles.dead", 0, number, 1.0, None, b"{broken " * 100))


def cpu_of(draw: Callable[[], bytes]) -> float:
    """Milliseconds of CPU to draw a page once, the median of 20; a request pays it once a second at most."""
    draw()
    times = []
    for _ in range(20):
        begin = time.process_time()
        draw()
        times.append(time.process_time() - begin)
    return statistics.median(times) * 1000


def pages_of(board: Board, article: Article, verdict: Verdict) -> dict[str, Callable[[], bytes]]:
    """How each page is drawn."""
    surveyor = Surveyor(board, Metrics(), Health(), works=True)
    bad, sources, copies = BadPage(board, surveyor), SourcesPage(board, Settings()), CopiesPage(board)
    (story, *_) = board.copies.stories(1)
    short = Article(id="short", text=article.text[:7_000])
    article_changed = Article(id="changed", text=short.text[700:].replace(" the ", " that ") + "\nOne line more.")
    seen = Seen(article, verdict, Settings().thresholds_for(article.source), Place("articles", 0, 1))
    return {
        "/": lambda: bad.html(Filter()),
        "/?source=…&code=…": lambda: bad.html(Filter(source="Source 1", code="thin", text="a")),
        "/index.json": lambda: bad.json(Filter()),
        f"/article/… of {len(article.text) // 1000} KB": lambda: article_page(seen, "all", board.clock(), Neighbours()),
        "/try": lambda: try_page(None, board.clock()),
        "/sources": lambda: sources.html(),
        "/sources/…": lambda: sources.source_html("Source 1", None),
        "/incidents": lambda: IncidentsPage(board).html(),
        "/dead": lambda: DeadPage(board).html(""),
        "/copies": lambda: copies.html(),
        "/copies/… of 7 KB": lambda: copies.story_html(story, story.copies[0], (short, article_changed)),
    }


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


def speed_left(seconds: float, records: list[bytes], scorer: Scorer) -> float:
    """The share of its speed that a worker at full load keeps, 0 to 1, while the server is asked.

    One thread of Python bounds a worker, so the CPU time of the server's thread is what the worker lacks. Verdicts a
    second would tell the same, but differ by a tenth from turn to turn on a machine that has other work.
    """
    (thread,) = [thread for thread in threading.enumerate() if thread.name == "web"]
    clock = time.pthread_getcpuclockid(thread.ident or 0)
    begin, cpu, done, decoder = time.monotonic(), time.clock_gettime(clock), 0, Decoder()
    while (spent := time.monotonic() - begin) < seconds:
        scorer.score(decoder.decode(records[done % len(records)]), datetime.now(UTC))
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
    texts = [Decoder().decode(record).text for record in records]
    article = Article(id="long", text=("\n".join(texts) * 4)[:LONG_CHARACTERS])
    long_verdict = scorer.score(article, datetime.now(UTC))
    for sources in (5, 100_000):
        for address, draw in pages_of(board_of(sources, verdicts), article, long_verdict).items():
            print(f"{address} with {sources:,} sources: {cpu_of(draw):.1f} ms of CPU")
    metrics, health = Metrics(), Health()
    served = Served(metrics, health, HeldPartitions(metrics, health), board_of(100_000, verdicts))
    with serve(Settings(web="127.0.0.1:0"), served) as address:
        for name, path, clients, pause in (
            ("25 tabs", "/news.json?arrived=200", 25, TAB_SECONDS),
            ("4 loops of GET /", "/", 4, 0.0),
            ("4 loops of GET /metrics", "/metrics", 4, 0.0),
        ):
            with looking(address, path, clients, pause):
                left = speed_left(given.seconds, records, scorer)
            print(f"{name}: {left:.1%} of the worker's speed is left")


if __name__ == "__main__":
    main()
