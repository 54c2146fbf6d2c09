"""How far ``monitor score`` is: a bar while it runs, what could not be read, and a summary at the end."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from monitor.articles.printable import printable
from monitor.cli.printing.incident_text import at, what
from monitor.scoring.flags import BAD_CODES
from monitor.scoring.sources.incident import Incident
from monitor.scoring.verdict import Verdict


class ScoreProgress:
    """Counts, and shows a bar on a terminal: articles, articles a second, and by the files' bytes when it ends."""

    def __init__(self, paths: list[Path]) -> None:
        self.bad = self.unread = self.scored = 0
        self.interrupted = False
        self._codes: Counter[str] = Counter()
        self._incidents: dict[str, Incident] = {}
        self._errors = Console(stderr=True, highlight=False)
        self._total = _total_bytes(paths)
        self._bar: Progress | None = None
        self._before = 0
        self._stream: BinaryIO | None = None

    @contextmanager
    def shown_on(self, terminal: Console | None) -> Iterator[None]:
        """While the block runs, the bar is shown: below the verdicts where they go to ``terminal``, else on stderr."""
        console = terminal or self._errors
        with Progress(
            TextColumn("{task.fields[articles]:,} articles, {task.fields[rate]:,.0f} a second"),
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        ) as self._bar:
            self._bar.add_task("scoring", total=self._total, articles=0, rate=0.0)
            yield

    @contextmanager
    def reading(self, stream: BinaryIO) -> Iterator[None]:
        """While a file is read: its place in it moves the bar."""
        self._stream = stream
        try:
            yield
        finally:
            self._before += _position(stream)
            self._stream = None

    def count(self, verdict: Verdict) -> None:
        """One more article."""
        self.scored += 1
        self.bad += verdict.bad
        self._codes.update(flag.code for flag in verdict.flags)
        if self._bar is not None:
            task = self._bar.tasks[0]
            completed = self._before + (_position(self._stream) if self._stream is not None else 0)
            rate = self.scored / task.elapsed if task.elapsed else 0.0
            self._bar.update(task.id, completed=completed, articles=self.scored, rate=rate)

    def name_error(self, origin: str, error: str) -> None:
        """What could not be read or scored."""
        self.unread += 1
        self._errors.print(printable(f"{origin}: {error}"), markup=False, soft_wrap=True)

    def tell(self, incident: Incident) -> None:
        """Remember an incident as it is now, for the end."""
        self._incidents[incident.id] = incident

    def summarise(self, to_a_person: bool) -> None:
        """Print the incidents, then what was counted; where verdicts go to a program, that only on a terminal."""
        for incident in self._incidents.values():
            state = "" if incident.open else f", over by {at(incident.closed or incident.updated)}"
            line = f"incident: {incident.source}, since {at(incident.since)}: {what(incident)}{state}"
            if incident.examples:
                line += f"; see {', '.join(example.id for example in incident.examples if example.id)}"
            self._errors.print(printable(line), markup=False, soft_wrap=True)
        if not (to_a_person or self._errors.is_terminal):
            return
        if self._bar is not None:
            self._bar.stop()
        counted = [(f"{number:,} {code}", code in BAD_CODES) for code, number in self._codes.most_common()]
        codes = ", ".join(count for count, is_bad in counted if is_bad)
        articles = "1 article" if self.scored == 1 else f"{self.scored:,} articles"
        parts = [f"{articles} scored, {self.bad:,} bad{f' ({codes})' if codes else ''}"]
        if informing := ", ".join(count for count, is_bad in counted if not is_bad):
            parts.append(f"{informing}, which is not bad by itself")
        if self.unread:
            parts.append(f"{self.unread:,} could not be read or scored")
        if self.interrupted:
            parts.append("interrupted")
        self._errors.print("; ".join(parts), markup=False, soft_wrap=True)


def _total_bytes(paths: list[Path]) -> int | None:
    """The bytes of all files; ``None`` where one of them is a pipe, whose end nobody knows."""
    total = 0
    for path in paths:
        try:
            status = os.stat(path)  # noqa: PTH116 - "-" is no file
        except OSError:
            if str(path) == "-":
                return None
            continue
        if not stat.S_ISREG(status.st_mode):
            return None
        total += status.st_size
    return total


def _position(stream: BinaryIO) -> int:
    """How many bytes of a file are read; 0 of a pipe."""
    try:
        return stream.tell()
    except (OSError, ValueError):
        return 0
