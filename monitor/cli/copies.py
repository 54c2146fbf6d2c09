"""``monitor copies``: who carried a story, when, and how a copy differs from the earliest."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.text import Text as Printed

from monitor.articles.printable import printable
from monitor.cli.kafka_errors import fail_on_kafka_errors
from monitor.cli.options import Format, fail, with_settings
from monitor.cli.printing import copy_text
from monitor.scoring.copies.record import Copy, Outlet
from monitor.scoring.copies.story import Story
from monitor.settings import Settings
from monitor.streaming.connection import cluster
from monitor.streaming.copy_records import read_story
from monitor.streaming.kept_articles import article_at
from monitor.streaming.topics import COPIES

app = typer.Typer(
    help="See which outlets carried a story, and how a copy differs from the earliest.",
    no_args_is_help=True,
    add_completion=False,
)

#: The exit code where the article is no copy, and none is known of it.
NOT_FOUND = 1


@app.callback()
def copies() -> None:
    """See which outlets carried a story, and how a copy differs from the earliest."""


@app.command("show")
@with_settings("bootstrap_servers", "topic_prefix", "max_record_bytes", "max_text_characters", "input", "items")
def show(
    settings: Settings,
    id_: Annotated[str, typer.Argument(metavar="ID", help="the id of any article of the story")],
    format_: Annotated[Format, typer.Option("--format", help="auto and table: for a person; json: one object")] = (
        Format.TABLE
    ),
) -> None:
    """Show the story of an article: its outlets, first and last, and beside the earliest what this copy has otherwise.

    monitor copies show story-4711
    """
    story = _read(settings, id_)
    if format_ is Format.JSON:
        fields = {"earliest": story.earliest, "outlets": story.outlets, "copies": story.copies}
        sys.stdout.buffer.write(msgspec.json.encode(fields) + b"\n")
        sys.stdout.flush()
        return
    out = Console(highlight=False)
    for line in copy_text.story_lines(story):
        out.print(line, soft_wrap=True)
    copy = next((copy for copy in story.copies if copy.article.id == id_), None)
    if copy is not None:
        _print_differences(out, settings, copy)


def _read(settings: Settings, id_: str) -> Story:
    with fail_on_kafka_errors(settings, COPIES.full_name(settings.topic_names)):
        cluster(settings)
        story = asyncio.run(read_story(settings, id_))
    if story is None:
        raise fail(
            f"{printable(id_)} is no copy, and no copy of it is known; an id stands in the key of articles.scored, and "
            "articles.copies keeps copies as long as its retention",
            NOT_FOUND,
        )
    return story


def _print_differences(out: Console, settings: Settings, copy: Copy) -> None:
    earlier, later = (_text(settings, outlet) for outlet in (copy.earlier, copy.article))
    out.print()
    if earlier is None or later is None:
        gone = copy.earlier.id if earlier is None else copy.article.id
        out.print(Printed(f"Kafka keeps {printable(gone)} no longer, so the two cannot be compared", style="dim"))
        return
    out.print(Printed(printable(f"{copy.article.id} beside {copy.earlier.id}:"), style="bold"))
    for line in copy_text.difference_lines(earlier, later):
        out.print(line, soft_wrap=True)


def _text(settings: Settings, outlet: Outlet) -> str | None:
    with fail_on_kafka_errors(settings, outlet.place.topic):
        article = asyncio.run(article_at(settings, outlet.place))
    return article.text if article is not None else None
