"""``monitor deadletters list``: which records could not be handled, and why."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.articles.printable import printable
from monitor.cli.deadletters.selection import by_reason, with_selection
from monitor.cli.kafka_errors import fail_on_kafka_errors
from monitor.cli.options import Format, with_settings
from monitor.settings import Settings
from monitor.streaming.deadletters.letter import Letter
from monitor.streaming.deadletters.read import Marker, Selection, read_dead_letters
from monitor.streaming.topics import DEAD

#: Bytes of a record's key that are shown.
KEY_BYTES = 512


@with_settings("bootstrap_servers", "topic_prefix")
@with_selection
def list_dead_letters(
    settings: Settings,
    selection: Selection,
    limit: Annotated[int, typer.Option(min=0, help="at most so many; 0: all")] = 0,
    format_: Annotated[
        Format, typer.Option("--format", help="auto: a table on a terminal, else one JSON object a line")
    ] = Format.AUTO,
) -> None:
    """List the dead letters there are now, a partition after the other, oldest first; then count them by reason."""
    out = Console(highlight=False)
    as_json = format_.is_json(out)
    table = _empty_table()
    counts: Counter[str] = Counter()
    with fail_on_kafka_errors(settings, DEAD.full_name(settings.topic_prefix)):
        replayed = {marker for marker in read_dead_letters(settings, selection.since) if isinstance(marker, Marker)}
        for letter, source in islice(_selected(settings, selection), limit or None):
            row = as_row(letter, source, Marker(letter.partition, letter.offset) in replayed)
            counts[letter.reason] += 1
            if as_json:
                sys.stdout.buffer.write(msgspec.json.encode(row) + b"\n")
            else:
                table.add_row(*map(Text, cells(row)), style="dim" if row["replayed"] else "")
    if as_json:
        sys.stdout.flush()
    else:
        out.print(table)
    typer.echo(f"{counts.total()} dead letters{by_reason(counts)}", err=True)


def _selected(settings: Settings, selection: Selection) -> Iterator[tuple[Letter, str | None]]:
    """The letters that are asked for, each with its article's source."""
    decoder = settings.decoder()
    for letter in read_dead_letters(settings, selection.since):
        if isinstance(letter, Letter):
            source = decoder.source_of(letter.value, letter.headers)
            if selection.takes(letter, source):
                yield letter, source


def _empty_table() -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("failed at", "record", "reason", "source", "replays", "bytes", "message"):
        right = name in ("replays", "bytes")
        table.add_column(name, justify="right" if right else "left", no_wrap=True, overflow="ellipsis")
    return table


def as_row(letter: Letter, source: str | None, replayed: bool) -> dict[str, Any]:
    """What is printed of a letter as JSON; no text in it can steer a terminal."""
    failed = datetime.fromtimestamp(letter.failed_at, UTC) if letter.failed_at is not None else None
    return {
        "failed_at": failed,
        "reason": printable(letter.reason),
        "message": printable(letter.message),
        "source": None if source is None else printable(source),
        "topic": printable(letter.topic),
        "partition": letter.source_partition,
        "offset": letter.source_offset,
        "key": None if letter.key is None else printable(letter.key[:KEY_BYTES].decode("utf-8", "replace")),
        "bytes": letter.left_out if letter.left_out is not None else len(letter.value or b""),
        "has_value": letter.value is not None,
        "replays": letter.replays,
        "dead_partition": letter.partition,
        "dead_offset": letter.offset,
        "replayed": replayed,
    }


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """The cells of one letter in a table, from what :func:`as_row` returns."""
    failed = row["failed_at"]
    return (
        f"{failed:%Y-%m-%d %H:%M:%S}" if failed else "-",
        f"{row['topic']}-{row['partition']}@{row['offset']}",
        row["reason"],
        row["source"] or "-",
        str(row["replays"]),
        str(row["bytes"]),
        row["message"],
    )
