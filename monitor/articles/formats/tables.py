"""CSV and TSV: a row each, under the names of the first row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import cast

from monitor.articles.beginning import Beginning
from monitor.articles.body import has_body
from monitor.articles.charset import mark_of
from monitor.articles.document import Document
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.field_names import BODY, BODY_HTML, BODY_LAST, NAMES, fold, folded
from monitor.articles.fields import Entry
from monitor.articles.formats.format import Failed, Format, Part

#: What separates columns, by what programs write.
DELIMITERS = (",", "\t", ";", "|")
_BODIES = frozenset(map(folded, (*BODY, *BODY_HTML, *BODY_LAST)))
_KNOWN = frozenset(folded(name) for names in NAMES.values() for name in names) | _BODIES
#: A name of a column where nothing else tells that a line is one of names.
_NAME = re.compile(r"[\w.@-]{1,40}")
_ENDINGS = (".csv", ".tsv", ".tab", ".psv")


def read(document: Document) -> Iterator[Part]:
    """The articles of a table, a row each."""
    longest = document.limits.record_bytes
    csv.field_size_limit(longest)
    encoding = mark_of(document.head) or document.charset or "utf-8"
    text = io.TextIOWrapper(cast(io.BytesIO, document.stream()), encoding, newline="")
    try:
        first = text.readline(longest)
        names = next(csv.reader([first], delimiter=(delimiter := _delimiter(first))), [])
        rows = csv.reader(_bounded(text, longest), delimiter=delimiter)
        _check_columns(names, document)
        for number, row in enumerate(rows, 2):
            if row:
                yield _part(row, names, f"row {number}")
    except csv.Error as error:
        raise Undecodable(Reason.NOT_A_TABLE, f"not a table from here on: {error}; close its quotes") from error
    except (UnicodeError, LookupError) as error:
        raise Undecodable(Reason.NOT_UTF8, f"the table is not {encoding.upper()}; convert it to UTF-8 first") from error


def recognises(beginning: Beginning) -> bool:
    """By the first line: names of columns, of which one is a body's and another is known as well."""
    line = beginning.text.partition("\n")[0].strip("\r")
    if len(line) > 2_000 or not any(delimiter in line for delimiter in DELIMITERS):
        return False
    names = [name.strip('"') for name in line.split(_delimiter(line))]
    if not all(_NAME.fullmatch(name) for name in names):
        return False
    columns = [folded(name) for name in names]
    known = [name for name in columns if name in _KNOWN]
    return len(known) > 1 and any(name in _BODIES for name in known) and len(known) * 3 >= len(columns)


def _delimiter(line: str) -> str:
    return max(DELIMITERS, key=line.count)


def _bounded(text: io.TextIOWrapper, longest: int) -> Iterator[str]:
    while line := text.readline(longest):
        yield line


def _check_columns(names: list[str], document: Document) -> None:
    if document.items_path is None and not has_body(fold(dict.fromkeys(names, "x")), {}) and not document.body_paths:
        shown = ", ".join(name[:30] for name in names[:8])
        raise Undecodable(
            Reason.NO_BODY,
            f"none of the table's columns ({shown}) is known to hold the text; name it in monitor.toml ([fields] body)",
        )


def _part(row: list[str], names: list[str], place: str) -> Part:
    if len(row) > len(names):
        message = f"{len(row)} cells for {len(names)} columns; put cells with commas in quotes"
        return Failed(place, Undecodable(Reason.NOT_A_TABLE, message))
    return Entry(place, dict(zip(names, row, strict=False)))


FORMAT = Format(
    "csv",
    "a table (CSV, TSV)",
    read,
    recognises,
    content_types=("text/csv", "text/tab-separated-values", "application/csv"),
    endings=_ENDINGS,
    only_files=True,
)
