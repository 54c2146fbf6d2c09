"""Rows of verdicts on terminals of any width, and explained texts."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import msgspec
import pytest
from rich.console import Console

from monitor.articles.article import Article
from monitor.cli.printing.verdict_rows import Rows, cells, columns, explain, line
from monitor.scoring.verdict import Flag, ParagraphVerdict, Verdict


def verdict(paragraphs: tuple[ParagraphVerdict, ...] = ()) -> Verdict:
    return Verdict(
        id="a",
        source="The Daily Lantern",
        url=None,
        title="A long title of an article on the river",
        published_at=None,
        scored_at=datetime(2026, 1, 1, tzinfo=UTC),
        version="1",
        language="en",
        words=10,
        repetition=0.5,
        boilerplate=0.1,
        bad=True,
        flags=(Flag("repeated_body", 0.5, "paragraph 3 repeats 1"),),
        paragraphs=paragraphs,
        origin="a/very/long/path/to/feed.jsonl line 17",
    )


def shown(width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    rows = Rows(width)
    console.print(rows.head())
    console.print(rows.row(verdict()))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [20, 44, 60, 80, 120, 200])
def test_a_row_fits_its_terminal_and_shows_the_flags(width: int) -> None:
    head, row = shown(width)
    assert "flags" in head
    assert "repeated_body" in row
    assert max(map(len, (head, row))) <= width


def test_narrow_terminals_drop_columns() -> None:
    assert [column.name for column, _ in columns(44)] == ["origin", "flags"]
    assert len(columns(120)) == 7
    assert "origin" not in [column.name for column, _ in columns(120, origin=False)]


def test_an_origin_is_cut_on_the_left() -> None:
    assert shown(140)[1].split("  ")[0].endswith("feed.jsonl line 17")


def test_plain_line_has_a_tab_between_cells() -> None:
    assert line(verdict()).split("\t")[:2] == ["BAD", "a/very/long/path/to/feed.jsonl line 17"]


def test_explained_is_what_is_marked_with_its_neighbours() -> None:
    text = "\n".join(f"line{number}" for number in range(20))
    places = [(text.index(f"line{number}"), len(f"line{number}")) for number in range(20)]
    paragraphs = tuple(
        ParagraphVerdict(start, start + size, 2 if number == 12 else None, None, 0.0)
        for number, (start, size) in enumerate(places)
    )
    console = Console(file=io.StringIO(), width=80)
    explain(console, Article(id="a", text=text), verdict(paragraphs))
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()[2:]
    kept = [one.split()[-1] for one in lines if "line" in one]
    assert kept == ["line1", "line2", "line3", "line11", "line12", "line13"]
    assert "     … 7 more paragraphs" in lines
    assert any(one.split()[:3] == ["13", "=", "3"] for one in lines)


def test_article_without_a_title_is_known_by_its_first_line() -> None:
    text = "The ferry stays.\nIt rained."
    untitled = msgspec.structs.replace(verdict((ParagraphVerdict(0, 16, None, None, 0.0),)), title=None)
    assert cells(untitled, Article(id="a", text=text))["title"] == "The ferry stays."
    assert cells(untitled)["title"] == untitled.id


def test_explained_is_the_begin_and_the_end_where_nothing_is_marked() -> None:
    text = "line0\nline1\nline2"
    paragraphs = tuple(ParagraphVerdict(start, start + 5, None, None, 0.0) for start in (0, 6, 12))
    console = Console(file=io.StringIO(), width=80)
    explain(console, Article(id="a", text=text), verdict(paragraphs))
    assert isinstance(console.file, io.StringIO)
    shown = [row.split()[-1] for row in console.file.getvalue().splitlines() if row]
    assert shown[-3:] == ["line0", "paragraph", "line2"]
