"""Where the verdicts of ``monitor score`` go: JSON, rows or explained texts, to the terminal, a pipe or a file."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

import typer
from rich.console import Console
from rich.text import Text

from monitor.articles.article import Article
from monitor.articles.printable import printable
from monitor.cli.options import Format, fail
from monitor.cli.printing import verdict_rows
from monitor.cli.printing.copy_text import EarlierTexts, copy_of_lines
from monitor.scoring.cut import CleanArticle
from monitor.scoring.verdict import Verdict

#: Columns of a table that goes to a file or a pipe.
WIDTH = 160


class Color(StrEnum):
    """Whether there are colours."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class OutputFailed(Exception):
    """The output cannot be written; the message says where and why."""

    def exit(self) -> typer.Exit:
        """The end of the command; what went wrong has been printed."""
        return fail(str(self))


class ReaderGone(OutputFailed):
    """The program that read the output has ended, as ``head`` does: nothing to speak of."""

    def exit(self) -> typer.Exit:
        """The end of the command, without a word."""
        return typer.Exit(1)


class Output:
    """Writes verdicts as they come, each at once, so that what is piped on does not wait.

    Raises:
        OutputFailed: from every method, where the disk is full, the file cannot be made or the output is closed.
    """

    def __init__(
        self, path: Path | None, format_: Format, color: Color, *, explain: bool = False, everything: bool = False
    ) -> None:
        self._path, self._explain, self._everything = path, explain, everything
        if path is None and sys.stdout is None:
            raise OutputFailed("standard output is closed; name a file with --output")
        try:
            self._file: TextIO = sys.stdout if path is None else path.open("w", encoding="utf-8")
        except OSError as error:
            raise OutputFailed(f"{path}: {error.strerror or error}") from error
        is_terminal = self._file.isatty()
        self.as_json = not explain and (format_ is Format.JSON or (format_ is Format.AUTO and not is_terminal))
        forced = {Color.AUTO: None, Color.ALWAYS: True, Color.NEVER: None}[color]
        width = None if is_terminal else WIDTH
        self._console = Console(
            file=self._file,
            highlight=False,
            width=width,
            force_terminal=forced,
            no_color=color is Color.NEVER or None,
        )
        #: The terminal that the verdicts go to, for a bar that does not disturb them; ``None`` where it is none.
        self.terminal = self._console if is_terminal and not self.as_json else None
        self._rows = verdict_rows.Rows(self._console.width)
        self._has_head = False
        self._earlier = EarlierTexts()

    def __enter__(self) -> Self:
        return self

    def show(self, article: Article, verdict: Verdict) -> None:
        """Write one verdict."""
        try:
            if self.as_json:
                self._write_line(verdict.to_json())
            elif self._explain:
                verdict_rows.explain(self._console, article, verdict, self._everything)
                self._print_earlier(article, verdict)
            else:
                if not self._has_head:
                    self._console.print(self._rows.head())
                    self._has_head = True
                self._console.print(self._rows.row(verdict, article))
            self._file.flush()
        except OSError as error:
            raise self._failed(error) from error

    def _print_earlier(self, article: Article, verdict: Verdict) -> None:
        """Print how a copy differs from the earlier one, and hold the text for later ones."""
        if verdict.copy_of is not None:
            earlier = verdict.copy_of
            text = self._earlier.get(earlier.source, earlier.id)
            for line in copy_of_lines(earlier, text, article.text):
                self._console.print(line, soft_wrap=True)
            self._console.print()
        self._earlier.add(article)

    def show_clean(self, clean: CleanArticle) -> None:
        """Write one article without what was cut: as JSON, else its text, on a terminal under where it stands."""
        try:
            if self.as_json:
                self._write_line(clean.to_json())
            else:
                self._print_clean(clean)
            self._file.flush()
        except OSError as error:
            raise self._failed(error) from error

    def _print_clean(self, clean: CleanArticle) -> None:
        if self.terminal:
            self._console.rule(Text(printable(str(clean.origin))), align="left", style="dim")
        elif self._has_head:
            self._console.print()
        self._has_head = True
        for line in clean.text.splitlines():
            self._console.print(Text(printable(line)), soft_wrap=True)

    def _write_line(self, line: str) -> None:
        self._file.buffer.write(line.encode() + b"\n")

    def finish(self) -> None:
        """Write what is still held back."""
        try:
            self._file.flush()
        except OSError as error:
            raise self._failed(error) from error

    def _failed(self, error: OSError) -> OutputFailed:
        if self._path is None:
            # Python flushes once more when it ends, which would fail again, with a traceback.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._file.fileno())
        if isinstance(error, BrokenPipeError):
            return ReaderGone()
        name = "standard output" if self._path is None else str(self._path)
        return OutputFailed(printable(f"{name}: {error.strerror or error}"))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._path is not None:
            try:
                self._file.close()
            except OSError as closing:
                if error is None:
                    raise self._failed(closing) from closing
