"""``monitor watch``: bad copies, incidents and copies as they come, in a terminal or as JSON."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from typing import Annotated, NamedTuple

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from monitor.articles.printable import printable
from monitor.cli.kafka_errors import fail_on_kafka_errors
from monitor.cli.options import Format, fail, with_settings
from monitor.cli.printing.incident_text import what
from monitor.scoring.copies.record import Copy
from monitor.scoring.flags import CODES, PROMISED
from monitor.scoring.sources.incident import Incident
from monitor.scoring.sources.sighting import source_key
from monitor.settings import Settings
from monitor.streaming.connection import cluster
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.place import place_in, place_text
from monitor.streaming.stages import STAGES, topics_of
from monitor.streaming.stages.score import FLAGGED
from monitor.streaming.topics import COPIES, INCIDENTS, Topic
from monitor.web.follow.tail import Followed, Tail
from monitor.web.kept.bad_copies import Heading

#: Records that wait to be printed: a terminal may be slower than the topics.
MOST_WAITING = 10_000


class Line(NamedTuple):
    """What is said of one record."""

    kind: str
    source: str
    codes: tuple[str, ...]
    text: str
    style: str


@with_settings("bootstrap_servers", "topic_prefix")
def watch(
    settings: Settings,
    source: Annotated[str, typer.Option(help="only this source, in any case of letters")] = "",
    code: Annotated[str, typer.Option(help="only this flag: repeated_body, thin, …")] = "",
    last: Annotated[int, typer.Option(min=0, help="begin with about so many that came before")] = 10,
    format_: Annotated[
        Format, typer.Option("--format", help="auto: a line for a person on a terminal, else the records as they are")
    ] = Format.AUTO,
) -> None:
    """Follow bad copies, incidents and copies across outlets as they come, until Ctrl-C.

    monitor watch --source "Daily Example" --code truncated
    """
    if code and code not in (*CODES, *PROMISED):
        raise fail(f"--code: there is no flag {code}; there are {', '.join((*CODES, *PROMISED))}")
    out = Console(highlight=False)
    as_json = format_.is_json(out)
    with fail_on_kafka_errors(settings, "watch"):
        cluster(settings)
    try:
        for record, line in _lines(settings, last):
            if source and source_key(source) != source_key(line.source):
                continue
            if code and code not in line.codes:
                continue
            if as_json:
                typer.echo((record.value or b"").decode("utf-8", "replace"))
            else:
                _print(out, record, line)
    except KeyboardInterrupt:
        return


def _print(out: Console, record: InputRecord, line: Line) -> None:
    at = time.strftime("%H:%M:%S", time.localtime(record.timestamp)) if record.timestamp else "--:--:--"
    place = place_in(record.headers)
    where = f"  {place_text(place)}" if place is not None else ""
    text = Text(f"{at}  ", style="dim")
    text.append(f"{line.kind:<8}", style=line.style)
    text.append(printable(f"  {line.source}  {line.text}"))
    text.append(printable(where), style="dim")
    out.print(text, soft_wrap=True)


def _lines(settings: Settings, last: int) -> Iterator[tuple[InputRecord, Line]]:
    """Each record and what is said of it, without end; one that does not decode is passed over."""
    waiting: queue.Queue[tuple[InputRecord, Line]] = queue.Queue(MOST_WAITING)

    def takes(read: Callable[[bytes], Line]) -> Callable[[InputRecord], None]:
        return lambda record: waiting.put((record, read(record.value))) if record.value is not None else None

    readers: dict[Topic, Callable[[bytes], Line]] = {FLAGGED: _flagged, INCIDENTS: _incident, COPIES: _copy}
    written = topics_of(STAGES)
    followed = [
        Followed(topic.full_name(settings.topic_names), takes(read), last)
        for topic, read in readers.items()
        if topic in written
    ]
    with Tail(settings, followed, []).running():
        while True:
            try:
                yield waiting.get(timeout=0.5)
            except queue.Empty:
                continue


def _flagged(value: bytes) -> Line:
    verdict = msgspec.json.decode(value, type=Heading)
    flags = "; ".join(f"{flag.code}: {flag.message}" for flag in verdict.flags)
    return Line(
        "BAD",
        verdict.source,
        tuple(flag.code for flag in verdict.flags),
        f"{verdict.title or verdict.id}  {flags}",
        "red",
    )


def _incident(value: bytes) -> Line:
    incident = Incident.decode(value)
    codes = (incident.code,) if incident.code else ()
    state = "" if incident.open else " (over)"
    style = "bold red" if incident.open else "green"
    return Line("INCIDENT", incident.source, codes, f"{what(incident)}{state}", style)


def _copy(value: bytes) -> Line:
    copy = Copy.decode(value)
    text = (
        f"{copy.article.title or copy.article.id}  {copy.comparison.coverage:.0%} of {copy.earlier.source}, "
        f"{copy.age_seconds / 60:.0f} min later"
    )
    return Line("COPY", copy.article.source, tuple(flag.code for flag in copy.flags), text, "cyan")
