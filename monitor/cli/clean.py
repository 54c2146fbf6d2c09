"""``monitor clean``: the articles of files without what repeats in them and what is no part of the story."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from typing import Annotated

import msgspec
import typer

from monitor.cli.input_files import Files, Jobs, OutputFile, end, named_files, scored_files
from monitor.cli.options import Format, with_settings
from monitor.cli.printing.score_output import Color, Output, OutputFailed
from monitor.cli.printing.score_progress import ScoreProgress
from monitor.library.processes import Outcome
from monitor.scoring.cut import CleanArticle
from monitor.scoring.verdict import Verdict
from monitor.settings import Settings


class Form(StrEnum):
    """How a clean article is printed."""

    AUTO = "auto"
    JSON = "json"
    TEXT = "text"


#: The same of the table that ``score`` prints.
FORMATS = {Form.AUTO: Format.AUTO, Form.JSON: Format.JSON, Form.TEXT: Format.TABLE}


@with_settings("cut_boilerplate", "max_record_bytes", "max_text_characters", "input", "items")
def clean(
    settings: Settings,
    files: Files = None,
    form: Annotated[
        Form, typer.Option("--format", help="auto: texts on a terminal, else one JSON object a line")
    ] = Form.AUTO,
    jobs: Jobs = 1,
    output: OutputFile = None,
) -> None:
    """Print articles without their repeated paragraphs and boilerplate, in the order of the input.

    As JSON each has its text, the offsets of what was cut of it, the verdict and the codes of its
    flags. Exit codes as monitor score.

    monitor clean --format text article.html

    monitor clean --output clean.jsonl archive/
    """
    paths = named_files(files, output)
    progress = ScoreProgress(paths)
    try:
        with (
            Output(output, FORMATS[form], Color.AUTO) as out,
            progress.shown_on(out.terminal),
            closing(scored_files(paths, settings, progress, jobs)) as scored,
        ):
            _show(scored, out, progress, settings.cut_boilerplate)
    except OutputFailed as error:
        raise error.exit() from error
    end(progress)


def _show(scored: Iterator[Outcome], out: Output, progress: ScoreProgress, boilerplate: float) -> None:
    """Print each article as it comes, then the summary, also where Ctrl-C ended it."""
    try:
        for origin, article, verdict in scored:
            if isinstance(verdict, Verdict) and article is not None:
                progress.count(verdict)
                named = msgspec.structs.replace(verdict, origin=origin)
                out.show_clean(CleanArticle.of_verdict(article, named, boilerplate))
            else:
                progress.name_error(origin, str(verdict))
    except KeyboardInterrupt:
        progress.interrupted = True
    out.finish()
    progress.summarise(to_a_person=not out.as_json)
