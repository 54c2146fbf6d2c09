"""``monitor backtest``: the past scored under other thresholds beside today's; nothing is written."""

from __future__ import annotations

import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text as Printed

from monitor.articles.article import Article
from monitor.articles.printable import printable
from monitor.cli.options import Format, fail, load, with_settings
from monitor.cli.past_articles import Files, From, OnTopic, Past, To, each_past_article
from monitor.evaluation.backtest import Backtest, Change, Pair
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.settings import Settings

#: Tables of a settings file that change verdicts.
TABLES = ("thresholds", "sources")


@with_settings("bootstrap_servers", "topic_prefix", "max_record_bytes", "max_text_characters", "input", "items")
def backtest(
    settings: Settings,
    other: Annotated[
        Path,
        typer.Option("--other", metavar="FILE", help="settings file; its [thresholds] and [sources] are the others"),
    ],
    files: Files = None,
    topic: OnTopic = False,
    from_: From = None,
    to: To = None,
    format_: Annotated[Format, typer.Option("--format", help="auto: tables on a terminal, else JSON")] = Format.AUTO,
) -> None:
    """Score the past under other thresholds beside today's: how many more and fewer flags.

    By flag and by source, with examples; no topic is written to.

    monitor backtest --other stricter.toml archive/

    monitor backtest --other stricter.toml --topic --from 2026-03-01 --to 2026-03-08
    """
    past = Past.of_options(files, topic, from_, to)
    scorers = Scorers(settings, _settings_of(other))
    result = Backtest()
    each_past_article(settings, past, lambda each: result.add(scorers.pair(each.article, each.name)))
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
