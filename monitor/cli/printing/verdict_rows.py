"""A verdict for a person: a row of a table, or its text with what repeats and what is boilerplate marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.articles.article import Article
from monitor.articles.printable import printable
from monitor.scoring.verdict import BOILERPLATE, ParagraphVerdict, Verdict


class Column(NamedTuple):
    """A column, the width at which it is still worth its place, and the share of spare room that it gets."""

    name: str
    width: int
    share: int
    right: bool = False


#: In the order of the table.
COLUMNS = (
    Column("origin", 14, 2),
    Column("source", 12, 2),
    Column("title", 16, 3),
    Column("words", 6, 0, right=True),
    Column("repetition", 10, 0, right=True),
    Column("boilerplate", 11, 0, right=True),
    Column("flags", 18, 3),
)
#: Which columns go first where the terminal is too narrow for all.
_DROPPED_FIRST = ("source", "words", "title", "boilerplate", "repetition", "origin")
_GAP = 2
#: Characters of a text without a title that are shown in place of one.
BEGIN = 80
#: Paragraphs around one that is flagged that are shown with it.
NEIGHBOURS = 1


def cells(verdict: Verdict, article: Article | None = None) -> dict[str, str]:
    """A verdict's cell in each of :data:`COLUMNS`, as plain text."""
    return {
        "origin": "" if verdict.origin is msgspec.UNSET else verdict.origin,
        "source": verdict.source,
        "title": _title(verdict, article),
        "words": str(verdict.words),
        "repetition": f"{verdict.repetition:.0%}",
        "boilerplate": f"{verdict.boilerplate:.0%}",
        "flags": ", ".join(flag.code for flag in verdict.flags) or "-",
    }


def _title(verdict: Verdict, article: Article | None) -> str:
    """What a person knows the article by: its title, else the first line of its text, else its id."""
    first = verdict.paragraphs[0] if verdict.paragraphs else None
    begin = article.text[first.start : min(first.end, first.start + BEGIN)] if article and first else ""
    return verdict.title or begin or verdict.id


def columns(width: int, origin: bool = True) -> list[tuple[Column, int]]:
    """The columns that fit a terminal of this width, and how wide each is; without ``origin`` where there is none."""
    kept = [column for column in COLUMNS if origin or column.name != "origin"]
    for name in _DROPPED_FIRST:
        if _least(kept) <= width:
            break
        kept = [column for column in kept if column.name != name]
    spare = max(width - _least(kept), 0)
    shares = sum(column.share for column in kept)
    return [(column, column.width + spare * column.share // max(shares, 1)) for column in kept]


def _least(kept: list[Column]) -> int:
    return sum(column.width for column in kept) + _GAP * (len(kept) - 1)


class Rows:
    """A table that is printed row by row: fixed widths, so that rows stand under each other; what is wider is cut."""

    def __init__(self, width: int, origin: bool = True) -> None:
        self._columns = columns(width, origin)

    def head(self) -> Table:
        """The names of the columns."""
        return self._table(show_header=True)

    def row(self, verdict: Verdict, article: Article | None = None) -> Table:
        """A verdict's row: red where bad. An origin is cut on the left, since its end is what differs."""
        table, texts = self._table(show_header=False), cells(verdict, article)
        style = "red" if verdict.bad else ""
        shown = []
        for column, width in self._columns:
            text = printable(texts[column.name])
            if column.name == "origin" and len(text) > width:
                text = "…" + text[1 - width :]
            shown.append(Text(text, style=style))
        table.add_row(*shown)
        return table

    def _table(self, show_header: bool) -> Table:
        table = Table(box=None, pad_edge=False, show_header=show_header)
        for column, width in self._columns:
            justify = "right" if column.right else "left"
            table.add_column(column.name, width=width, justify=justify, no_wrap=True, overflow="ellipsis")  # type: ignore[arg-type]
        return table


def line(verdict: Verdict) -> str:
    """A verdict on one plain line, cells parted by tabs, for where there is no terminal."""
    texts = cells(verdict)
    if not texts["origin"]:
        del texts["origin"]
    return "\t".join(("BAD" if verdict.bad else "ok", *map(printable, texts.values())))


def explain(console: Console, article: Article, verdict: Verdict, everything: bool = False) -> None:
    """Print the flags, then the text a paragraph at a time, marked with what repeats and what is boilerplate.

    Of the paragraphs those that are marked, what they repeat, and their neighbours, or the first and the last where
    none is; all of them with ``everything``.
    """
    origin = "" if verdict.origin is msgspec.UNSET else f"{verdict.origin}: "
    console.print(Text(printable(f"{origin}{verdict.source}: {_title(verdict, article)}"), style="bold"))
    for flag in verdict.flags:
        console.print(Text(printable(f"  {flag.code}: {flag.message}"), style="red" if verdict.bad else "yellow"))
    shown = range(len(verdict.paragraphs)) if everything else _worth_showing(verdict.paragraphs)
    next_one = 0
    for number in shown:
        _left_out(console, number - next_one)
        _print_paragraph(console, number, verdict.paragraphs[number], article.text)
        next_one = number + 1
    _left_out(console, len(verdict.paragraphs) - next_one)
    console.print()


def _worth_showing(paragraphs: tuple[ParagraphVerdict, ...]) -> Iterator[int]:
    marked = {number for number, paragraph in enumerate(paragraphs) if _is_marked(paragraph)}
    if not marked:
        yield from sorted({0, len(paragraphs) - 1} if paragraphs else ())
    marked |= {paragraph.repeats for paragraph in paragraphs if paragraph.repeats is not None}
    for number in range(len(paragraphs)):
        if any(near in marked for near in range(number - NEIGHBOURS, number + NEIGHBOURS + 1)):
            yield number


def _is_marked(paragraph: ParagraphVerdict) -> bool:
    return paragraph.repeats is not None or paragraph.template or paragraph.boilerplate >= BOILERPLATE


def _left_out(console: Console, count: int) -> None:
    if count:
        console.print(Text(f"     … {count} more paragraph{'s' if count > 1 else ''}", style="dim"))


def _print_paragraph(console: Console, number: int, paragraph: ParagraphVerdict, article_text: str) -> None:
    text = Text(printable(article_text[paragraph.start : paragraph.end]))
    marks = f"{number + 1:>4} "
    if paragraph.repeats is not None:
        text.stylize("yellow")
        marks += f"= {paragraph.repeats + 1} "
    if paragraph.boilerplate >= BOILERPLATE:
        text.stylize("dim strike")
        marks += f"boilerplate {paragraph.boilerplate:.2f} "
    if paragraph.template:
        marks += "template "
    console.print(Text(marks, style="cyan"), text, sep="")
