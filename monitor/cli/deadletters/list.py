"""``monitor deadletters list``: which records could not be handled, and why."""

from __future__ import annotations

import heapq
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.padding import Padding
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
#: Letters that a person is shown where no limit is given.
SHOWN = 100


@with_settings("bootstrap_servers", "topic_prefix")
@with_selection
def list_dead_letters(
    settings: Settings,
    selection: Selection,
    limit: Annotated[
        int | None, typer.Option(min=0, help=f"at most so many; 0: all (default: {SHOWN} for a person, all as JSON)")
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="auto: for a person on a terminal, else one JSON object a line")
    ] = Format.AUTO,
) -> None:
    """List the dead letters there are now, the newest first; then count them by reason.

    monitor deadletters list --since 6h --reason no_body

    monitor deadletters list --source "Daily Example" --format json
    """
    out = Console(highlight=False)
    as_json = format_.is_json(out)
    most = limit if limit is not None else 0 if as_json else SHOWN
    with fail_on_kafka_errors(settings, DEAD.full_name(settings.topic_names)):
        newest, counts = _newest(settings, selection, most)
    for row in newest:
        if as_json:
            sys.stdout.buffer.write(msgspec.json.encode(row) + b"\n")
        else:
            head, message = lines(row)
            style = "dim" if row["replayed"] else ""
            out.print(Text(head, style=style or "bold"), soft_wrap=True)
            out.print(Padding(Text(message, style=style), (0, 0, 0, 2)))
    if as_json:
        sys.stdout.flush()
    shown = "" if len(newest) == counts.total() else f", the newest {len(newest):,} shown"
    typer.echo(f"{counts.total()} dead letters{by_reason(counts)}{shown}", err=True)


def _newest(settings: Settings, selection: Selection, most: int) -> tuple[list[dict[str, Any]], Counter[str]]:
    """The newest letters that are asked for, as :func:`as_row` gives them, and how many have which reason.

    At most ``most`` of them are held and returned; 0: all.
    """
    decoder = settings.decoder()
    counts: Counter[str] = Counter()
    replayed: set[Marker] = set()
    # By time, then by place; a number in front of the row keeps rows from being compared.
    held: list[tuple[float, int, int, dict[str, Any]]] = []
    for letter in read_dead_letters(settings, selection.since):
        if isinstance(letter, Marker):
            replayed.add(letter)
            continue
        source = decoder.source_of(letter.value, letter.headers)
        if not selection.takes(letter, source):
            continue
        counts[letter.reason] += 1
        entry = letter.failed_at or 0.0, letter.partition, letter.offset, as_row(letter, source, False)
        if most and len(held) >= most:
            heapq.heappushpop(held, entry)
        else:
            heapq.heappush(held, entry)
    newest = [row for *_, row in sorted(held, key=lambda entry: entry[:3], reverse=True)]
    for row in newest:
        # A letter's marker stands behind it.
        row["replayed"] = Marker(row["dead_partition"], row["dead_offset"]) in replayed
    return newest, counts


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


def lines(row: dict[str, Any]) -> tuple[str, str]:
    """One letter for a person, from what :func:`as_row` returns: when, why and which, and behind it the message."""
    failed = row["failed_at"]
    parts = [
        f"{failed:%Y-%m-%d %H:%M:%S}" if failed else "no time",
        row["reason"],
        row["source"],
        f"{row['topic']}-{row['partition']}@{row['offset']}",
        f"{row['bytes']:,} bytes",
        "put back" if row["replayed"] else f"failed again after {row['replays']} replays" if row["replays"] else None,
    ]
    return "  ".join(part for part in parts if part), row["message"]
