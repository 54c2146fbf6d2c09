"""Writes the figures of ``docs/detection.md``: ``make figures DATA=folder``.

Runs ``monitor evaluate DATA --damage``, and puts its figures as Markdown tables between the marks of the page, with
the date, the version and the sets. Any documents of known truth will do (see ``monitor evaluate --help``); the
page that ships was made of the sets it names.
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from monitor import __version__
from monitor.evaluation.figures import ALL, Line

PAGE = Path(__file__).parent.parent / "docs" / "detection.md"
BEGIN, END = "<!-- written by make figures -->\n", "<!-- end -->\n"
#: A set with fewer documents has no row of its own; it counts under "all".
SMALLEST = 20
FALSE_ALARMS, REPEATED, DEFECT, BOILERPLATE = "false alarms: ", "repeated words", "defect: ", "boilerplate words"


class Evaluation(msgspec.Struct):
    """What ``monitor evaluate --format json`` prints, as far as the page needs it."""

    note: str
    figures: list[Line]


def evaluate(data: Path, sample: int) -> Evaluation:
    """The figures of the documents in a folder."""
    command = [sys.executable, "-m", "monitor", "evaluate", str(data)]
    command += ["--damage", "--sample", str(sample), "--format", "json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(done.stdout, type=Evaluation)


def cell(line: Line | None) -> str:
    """A figure and its 95 % interval; a share of articles in per cent."""
    if line is None or line.value is None or line.low is None or line.high is None:
        return "–"
    if line.subject.startswith(FALSE_ALARMS) or line.figure == "articles found":
        return f"{100 * line.value:.2f} % ({100 * line.low:.2f}–{100 * line.high:.2f})"
    digits = 4 if line.figure in ("ratio error", "ratio MAE") else 3
    return f"{line.value:.{digits}f} ({line.low:.{digits}f}–{line.high:.{digits}f})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def by_set(lines: Sequence[Line], columns: Sequence[str], languages: bool = False) -> str:
    """A row for each set (and language), a column for each figure in ``columns``."""
    rows: dict[tuple[str, str], dict[str, Line]] = {}
    for line in lines:
        if languages or line.language == ALL:
            rows.setdefault((line.set, line.language), {})[line.figure] = line
    head = ["set", *(["language"] if languages else []), "articles", *columns]
    return table(
        head,
        (
            [
                name,
                *([language] if languages else []),
                _documents(cells.values()),
                *(cell(cells.get(c)) for c in columns),
            ]
            for (name, language), cells in rows.items()
            if max(line.documents for line in cells.values()) >= SMALLEST
        ),
    )


def by_subject(lines: Sequence[Line], what: str, columns: Sequence[str], name: str = ALL) -> str:
    """A row for each subject under its own name, over one set."""
    rows: dict[str, dict[str, Line]] = {}
    for line in lines:
        if (line.set, line.language) == (name, ALL):
            rows.setdefault(line.subject.split(": ")[1], {})[line.figure] = line
    return table(
        [what, "articles", *columns],
        (
            [f"`{key}`", _documents(cells.values()), *(cell(cells.get(c)) for c in columns)]
            for key, cells in rows.items()
        ),
    )


def _documents(lines: Iterable[Line]) -> str:
    return str(max(line.documents for line in lines))


def _of(figures: Sequence[Line], subject: str) -> list[Line]:
    return [line for line in figures if line.subject.startswith(subject)]


def page(evaluation: Evaluation, made: str) -> str:
    """The part of the page that is generated."""
    figures = evaluation.figures
    alarms = [msgspec.structs.replace(line, figure=line.subject.split(": ")[1]) for line in _of(figures, FALSE_ALARMS)]
    repetition = ("precision", "recall", "F1", "ratio error", "articles found")
    whole = [line for line in figures if line.subject == REPEATED]
    defects = _of(figures, DEFECT)
    precision = ("precision", "recall", "precision among all copies")
    return "\n\n".join(
        (
            made,
            "## False alarms on clean bodies",
            by_set(alarms, list(dict.fromkeys(line.figure for line in alarms))),
            "## Repetition, on damaged copies",
            by_set(whole, repetition),
            by_subject(_of(figures, f"{REPEATED}: "), "the copy was made by", repetition),
            "## Other defects, on damaged copies",
            by_subject(defects, "flag", precision),
            "Recall and precision of each flag, by set:",
            recall_and_precision(defects),
            "## Boilerplate words",
            evaluation.note,
            by_set(_of(figures, BOILERPLATE), ("precision", "recall", "F1", "ratio MAE", "ECE"), languages=True),
        )
    )


def recall_and_precision(defects: Sequence[Line]) -> str:
    """A row for each set, a column for each flag, "recall, precision" in the cells."""
    flags = list(dict.fromkeys(line.subject for line in defects))
    values = {(line.set, line.subject, line.figure): line.value for line in defects if line.language == ALL}

    def both(name: str, flag: str) -> str:
        recall, precision = (values.get((name, flag, figure)) for figure in ("recall", "precision"))
        return "–" if recall is None or precision is None else f"{recall:.3f}, {precision:.3f}"

    names = dict.fromkeys(line.set for line in defects if line.set != ALL and line.documents >= SMALLEST)
    return table(
        ["set", *(flag.removeprefix(DEFECT) for flag in flags)],
        ([name, *(both(name, flag) for flag in flags)] for name in names),
    )


def write(text: str, file: Path = PAGE) -> None:
    """Replace what stands between the marks of a page."""
    before, _, rest = file.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    file.write_text(f"{before}{BEGIN}{text}\n\n{END}{after}", "utf-8")


def main() -> None:
    """Evaluate and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of documents of known truth, JSON Lines")
    parser.add_argument("--sample", type=int, default=500, help="bodies of a set that are damaged, evenly chosen")
    arguments = parser.parse_args()
    now = f"{datetime.now(UTC):%Y-%m-%d}"
    made = (
        f"Version {__version__}, {now}, Python {platform.python_version()}; damaged copies of at most "
        f"{arguments.sample} bodies of a set."
    )
    write(page(evaluate(arguments.data, arguments.sample), made))


if __name__ == "__main__":
    main()
