"""``monitor demo``: the whole path on one machine, with nothing to install beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Annotated

import msgspec
import typer
from confluent_kafka import Consumer, TopicPartition
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from monitor.articles.printable import printable
from monitor.cli.options import fail, with_settings
from monitor.cli.printing import verdict_rows
from monitor.cli.printing.incident_text import what
from monitor.demo.broker import embedded_broker
from monitor.demo.feed import feed
from monitor.demo.minute import OUTLET, articles_of_the_package, minute, with_own_ids
from monitor.scoring.flags import BAD_CODES
from monitor.scoring.sources.incident import Incident
from monitor.scoring.verdict import Verdict
from monitor.settings import Settings
from monitor.streaming.stages import STAGES, topics_of
from monitor.streaming.stages.score import SCORED
from monitor.streaming.topics import ARTICLES, DEAD, INCIDENTS

#: Of Kafka's clients here: what they would tell is about the broker, which goes when the demo ends.
QUIET = {"log_level": 0}
FOLLOWED = (SCORED.name, DEAD.name, INCIDENTS.name)
#: The embedded broker lets a worker join only after its session timeout, so the shortest that is allowed.
SESSION_SECONDS = 6


@with_settings("web")
def demo(
    settings: Settings,
    articles: Annotated[
        int, typer.Option(min=0, help="end after this many verdicts with a summary; 0: run until Ctrl-C")
    ] = 0,
    rate: Annotated[float, typer.Option(min=0.1, help="articles a second")] = 8.0,
) -> None:
    """Watch articles go through Kafka: an embedded broker, a feed, a worker and its pages.

    The articles are written for it: clean ones in several languages, and bad copies with each defect. Within a minute
    an outlet turns bad, an incident opens, and the outlet heals; open the pages meanwhile. With --articles the
    articles alone come, each once.

    monitor demo --articles 49
    """
    out = Console(highlight=False)
    topics = [topic.name for topic in topics_of(STAGES)]
    # SIGTERM ends it as Ctrl-C does; by itself it would leave the worker running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with embedded_broker(topics) as broker, _worker(settings.web, broker) as worker:
        threading.Thread(
            target=feed,
            args=(broker, ARTICLES.name, islice(_records(), articles) if articles else minute()),
            # When the broker goes at the end, its clients have nothing to tell.
            kwargs={"rate": rate, "extra": QUIET},
            daemon=True,
        ).start()
        out.print(f"broker {broker}, pages at http://{settings.web}; the worker joins in about 6 s")
        if not articles:
            out.print(
                f"{OUTLET} is well at first, turns bad after half a minute, and heals within the minute; Ctrl-C ends"
            )
        _summary(out, _watch(out, _outcomes(broker, worker), articles, f"http://{settings.web}"))


def _watch(out: Console, outcomes: Iterator[Verdict | Incident | None], articles: int, address: str) -> Counter[str]:
    """Print each outcome as it comes, ``None`` for a dead letter; returns what was counted.

    On a terminal the pages' address stays in the last line.
    """
    seen: Counter[str] = Counter()
    opened: set[str] = set()
    columns = (TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn())
    rows = verdict_rows.Rows(out.width, origin=False) if out.is_terminal else None
    if rows is not None:
        out.print(rows.head())
    with Progress(*columns, console=out, disable=not out.is_terminal) as progress:
        task = progress.add_task(f"[bold]{address}[/bold]  articles", total=articles or None)
        try:
            for verdict in outcomes:
                if isinstance(verdict, Incident):
                    _print_incident(out, verdict, verdict.id not in opened, address)
                    seen["incidents"] += verdict.open and verdict.id not in opened
                    opened.add(verdict.id)
                    continue
                seen["articles"] += 1
                if verdict is None:
                    seen["dead letters"] += 1
                else:
                    seen["bad"] += verdict.bad
                    seen.update(str(flag.code) for flag in verdict.flags)
                    _print(out, rows, verdict)
                progress.advance(task)
                if seen["articles"] == articles:
                    break
        except KeyboardInterrupt:
            out.print("stopped")
    return seen


def _print(out: Console, rows: verdict_rows.Rows | None, verdict: Verdict) -> None:
    if rows is not None:
        out.print(rows.row(verdict))
    else:
        # Not by the console: it would wrap at 80 columns.
        typer.echo(verdict_rows.line(verdict))


def _print_incident(out: Console, incident: Incident, is_new: bool, address: str) -> None:
    """Print that an incident opened or closed; that it goes on is not said again."""
    text = ""
    if incident.open and is_new:
        text = f"INCIDENT opened: {incident.source}, {what(incident)}; see {address}/incidents"
    elif not incident.open:
        text = f"INCIDENT over: {incident.source}, {incident.code or incident.kind}"
    if text:
        out.print(Text(printable(text), style="bold reverse" if incident.open else "bold"), soft_wrap=True)


def _summary(out: Console, seen: Counter[str]) -> None:
    counts = {name: seen.pop(name, 0) for name in ("articles", "bad", "incidents", "dead letters")}
    out.print("\n" + ", ".join(f"{number} {name}" for name, number in counts.items()))
    for code, number in seen.most_common():
        out.print(f"{number:>5} {code}" + ("" if code in BAD_CODES else ", which is not bad by itself"))


def _records() -> Iterator[bytes]:
    """The articles that ship with the package, over and over, from the second round on with new ids."""
    return map(msgspec.json.encode, with_own_ids(articles_of_the_package()))


def _outcomes(broker: str, worker: subprocess.Popen[bytes]) -> Iterator[Verdict | Incident | None]:
    """Each verdict and each word on an incident as it is published; ``None`` for a dead letter.

    Raises:
        typer.Exit: the worker ended by itself; its log has been printed.
    """
    consumer = Consumer({"bootstrap.servers": broker, "group.id": "demo", "enable.auto.commit": False} | QUIET)
    existing = consumer.list_topics(timeout=10).topics
    consumer.assign([TopicPartition(name, p, 0) for name in FOLLOWED for p in existing[name].partitions])
    try:
        while worker.poll() is None:
            message = consumer.poll(0.2)
            if message is None or message.error():
                continue
            if message.topic() == DEAD.name:
                yield None
            elif message.topic() == INCIDENTS.name:
                yield Incident.decode(message.value() or b"")
            else:
                yield msgspec.json.decode(message.value() or b"", type=Verdict)
    finally:
        consumer.close()
    raise fail(f"the worker ended by itself with exit code {worker.returncode}; its log is printed above", 1)


@contextmanager
def _worker(web: str, broker: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as a process of its own, as in production; its log is shown only if it ends by itself."""
    # The embedded broker speaks neither TLS nor SASL.
    environment = {
        n: v for n, v in os.environ.items() if not n.startswith(("MONITOR_SECURITY_", "MONITOR_SASL_", "MONITOR_SSL_"))
    }
    environment |= {
        "MONITOR_BOOTSTRAP_SERVERS": broker,
        "MONITOR_GROUP": "demo",
        "MONITOR_TOPIC_PREFIX": "",
        "MONITOR_WEB": web,
        "MONITOR_SESSION_TIMEOUT_SECONDS": str(SESSION_SECONDS),
    }
    with tempfile.TemporaryFile() as log:
        # In a session of its own, so that Ctrl-C comes to the demo alone, which then ends it.
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "worker"],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=30)
                except subprocess.TimeoutExpired:
                    process.kill()
            else:
                log.seek(0)
                typer.echo(log.read().decode(errors="replace")[-3000:], err=True)
