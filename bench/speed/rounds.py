"""Runs the contestants in turn, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.speed.contestants import OURS, PEERS, Page

HERE = Path(__file__).parent
#: One thread each, so that CPU seconds compare.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "RAYON_NUM_THREADS"), "1")


class Cost(NamedTuple):
    """Milliseconds of CPU a page, one figure a round; and the ratio of each round to its words apart."""

    name: str
    rounds: list[float]
    ratios: list[float]

    @property
    def middle(self) -> float:
        """The median of the rounds."""
        return median(self.rounds)


class _Contestant:
    """A process that goes over the pages when it is told to."""

    def __init__(self, name: str, python: Path | str, pages_file: Path) -> None:
        self.name = name
        command = [str(python), str(HERE / "contestants.py"), name, str(pages_file)]
        environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(HERE.parent.parent), "PYTHONHASHSEED": "0"}
        self._errors = pages_file.with_name(f"{name}.log")
        with self._errors.open("w") as errors:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment, text=True
            )

    def answer(self) -> str:
        """The next line it prints.

        Raises:
            RuntimeError: it ended by itself; the message shows its last words.
        """
        assert self._process.stdout is not None  # noqa: S101
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended by itself: {self._errors.read_text()[-1000:]}")
        return line.strip()

    def go_over(self) -> float:
        """CPU seconds of one pass over all pages."""
        assert self._process.stdin is not None  # noqa: S101
        self._process.stdin.write("again\n")
        self._process.stdin.flush()
        return float(self.answer())

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


@contextlib.contextmanager
def _contestants(pages: list[Page], peers_python: Path | None, names: tuple[str, ...]) -> Iterator[list[_Contestant]]:
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        file = Path(folder) / "pages.json"
        file.write_text(json.dumps(pages), "utf-8")
        pythons = dict.fromkeys(OURS, sys.executable)
        if peers_python is not None:
            pythons |= {name: str(peers_python) for name in PEERS}
        running = []
        for name, python in pythons.items():
            if not names or name in names:
                running.append(_Contestant(name, python, file))
                stack.callback(running[-1].end)
        for contestant in running:
            contestant.answer()
        yield running


def compare(
    pages: list[Page], rounds: int, peers_python: Path | None = None, names: tuple[str, ...] = ()
) -> list[Cost]:
    """What each contestant costs a page: ``rounds`` passes, one contestant after the other in each.

    ``peers_python`` is the interpreter that has the peers; without it they are left out. ``names`` picks some.
    """
    seconds: dict[str, list[float]] = {}
    with _contestants(pages, peers_python, names) as running:
        for _ in range(rounds):
            for contestant in running:
                seconds.setdefault(contestant.name, []).append(contestant.go_over())
    least = seconds["words apart"]
    return [
        Cost(
            name,
            [1000 * one / len(pages) for one in mine],
            [one / words for one, words in zip(mine, least, strict=True)],
        )
        for name, mine in seconds.items()
    ]
