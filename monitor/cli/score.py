"""``monitor score``: verdicts of files, or of what is piped in, without Kafka."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Annotated, Any

import msgspec
import typer
from typer.core import TyperCommand

from monitor.cli.input_files import Files, Jobs, OutputFile, end, named_files, scored_files
from monitor.cli.options import Format, fail, with_settings
from monitor.cli.printing.score_output import Color, Output, OutputFailed
from monitor.cli.printing.score_progress import ScoreProgress
from monitor.library.processes import Outcome
from monitor.scoring.verdict import Verdict
from monitor.settings import Settings

FormatOption = Annotated[Format, typer.Option("--format", help="auto: a table on a terminal, else one verdict a line")]
OnlyBad = Annotated[bool, typer.Option("--only-bad", help="show the bad copies only")]
Explain = Annotated[
    bool, typer.Option("--explain", help="show each text where it repeats or is boilerplate, with what is around")
]
ExplainAll = Annotated[bool, typer.Option("--explain-all", help="the same with every paragraph; also --explain=all")]
Stream = Annotated[
    bool, typer.Option("--stream", help="judge each article by what those before it taught of its source's templates")
]
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
    paths = named_files(files, output)
    progress = ScoreProgress(paths)
    try:
        with (
            Output(output, format_, color, explain=explain or explain_all, everything=explain_all) as out,
            progress.shown_on(out.terminal),
            closing(scored_files(paths, settings, progress, jobs, stream)) as scored,
        ):
            _show(scored, out, progress, only_bad)
    except OutputFailed as error:
        raise error.exit() from error
    end(progress)
    if fail_on_bad and progress.bad:
        raise typer.Exit(1)


class _ScoreCommand(TyperCommand):
    """Takes ``--explain=all`` for ``--explain-all``: typer has no options with a value that may be left out."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments, parsed."""
        return super().parse_args(
            ctx, ["--explain-all" if argument == "--explain=all" else argument for argument in args]
        )


app = typer.Typer(add_completion=False)
app.command(cls=_ScoreCommand)(score)


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
