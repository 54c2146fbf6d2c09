"""What becomes of each format: ``python -m bench.formats [--verbose]``.

Each case of ``tests/cases/formats.json`` is read as a file and as a record, and what comes is held against
what a user expects: the articles, or a refusal that says why. Counted by format: as expected; an error where
articles were expected; wrong, which is an article that is none or has another text, source or other field.
"""

from __future__ import annotations

import argparse
import base64
import bz2
import gzip
import io
import json
import lzma
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import zstandard
from rich.console import Console
from rich.table import Table

from monitor.articles.article import Article
from monitor.articles.decode import Decoder, Item
from monitor.articles.errors import Undecodable

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "tests" / "cases" / "formats.json").read_text()
)
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda value: gzip.compress(value, mtime=0),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": lambda value: zstandard.ZstdCompressor().compress(value),
}
EXPECTED, ERROR, WRONG = "as expected", "error instead of articles", "wrong"


def value_of(case: dict[str, Any]) -> bytes:
    """The bytes of a case: in its encoding, packed and cut as it says."""
    if "base64" in case:
        return base64.b64decode(case["base64"])
    text = case["text"] if "text" in case else json.dumps(case["value"])
    value: bytes = text.encode(case.get("encoding", "utf-8"))
    if "pack" in case:
        value = PACK[case["pack"]](value)
    return value[: case["cut"]] if "cut" in case else value


def ways_of(case: dict[str, Any]) -> tuple[str, ...]:
    """How a case can arrive. A content type comes with records alone."""
    if case.get("records_only"):
        return ("record",)
    return ("file",) if case.get("files_only") else ("record",) if "content_type" in case else ("file", "record")


def items_of(case: dict[str, Any], way: str) -> list[Item]:
    """What is read of a case that arrives in a way."""
    if way == "file":
        return list(Decoder().articles_of_file(case.get("name", "story"), io.BytesIO(value_of(case))))
    headers = [
        (name.replace("_", "-"), case[name].encode()) for name in ("content_type", "content_encoding") if name in case
    ]
    return list(Decoder().articles(value_of(case), headers=headers))


def outcome(case: dict[str, Any], way: str) -> tuple[str, str]:
    """One of :data:`EXPECTED`, :data:`ERROR` and :data:`WRONG`, and what differs."""
    found = [item.article for item in items_of(case, way)]
    expected = case.get("expected") or [{"reason": case["reason"], "message": case.get("message", "")}]
    differences = [d for wanted, got in zip(expected, found, strict=False) if (d := _difference(wanted, got))]
    if len(found) != len(expected):
        differences.append(f"{len(found)} instead of {len(expected)} articles")
    if not differences:
        return EXPECTED, ""
    only_errors = all(isinstance(got, Undecodable) for got in found)
    return (ERROR if only_errors else WRONG), "; ".join(differences)


def _difference(wanted: dict[str, Any], got: Article | Undecodable) -> str:
    if isinstance(got, Undecodable):
        named = got.reason == wanted.get("reason") and wanted.get("message", "") in str(got)
        return "" if named else f"{got.reason}: {got}"
    if "reason" in wanted:
        return f"an article {got.text[:60]!r} instead of {wanted['reason']}"
    for name, value in wanted.items():
        if name == "has":
            differs, shown = value not in got.text, got.text
        elif name == "shorter":
            differs, shown = len(got.text) >= value, got.text
        else:
            shown = getattr(got, name)
            shown = shown.isoformat() if isinstance(shown, datetime) else shown
            differs = shown != value
        if differs:
            return f"{name} is {str(shown)[:80]!r} instead of {value!r}"
    return ""


def main() -> None:
    """Print the table; exit 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verbose", action="store_true", help="name each case that is not as expected")
    options = parser.parse_args()
    counts: dict[str, Counter[str]] = {}
    for case in CASES:
        for way in ways_of(case):
            result, difference = outcome(case, way)
            counts.setdefault(case["format"], Counter())[result] += 1
            if options.verbose and difference:
                print(f"{case['format']}, {case['label']}, as a {way}: {result}: {difference}", file=sys.stderr)
    table = Table("format", EXPECTED, ERROR, WRONG)
    for name, found in counts.items():
        table.add_row(name, *(str(found[result]) for result in (EXPECTED, ERROR, WRONG)))
    total = sum(counts.values(), Counter())
    table.add_section()
    table.add_row(f"all, {len(CASES)} cases", *(str(total[result]) for result in (EXPECTED, ERROR, WRONG)))
    Console().print(table)
    sys.exit(bool(total[WRONG] or total[ERROR]))


if __name__ == "__main__":
    main()
