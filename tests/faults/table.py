"""Writes the rows that ``make faults`` measured into a page: ``python -m tests.faults.table JUNIT… PAGE``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.faults.ledger import Row

BEGIN, END = "<!-- the table of make faults -->\n", "<!-- its end -->\n"
HEAD = (
    "| fault | records sent | verdicts | dead letters | missing | twice | seconds to recover |\n"
    "| --- | --- | --- | --- | --- | --- | --- |\n"
)


def rows(junit: Path) -> list[Row]:
    """The rows that the tests told, in their order."""
    # Our own tests wrote the file.
    tree = ET.parse(junit)  # noqa: S314
    return [Row(*json.loads(p.get("value", ""))) for p in tree.iter("property") if p.get("name") == "row"]


def table(rows: list[Row]) -> str:
    """The rows as Markdown."""
    lines = (
        f"| {row.fault} | {row.sent:,} | {row.verdicts:,} | {row.dead:,} | {row.missing} | {row.twice:,} | "
        f"{'' if row.seconds is None else f'{row.seconds:.0f}'} |\n"
        for row in rows
    )
    return HEAD + "".join(lines)


def main() -> None:
    """Replace what stands between the marks."""
    *files, docs = map(Path, sys.argv[1:])
    before, _, rest = docs.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    # A fault that was run again stands once, with its last figures.
    rows_by_fault = {row.fault: row for file in files for row in rows(file)}
    docs.write_text(before + BEGIN + table(list(rows_by_fault.values())) + END + after)


if __name__ == "__main__":
    main()
