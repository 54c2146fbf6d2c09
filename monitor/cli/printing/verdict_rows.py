"""A verdict for a person: a row of a table, or its text with what repeats and what is boilerplate marked."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.articles.article import Article
from monitor.articles.printable import printable
from monitor.scoring.verdict import BOILERPLATE, Verdict

COLUMNS = ("source", "title", "words", "repetition", "boilerplate", "flags")


def cells(verdict: Verdict) -> tuple[str, ...]:
    """A verdict's cells under :data:`COLUMNS`, as plain text."""
    return (
        verdict.source,
        verdict.title or verdict.id,
        str(verdict.words),
        f"{verdict.repetition:.0%}",
        f"{verdict.boilerplate:.0%}",
        ", ".join(flag.code for flag in verdict.flags) or "-",
    )


def grid(width: int) -> Table:
    """An empty table of verdicts for a terminal of this width.

    Fixed widths, so that rows printed one by one stand under each other; what is wider is cut.
    """
    room = max(width, 60) - sum((6, 10, 11)) - 2 * (len(COLUMNS) - 1)
    widths = dict(zip(COLUMNS, (room // 4, room - room // 4 - room // 3, 6, 10, 11, room // 3), strict=True))
    table = Table(box=None, pad_edge=False)
    for name in COLUMNS:
        right = name in ("words", "repetition", "boilerplate")
        table.add_column(
            name, width=widths[name], justify="right" if right else "left", no_wrap=True, overflow="ellipsis"
        )
    return table


def add(table: Table, verdict: Verdict) -> None:
    """Add a verdict's row: red where bad."""
    style = "red" if verdict.bad else ""
    table.add_row(*(Text(printable(cell), style=style) for cell in cells(verdict)))


def line(verdict: Verdict) -> str:
    """A verdict on one plain line, cells parted by tabs, for where there is no terminal."""
    return "\t".join(("BAD" if verdict.bad else "ok", *map(printable, cells(verdict))))


def explain(console: Console, article: Article, verdict: Verdict) -> None:
    """Print the flags, then the text a paragraph at a time with what was found of each in front."""
    console.print(Text(printable(f"{verdict.source}: {verdict.title or verdict.id}"), style="bold"))
    for flag in verdict.flags:
        console.print(Text(printable(f"  {flag.code}: {flag.message}"), style="red" if verdict.bad else "yellow"))
    for number, paragraph in enumerate(verdict.paragraphs, 1):
        text = Text(printable(article.text[paragraph.start : paragraph.end]))
        marks = f"{number:>4} "
        if paragraph.repeats is not None:
            text.stylize("yellow")
            marks += f"= {paragraph.repeats + 1} "
        if paragraph.boilerplate >= BOILERPLATE:
            text.stylize("dim strike")
            marks += f"boilerplate {paragraph.boilerplate:.2f} "
        if paragraph.template:
            marks += "template "
        console.print(Text(marks, style="cyan"), text, sep="")
    console.print()
