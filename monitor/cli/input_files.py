"""Files as ``score`` and ``clean`` take them: found, read and scored; and how the commands end."""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from monitor.articles.files import read
from monitor.articles.printable import printable
from monitor.cli.options import USAGE, fail
from monitor.cli.printing.score_progress import ScoreProgress
from monitor.library.monitor import MakeScore
from monitor.library.paths import STDIN, files_in
from monitor.library.processes import Item, Outcome, outcomes
from monitor.settings import Settings

#: The exit code after Ctrl-C, as shells have it.
INTERRUPTED = 130
#: Seconds without a byte after which a person is told what is waited for: a program that is started takes one or two.
SILENT_SECONDS = 3.0

Files = Annotated[
    list[Path] | None,
    typer.Argument(
        help="files, folders (all files in them) and patterns such as 'feeds/**/*.json', of any format in "
        "docs/formats.md, also packed; - or nothing: standard input"
    ),
]
Jobs = Annotated[int, typer.Option(min=1, help="processes that share the work; the order stays")]
OutputFile = Annotated[Path | None, typer.Option(help="write to this file instead of standard output")]


def named_files(files: list[Path] | None, output: Path | None = None) -> list[Path]:
    """The files that are meant; standard input where none are named.

    Raises:
        typer.Exit: only folders without files are named, or ``output`` is one of the files: it would be emptied
            before it is read.
    """
    paths = list(files_in(files or [STDIN]))
    if not paths:
        raise fail("no files in the folders that are named; a file whose name begins with a dot is left out")
    if output is not None and output.is_file() and any(_is_same(path, output) for path in paths):
        raise fail(printable(f"{output}: is one of the files to be read; write to another, outside of their folders"))
    return paths


def scored_files(
    paths: list[Path], settings: Settings, progress: ScoreProgress, jobs: int, stream: bool = False
) -> Generator[Outcome, None, None]:
    """An outcome for each article of the files, in order, as soon as it is known."""
    by_source = tuple((name, _pairs(values)) for name, values in settings.sources.items())
    make_score = MakeScore(_pairs(settings.thresholds), by_source, stream, progress.tell if stream else None)
    return outcomes(_items(paths, settings, progress), make_score, jobs)


def end(progress: ScoreProgress) -> None:
    """Say by the exit code that the command was interrupted, or that not all could be read or scored.

    Raises:
        typer.Exit: one of the two.
    """
    if progress.interrupted:
        raise typer.Exit(INTERRUPTED)
    if progress.unread:
        raise fail(f"{progress.unread} could not be read or scored, named above; the rest was scored", USAGE)


def _pairs(values: dict[str, int | float]) -> tuple[tuple[str, float], ...]:
    return tuple(values.items())


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


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False


def _is_standard_output(path: Path) -> bool:
    """Whether a file is the one that standard output goes to: read, it would grow by what is written of it."""
    try:
        output = os.fstat(1)
        return stat.S_ISREG(output.st_mode) and os.path.samestat(path.stat(), output)
    except OSError:
        return False


def _open(path: Path) -> BinaryIO:
    """The file, or standard input; of a pipe the first bytes are there."""
    if path != STDIN and _is_standard_output(path):
        raise OSError(errno.EINVAL, "is not read, since the output goes there")
    if path != STDIN:
        return _waited_for(lambda: path.open("rb"), str(path)) if path.is_fifo() else path.open("rb")
    if sys.stdin is None:
        raise OSError("standard input is closed; name a file")
    if sys.stdin.isatty():
        typer.echo("reading an article from standard input; end it with Ctrl-D. To read files, name them", err=True)
        # At once, since a terminal that is read beyond its end waits for a second Ctrl-D.
        return io.BytesIO(sys.stdin.buffer.read())
    return _waited_for(lambda: sys.stdin.buffer, "standard input")


def _waited_for(opened: Callable[[], BinaryIO], name: str) -> BinaryIO:
    """A pipe with its first bytes; says so where it is silent for :data:`SILENT_SECONDS`."""
    word = printable(f"waiting for {name}, which has sent nothing yet")
    timer = threading.Timer(SILENT_SECONDS, typer.echo, (word,), {"err": True})
    timer.daemon = True
    timer.start()
    try:
        stream = opened()
        if isinstance(stream, io.BufferedReader):
            stream.peek(1)
        return stream
    finally:
        timer.cancel()
