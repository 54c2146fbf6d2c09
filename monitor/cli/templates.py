"""``monitor templates``: what each source always sends, as it was learned; have it learned or forgotten."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text as Printed

from monitor.articles.article import Article
from monitor.articles.printable import printable
from monitor.cli.kafka_errors import fail_on_kafka_errors, noted
from monitor.cli.options import fail, with_settings
from monitor.cli.past_articles import Files, From, OnTopic, Past, PastArticle, To, each_past_article
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.copies.record import Place
from monitor.scoring.score import Scorer
from monitor.scoring.sources.marks import LINE, MASKED, read_marks
from monitor.scoring.sources.sighting import Sighting, source_key
from monitor.scoring.sources.templates import SourceTemplates
from monitor.scoring.text.text import Text
from monitor.settings import Settings
from monitor.streaming.connection import client, cluster
from monitor.streaming.kept_articles import article_at
from monitor.streaming.known_sources import known_sources
from monitor.streaming.sender import Sender
from monitor.streaming.stages.score import SIGHTING_HEADERS
from monitor.streaming.topics import SIGHTINGS

app = typer.Typer(
    help="See what each source always sends, have it learned or forgotten.", no_args_is_help=True, add_completion=False
)


@app.command("list")
@with_settings("bootstrap_servers", "topic_prefix", "max_record_bytes", "max_text_characters", "input", "items")
def list_(
    settings: Settings,
    source: Annotated[
        str | None, typer.Option(help="this source, with the templates of its last article as an example")
    ] = None,
) -> None:
    """List the sources, of how many distinct articles each is known, and how many of its lines are templates.

    monitor templates list --source "Daily Example"
    """
    with fail_on_kafka_errors(settings, "templates"):
        cluster(settings)
        sources = asyncio.run(known_sources(settings))
    out = Console(highlight=False)
    if source is not None:
        name, known = _one(sources, source)
        _explain(out, settings, name, known)
        return
    table = Table(box=None, pad_edge=False)
    for column in ("source", "articles", "templates"):
        table.add_column(column, justify="left" if column == "source" else "right", no_wrap=True, overflow="ellipsis")
    for name, known in sorted(sources.values(), key=lambda each: -each[1].lines):
        table.add_row(Printed(printable(name)), f"{known.articles:.0f}", str(known.lines))
    out.print(table)


@app.command("learn")
@with_settings("bootstrap_servers", "topic_prefix", "max_record_bytes", "max_text_characters", "input", "items")
def learn(settings: Settings, files: Files = None, topic: OnTopic = False, from_: From = None, to: To = None) -> None:
    """Have it learned from the past, so that a new installation does not begin blind.

    The articles of an archive, oldest first, or those that Kafka keeps; articles.sightings is written, no verdict is.
    Articles of --topic that were learned from before are not counted again; those of files are, if they are given
    twice.

    monitor templates learn archive/2026-01.jsonl.gz

    monitor templates learn --topic --from 2026-03-01
    """
    past = Past.of_options(files, topic, from_, to)
    scorer = Scorer(Model.load(), settings.thresholds_for)
    name = SIGHTINGS.full_name(settings.topic_names)
    with fail_on_kafka_errors(settings, name, noted):
        cluster(settings)
        with Sender(settings.bootstrap_servers, name, client(settings)) as sender:

            def send(each: PastArticle) -> None:
                scored = scorer.read(each.article, datetime.now(UTC))
                sighting = Sighting.of_verdict(*scored[:4], past=True, **each.where)
                sender.send(sighting.encode(), sighting.key.encode(), SIGHTING_HEADERS)

            each_past_article(settings, past, send)
    typer.echo(f"{sender.acknowledged} articles are learned from as soon as the stage sources has read them", err=True)


@app.command("forget")
@with_settings("bootstrap_servers", "topic_prefix")
def forget(settings: Settings, source: Annotated[str, typer.Option(help="the source to forget")]) -> None:
    """Have what was learned of a source forgotten; it is judged by the model alone until it is learned anew.

    monitor templates forget --source "Daily Example"
    """
    name = SIGHTINGS.full_name(settings.topic_names)
    with fail_on_kafka_errors(settings, name, noted):
        cluster(settings)
        with Sender(settings.bootstrap_servers, name, client(settings)) as sender:
            sender.send(None, source_key(source).encode())
    typer.echo(f"{printable(source)} is forgotten as soon as the stage sources has read it")


def _one(sources: dict[bytes, tuple[str, SourceTemplates]], source: str) -> tuple[str, SourceTemplates]:
    known = sources.get(source_key(source).encode())
    if known is None:
        raise fail(f"nothing is known of the source {printable(source)}; monitor templates list names those known", 1)
    return known


def _explain(out: Console, settings: Settings, name: str, known: SourceTemplates) -> None:
    """Print the paragraphs of the source's last article that are templates, and in how many articles each stood."""
    out.print(Printed(printable(f"{name}: {known.articles:.0f} articles, {known.lines} lines are templates")))
    article = _last_article(settings, known)
    if article is None:
        out.print("its last article is no longer kept, so there is no example")
        return
    text = Text.read(article.text)
    written = read_marks(text).written
    counts, _ = known.counts.look_up(written[:, [LINE, MASKED]])
    for passage, is_template, count in zip(text.passages, known.templates(written), counts.max(1), strict=True):
        if is_template:
            out.print(Printed(f"{count:>6.0f} ", style="cyan"), Printed(printable(passage)), sep="")


def _last_article(settings: Settings, known: SourceTemplates) -> Article | None:
    if not known.positions:
        return None
    with fail_on_kafka_errors(settings, "templates"):
        return asyncio.run(article_at(settings, Place(*known.positions[-1][:4])))
