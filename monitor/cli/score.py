"""``monitor score``: verdicts of files, or of what is piped in, without Kafka."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress

from monitor.articles.errors import Undecodable
from monitor.articles.files import read
from monitor.articles.printable import printable
from monitor.cache import cache_folder
from monitor.cli.options import USAGE, Format, fail, with_settings
from monitor.cli.printing import verdict_rows
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.language import Detector
from monitor.scoring.score import Scorer
from monitor.settings import Settings


@with_settings("max_record_bytes", "max_text_characters", "input", "items")
def score(
    settings: Settings,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="files of any format in docs/formats.md, also packed; - or nothing: standard input"),
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="auto: a table on a terminal, else one verdict a line")
    ] = Format.AUTO,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="show each text with what repeats and what is boilerplate marked"),
    ] = False,
    fail_on_bad: Annotated[bool, typer.Option("--fail-on-bad", help="exit 1 where a copy is bad")] = False,
) -> None:
    """Score articles: one verdict each, in the order of the input.

    Exit 0; 1 with --fail-on-bad where a copy is bad; 2 where input could not be read (the rest is
    still scored).
    """
    if explain and format_ is Format.JSON:
        raise fail("--explain shows texts to a person, not as JSON; leave out one of the two")
    scorer = Scorer(Model.load(), settings.thresholds_for, Detector.load(cache_folder()))
    decoder = settings.decoder()
    out = Console(highlight=False)
    errors = Console(stderr=True, highlight=False)
    as_json = format_.is_json(out)
    table = verdict_rows.grid(out.width)
    unread = bad = 0
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(console=errors, transient=True, disable=not errors.is_terminal))
        task = progress.add_task("scoring", total=None)
        for path in files or [Path("-")]:
            try:
                stream = _open(path)
            except OSError as error:
                unread += 1
                errors.print(printable(f"{path}: {error.strerror or error}"), markup=False, soft_wrap=True)
                continue
            for record in read("standard input" if str(path) == "-" else str(path), stream, decoder):
                if isinstance(record.article, Undecodable):
                    unread += 1
                    errors.print(printable(f"{record.name}: {record.article}"), markup=False, soft_wrap=True)
                    continue
                verdict = scorer.score(record.article, datetime.now(UTC))
                bad += verdict.bad
                progress.advance(task)
                if explain:
                    verdict_rows.explain(out, record.article, verdict)
                elif as_json:
                    sys.stdout.buffer.write(msgspec.json.encode(verdict) + b"\n")
                else:
                    verdict_rows.add(table, verdict)
    if not as_json and not explain:
        out.print(table)
    if unread:
        raise fail(f"{unread} could not be read, named above; the rest was scored", USAGE)
    if fail_on_bad and bad:
        raise typer.Exit(1)


def _open(path: Path) -> BinaryIO:
    return sys.stdin.buffer if str(path) == "-" else path.open("rb")
