"""Figures of an evaluation for a person: tables, and a plot of boilerplate's threshold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.articles.printable import printable
from monitor.evaluation.figures import SUBJECTS, Line, Point

#: Columns where there is no terminal to fit a table into.
WIDTH = 240


def show(figures: list[Line], note: str) -> None:
    """Print a table a subject, then the note; the false alarms in one table, a column a flag."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    for title, lines in _tables(figures):
        columns = list(dict.fromkeys(line.figure for line in lines))
        table = Table("set", "language", "documents", *columns, title=title, title_justify="left", box=None)
        rows: dict[tuple[str, str], dict[str, Line]] = {}
        for line in lines:
            rows.setdefault((line.set, line.language), {})[line.figure] = line
        for (name, language), cells in rows.items():
            documents = max(line.documents for line in cells.values())
            texts = [cell(cells[column]) if column in cells else "" for column in columns]
            table.add_row(*map(Text, (printable(name), printable(language), str(documents), *texts)))
        console.print(table)
        console.print()
    console.print("In brackets: 95 % of bootstrap draws over documents.")
    console.print(note, markup=False)


def cell(line: Line) -> str:
    """A figure with its interval: shares of clean bodies in per cent, the rest as it is."""
    if line.value is None or line.low is None or line.high is None:
        return "-"
    if line.subject.startswith("false alarms"):
        return f"{line.value:.2%} [{line.low:.2%} {line.high:.2%}]"
    digits = 4 if line.figure == "ratio error" else 3
    return f"{line.value:.{digits}f} [{line.low:.{digits}f} {line.high:.{digits}f}]"


def _tables(figures: list[Line]) -> Iterator[tuple[str, list[Line]]]:
    order = list(SUBJECTS)
    for title, group in groupby(figures, key=lambda line: line.subject.split(":")[0]):
        lines = list(group)
        if title == "false alarms":
            yield "false alarms on clean bodies", [_column(line) for line in lines]
            continue
        for subject in sorted({line.subject for line in lines}, key=order.index):
            yield subject, [line for line in lines if line.subject == subject]


def _column(line: Line) -> Line:
    return Line(line.subject, line.set, line.language, line.subject.split(": ")[1], *_interval(line), line.documents)


def _interval(line: Line) -> tuple[float | None, float | None, float | None]:
    return line.value, line.low, line.high


def plot(curves: dict[str, list[Point]], path: Path) -> None:
    """Write precision and recall of boilerplate words by threshold, one panel a set, as SVG."""
    import matplotlib as mpl

    mpl.use("svg")
    # Without a date and with fixed ids, the same figures give the same file.
    mpl.rcParams["svg.hashsalt"] = "monitor"
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, max(len(curves), 1), figsize=(4 * max(len(curves), 1), 3.2), squeeze=False)
    for panel, (name, points) in zip(panels[0], curves.items(), strict=False):
        at = [point.threshold for point in points]
        panel.plot(at, [point.precision for point in points], label="precision")
        panel.plot(at, [point.recall for point in points], label="recall", linestyle="--")
        panel.set(title=name, xlabel="threshold", xlim=(0, 1), ylim=(0, 1))
        panel.legend()
    figure.tight_layout()
    figure.savefig(path, format="svg", metadata={"Date": None})
    plt.close(figure)
