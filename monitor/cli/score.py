"""``monitor score``: verdicts of files, or of what is piped in, without Kafka."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import msgspec
import typer
from typer.core import TyperCommand

from monitor.articles.files import read
from monitor.articles.printable import printable
from monitor.cli.options import USAGE, Format, fail, with_settings
from monitor.cli.printing.score_output import Color, Output, OutputFailed, ReaderGone
from monitor.cli.printing.score_progress import ScoreProgress
from monitor.library.monitor import MakeScore
from monitor.library.paths import STDIN, files_in
from monitor.library.processes import Item, Outcome, outcomes
from monitor.scoring.verdict import Verdict
from monitor.settings import Settings

#: The exit code after Ctrl-C, as shells have it.
INTERRUPTED = 130


Files = Annotated[
    list[Path] | None,
    typer.Argument(
        help="files, folders (all files in them) and patterns such as 'feeds/**/*.json', of any format in "
        "docs/formats.md, also packed; - or nothing: standard input"
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="auto: a table on a terminal, else one verdict a line")]
OnlyBad = Annotated[bool, typer.Option("--only-bad", help="show the bad copies only")]
Explain = Annotated[
    bool, typer.Option("--explain", help="show each text where it repeats or is boilerplate, with what is around")
]
ExplainAll = Annotated[bool, typer.Option("--explain-all", help="the same with every paragraph; also --explain=all")]
Stream = Annotated[
    bool, typer.Option("--stream", help="judge each article by what those before it taught of its source's templates")
]
Jobs = Annotated[int, typer.Option(min=1, help="processes that share the work; the order stays")]
OutputFile = Annotated[Path | None, typer.Option(help="write to this file instead of standard output")]
ColorOption = Annotated[Color, typer.Option(help="auto: colours on a terminal")]
FailOnBad = Annotated[bool, typer.Option("--fail-on-bad", help="exit 1 where a copy is bad")]


@with_settings("max_record_bytes", "max_text_characters", "input", "items")
def score(
    settings: Settings,
    files: Files = None,
    format_: FormatOption = Format.AUTO,
    only_bad: OnlyBad = False,
    explain: Explain = False,
    explain_all: ExplainAll = False,
    stream: Stream = False,
    jobs: Jobs = 1,
    output: OutputFile = None,
    color: ColorOption = Color.AUTO,
    fail_on_bad: FailOnBad = False,
) -> None:
    """Score articles: one verdict each, in the order of the input.

    Exit 0; 1 with --fail-on-bad where a copy is bad; 2 where input could not be read (the rest is
    still scored) or output not be written; 130 after Ctrl-C.

    monitor score feed.jsonl.gz page.html

    monitor score --only-bad --explain archive/

    monitor score --stream --explain month.jsonl.gz

    tail -f feed.jsonl | monitor score --format json
    """
    if (explain or explain_all) and format_ is Format.JSON:
        raise fail("--explain shows texts to a person, not as JSON; leave out one of the two")
    if stream and jobs > 1:
        raise fail("--stream learns from each article before it scores the next; leave out --jobs")
    paths = list(files_in(files or [STDIN]))
    if not paths:
        raise fail("no files in the folders that are named; a file whose name begins with a dot is left out")
    progress = ScoreProgress(paths)
    try:
        with Output(output, format_, color, explain=explain or explain_all, everything=explain_all) as out:
            _score_all(paths, settings, out, progress, only_bad=only_bad, stream=stream, jobs=jobs)
    except ReaderGone:
        raise typer.Exit(1) from None
    except OutputFailed as error:
        raise fail(str(error)) from error
    if progress.interrupted:
        raise typer.Exit(INTERRUPTED)
    if progress.unread:
        raise fail(f"{progress.unread} could not be read or scored, named above; the rest was scored", USAGE)
    if fail_on_bad and progress.bad:
        raise typer.Exit(1)


def _score_all(
    paths: list[Path],
    settings: Settings,
    out: Output,
    progress: ScoreProgress,
    *,
    only_bad: bool,
    stream: bool,
    jobs: int,
) -> None:
    by_source = tuple((name, _pairs(values)) for name, values in settings.sources.items())
    make_score = MakeScore(_pairs(settings.thresholds), by_source, stream)
    items = _items(paths, settings, progress)
    with progress.shown_on(out.terminal), closing(outcomes(items, make_score, jobs)) as scored:
        _show(scored, out, progress, only_bad)


class _ScoreCommand(TyperCommand):
    """Takes ``--explain=all`` for ``--explain-all``: typer has no options with a value that may be left out."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments, parsed."""
        return super().parse_args(
            ctx, ["--explain-all" if argument == "--explain=all" else argument for argument in args]
        )


app = typer.Typer(add_completion=False)
app.command(cls=_ScoreCommand)(score)


def _pairs(values: dict[str, int | float]) -> tuple[tuple[str, float], ...]:
    return tuple(values.items())


def _show(scored: Iterator[Outcome], out: Output, progress: ScoreProgress, only_bad: bool) -> None:
    """Print each outcome as it comes, then the summary, also where Ctrl-C ended it."""
    try:
        for origin, article, verdict in scored:
            if isinstance(verdict, Verdict) and article is not None:
                progress.count(verdict)
                if verdict.bad or not only_bad:
                    out.show(article, msgspec.structs.replace(verdict, origin=origin))
            else:
                progress.name_error(origin, str(verdict))
    except KeyboardInterrupt:
        progress.interrupted = True
    out.finish()
    progress.summarise(to_a_person=not out.as_json)


def _items(paths: list[Path], settings: Settings, progress: ScoreProgress) -> Iterator[Item]:
    decoder = settings.decoder()
    for path in paths:
        try:
            stream = _open(path)
        except OSError as error:
            yield Item(str(path), error.with_traceback(None) if not error.strerror else OSError(error.strerror))
            continue
        with nullcontext(stream) if path == STDIN else stream, progress.reading(stream):
            for record in read("standard input" if path == STDIN else str(path), stream, decoder):
                yield Item(record.name, record.article)


def _open(path: Path) -> BinaryIO:
    if path != STDIN:
        return path.open("rb")
    if sys.stdin is None:
        raise OSError("standard input is closed; name a file")
    if sys.stdin.isatty():
        typer.echo(
            printable("reading an article from standard input; end it with Ctrl-D. For files: monitor score FILE…"),
            err=True,
        )
        # At once, since a terminal that is read beyond its end waits for a second Ctrl-D.
        return io.BytesIO(sys.stdin.buffer.read())
    return sys.stdin.buffer
