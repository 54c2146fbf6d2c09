"""``monitor backtest``: the past scored under other thresholds beside today's; nothing is written."""

from __future__ import annotations

import asyncio
import sys
import tomllib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text as Printed

from monitor.articles.article import Article
from monitor.articles.files import read
from monitor.articles.printable import printable
from monitor.cli.input_files import named_files
from monitor.cli.kafka_errors import fail_on_kafka_errors
from monitor.cli.options import Format, fail, load, with_settings
from monitor.evaluation.backtest import Backtest, Change, Pair
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.settings import Settings
from monitor.streaming.connection import cluster, plain_client
from monitor.streaming.engine.read import Reader
from monitor.streaming.topics import articles_name

#: Tables of a settings file that change verdicts.
TABLES = ("thresholds", "sources")
DATE = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


@with_settings("bootstrap_servers", "topic_prefix", "max_record_bytes", "max_text_characters", "input", "items")
def backtest(
    settings: Settings,
    other: Annotated[
        Path,
        typer.Option("--other", metavar="FILE", help="settings file; its [thresholds] and [sources] are the others"),
    ],
    files: Annotated[list[Path] | None, typer.Argument(help="files and folders, as monitor score takes them")] = None,
    topic: Annotated[bool, typer.Option("--topic", help="the articles that Kafka keeps, in place of files")] = False,
    from_: Annotated[
        datetime | None, typer.Option("--from", formats=DATE, help="records of --topic from here on, UTC")
    ] = None,
    to: Annotated[datetime | None, typer.Option("--to", formats=DATE, help="and before this, UTC")] = None,
    format_: Annotated[Format, typer.Option("--format", help="auto: tables on a terminal, else JSON")] = Format.AUTO,
) -> None:
    """Score the past under other thresholds beside today's: how many more and fewer flags.

    By flag and by source, with examples; no topic is written to.

    monitor backtest --other stricter.toml archive/

    monitor backtest --other stricter.toml --topic --from 2026-03-01 --to 2026-03-08
    """
    if topic and files:
        raise fail("--topic and files: name one of the two")
    if (from_ or to) and not topic:
        raise fail("--from and --to choose records of --topic")
    scorers = Scorers(settings, _settings_of(other))
    result = Backtest()
    if topic:
        with fail_on_kafka_errors(settings, articles_name(settings)):
            cluster(settings)
            asyncio.run(_add_topic(result, scorers, settings, _second(from_, 0.0), _second(to, float("inf"))))
    else:
        for article, name in _in_files(settings, files):
            result.add(scorers.pair(article, name))
    out = Console(highlight=False)
    if format_.is_json(out):
        sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")
        sys.stdout.flush()
    else:
        _print(out, result)


class Scorers:
    """One scorer by today's thresholds and one by the others, over one model."""

    def __init__(self, today: Settings, other: Settings) -> None:
        model = Model.load()
        self._today, self._other = Scorer(model, today.thresholds_for), Scorer(model, other.thresholds_for)

    def pair(self, article: Article, name: str) -> Pair:
        """The verdicts of an article by both."""
        now = datetime.now(UTC)
        return Pair(self._today.score(article, now), self._other.score(article, now), name)


def _settings_of(other: Path) -> Settings:
    """Settings with the thresholds of a file.

    Raises:
        typer.Exit: it cannot be read, or a threshold in it is none.
    """
    try:
        tables: dict[str, Any] = tomllib.loads(other.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise fail(f"--other {other}: {error}") from error
    given = {name: tables[name] for name in TABLES if name in tables}
    if not given:
        raise fail(f"--other {other}: holds neither [thresholds] nor [sources], so nothing would change")
    return load(**({"thresholds": {}, "sources": {}} | given))


def _second(moment: datetime | None, default: float) -> float:
    return moment.replace(tzinfo=UTC).timestamp() if moment else default


def _in_files(settings: Settings, files: list[Path] | None) -> Iterator[tuple[Article, str]]:
    decoder = settings.decoder()
    for path in named_files(files):
        try:
            stream = sys.stdin.buffer if str(path) == "-" else path.open("rb")
        except OSError as error:
            raise fail(f"{path}: {error.strerror or error}") from error
        with stream:
            for record in read(str(path), stream, decoder):
                if isinstance(record.article, Article):
                    yield record.article, record.name
                else:
                    typer.echo(f"monitor: {printable(f'{record.name}: {record.article}')}", err=True)


async def _add_topic(result: Backtest, scorers: Scorers, settings: Settings, begin: float, end: float) -> None:
    async for article in _on_topic(settings, begin, end):
        result.add(scorers.pair(article, article.id))


async def _on_topic(settings: Settings, begin: float, end: float) -> AsyncIterator[Article]:
    """The articles whose records were written in a time, as seconds since 1970; dead letters are passed over."""
    decoder = settings.decoder()
    names = settings.input_topics or (articles_name(settings),)
    async with Reader(plain_client(settings)) as reader:
        for name in names:
            for tp, span in (await reader.spans(await reader.partitions(name))).items():
                async for batch in reader.read(tp, span.begin, span.end):
                    for record in batch:
                        if record.value is None or not begin <= (record.timestamp or 0.0) < end:
                            continue
                        for item in decoder.articles(
                            record.value, key=record.key, headers=record.headers, arrived_at=record.timestamp
                        ):
                            if isinstance(item.article, Article):
                                yield item.article


def _print(out: Console, result: Backtest) -> None:
    out.print(f"{result.articles} articles")
    for heading, changes in (("flag", result.by_code), ("source, bad", result.by_source)):
        table = Table(box=None, pad_edge=False)
        for column in (heading, "today", "other", "more", "fewer"):
            table.add_column(column, justify="left" if column == heading else "right", overflow="fold")
        for name, change in sorted(changes.items(), key=lambda each: -(each[1].added + each[1].removed)):
            cells = (change.today, change.other, change.added, change.removed)
            table.add_row(Printed(printable(name)), *map(str, cells))
        out.print()
        out.print(table)
    for code, change in sorted(result.by_code.items()):
        _print_examples(out, code, change)


def _print_examples(out: Console, code: str, change: Change) -> None:
    for sign, names in (("more", change.more), ("fewer", change.fewer)):
        for name in names:
            out.print(Printed(printable(f"{code}, {sign}: {name}"), style="dim"), soft_wrap=True)
