"""``monitor incidents``: which source broke, since when, with examples; and a person's word on it."""

from __future__ import annotations

import asyncio
import getpass
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.text import Text as Printed

from monitor.articles.article import Article
from monitor.articles.printable import printable
from monitor.cli.kafka_errors import fail_on_kafka_errors, noted
from monitor.cli.options import Format, fail, with_settings
from monitor.cli.printing import incident_text
from monitor.cli.printing.incident_text import ShownExample
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.copies.record import Place
from monitor.scoring.score import Scorer
from monitor.scoring.sources.decision import Decision
from monitor.scoring.sources.incident import Example, Incident
from monitor.scoring.sources.sighting import source_key
from monitor.scoring.sources.together import find_together
from monitor.settings import Settings
from monitor.streaming.connection import client, cluster
from monitor.streaming.incident_records import read_incidents
from monitor.streaming.kept_articles import article_at
from monitor.streaming.sender import Sender
from monitor.streaming.topics import INCIDENTS, SIGHTINGS

app = typer.Typer(
    help="See which source broke, since when, with examples; close or mute it.",
    no_args_is_help=True,
    add_completion=False,
)

#: The exit code where there is no such incident.
NOT_FOUND = 1
_DURATION = re.compile(r"(\d{1,5})([mhd])", re.ASCII)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}

Id = Annotated[str, typer.Argument(metavar="ID", help="the incident's id, as the list shows it; its begin is enough")]
Note = Annotated[str, typer.Option(help="why, for those who see it later")]
FormatOption = Annotated[
    Format, typer.Option("--format", help="auto: for a person on a terminal, else one JSON object a line")
]


@app.command("list")
@with_settings("bootstrap_servers", "topic_prefix")
def list_(
    settings: Settings,
    all_: Annotated[bool, typer.Option("--all", help="the last closed one of each kind and source too")] = False,
    source: Annotated[str | None, typer.Option(help="only this source")] = None,
    code: Annotated[str | None, typer.Option(help="only this flag, or kind: share, silence, flood, layout")] = None,
    format_: FormatOption = Format.AUTO,
) -> None:
    """List the open incidents, the worst first; sources that broke together above them.

    monitor incidents list --code truncated
    """
    chosen = [
        incident
        for incident in _read(settings)
        if (all_ or incident.open)
        and (source is None or incident.key == source_key(source))
        and (code is None or code in (incident.code, incident.kind))
    ]
    chosen.sort(key=lambda incident: (not incident.open, -incident.score, incident.record_key))
    out = Console(highlight=False)
    if format_.is_json(out):
        for incident in chosen:
            sys.stdout.buffer.write(incident.encode() + b"\n")
        sys.stdout.flush()
        return
    now = datetime.now(UTC)
    for group in find_together(chosen)[0]:
        out.print(Printed(printable(incident_text.together(group, now)), style="bold"), soft_wrap=True)
    for incident in chosen:
        head = f"{incident.id}  since {incident_text.at(incident.since)}  {incident.source}"
        state = incident_text.state(incident, now)
        style = "" if state == "open" else "dim"
        out.print(Printed(printable(f"{head}  ({state})"), style=style or "bold"), soft_wrap=True)
        out.print(Printed(printable(f"  {incident_text.what(incident)}"), style=style), soft_wrap=True)
    typer.echo(f"{sum(incident.open for incident in chosen)} open incidents", err=True)


@app.command("show")
@with_settings("bootstrap_servers", "topic_prefix", "max_record_bytes", "max_text_characters", "input", "items")
def show(
    settings: Settings,
    id_: Id,
    report: Annotated[bool, typer.Option("--report", help="as a text to send to the publisher")] = False,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Show an incident: since when, how much of the source, and up to three copies with what is wrong in them.

    monitor incidents show 3ae9b1de54 --report > to-the-publisher.txt
    """
    incident = _find(settings, id_)
    if format_ is Format.JSON:
        sys.stdout.buffer.write(incident.encode() + b"\n")
        sys.stdout.flush()
        return
    examples = _examples(settings, incident)
    now = datetime.now(UTC)
    lines = incident_text.report(incident, examples) if report else incident_text.details(incident, examples, now)
    for line in lines:
        typer.echo(printable(line))


@app.command("close")
@with_settings("bootstrap_servers", "topic_prefix")
def close(settings: Settings, id_: Id, note: Note = "") -> None:
    """Close an incident: what it is about is the source's habit from now on, and told no more until that changes.

    monitor incidents close 3ae9b1de54 --note "they send headlines alone since Monday"
    """
    _send(settings, _find(settings, id_), Decision(source="", incident="", close=True, person=_person(), note=note))


@app.command("mute")
@with_settings("bootstrap_servers", "topic_prefix")
def mute(
    settings: Settings,
    id_: Id,
    for_: Annotated[str, typer.Option("--for", metavar="TIME", help="how long: 90m, 6h, 7d; 0m: speak again")] = "7d",
    note: Note = "",
) -> None:
    """Have nobody told of an incident for a while; it stays open, and on the list.

    monitor incidents mute 3ae9b1de54 --for 2d
    """
    if not (duration := _DURATION.fullmatch(for_)):
        raise fail(f"--for {for_!r} is no time; write 90m, 6h or 7d")
    until = datetime.now(UTC) + timedelta(**{_UNITS[duration[2]]: int(duration[1])})
    word = Decision(source="", incident="", muted_until=until.timestamp(), person=_person(), note=note)
    _send(settings, _find(settings, id_), word)


def _read(settings: Settings) -> list[Incident]:
    with fail_on_kafka_errors(settings, INCIDENTS.full_name(settings.topic_names)):
        cluster(settings)
        return asyncio.run(read_incidents(settings))


def _find(settings: Settings, id_: str) -> Incident:
    """The incident of an id.

    Raises:
        typer.Exit: there is none, or several begin so.
    """
    found = [incident for incident in _read(settings) if id_ and incident.id.startswith(id_.lower())]
    if len(found) != 1:
        number = "no incident" if not found else f"{len(found)} incidents"
        raise fail(f"{number} with the id {printable(id_)}; monitor incidents list --all shows them", NOT_FOUND)
    return found[0]


def _send(settings: Settings, incident: Incident, word: Decision) -> None:
    """Put a person's word among the sightings, under the source's key."""
    if not incident.open:
        raise fail(f"the incident {incident.id} is closed already", NOT_FOUND)
    word = msgspec.structs.replace(word, source=incident.source, incident=incident.id)
    name = SIGHTINGS.full_name(settings.topic_names)
    with (
        fail_on_kafka_errors(settings, name, noted),
        Sender(settings.bootstrap_servers, name, client(settings)) as sender,
    ):
        sender.send(word.encode(), incident.key.encode())
    typer.echo(f"{'closed' if word.close else 'muted'}: {printable(incident.source)}, {incident.id}", err=True)


def _person() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _examples(settings: Settings, incident: Incident) -> list[ShownExample]:
    """The examples with their articles, scored again for what is wrong in them."""
    articles = [_article(settings, example) for example in incident.examples]
    scorer = Scorer(Model.load(), settings.thresholds_for) if any(articles) and incident.kind == "share" else None
    shown = []
    for example, article in zip(incident.examples, articles, strict=True):
        wrong: tuple[str, ...] = ()
        if scorer is not None and article is not None:
            flags = scorer.score(article, datetime.now(UTC)).flags
            wrong = tuple(f"{flag.code}: {flag.message}" for flag in flags if flag.code == incident.code)
        shown.append(ShownExample(example, article, wrong))
    return shown


def _article(settings: Settings, example: Example) -> Article | None:
    place = Place(example.topic, example.partition, example.offset, example.item)
    with fail_on_kafka_errors(settings, example.topic):
        return asyncio.run(article_at(settings, place))
