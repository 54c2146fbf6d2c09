"""``monitor deadletters``: see which records could not be handled and why, and put them back."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Annotated, Any

import msgspec
import typer
from confluent_kafka import KafkaException
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from monitor.articles.printable import printable
from monitor.cli.options import Format, fail, with_settings
from monitor.settings import Settings
from monitor.streaming.deadletters.letter import Letter
from monitor.streaming.deadletters.read import Marker, Selection, read_dead_letters
from monitor.streaming.deadletters.replay import Plan, Replay, TakenOver, plan
from monitor.streaming.topics import DEAD, articles_name

app = typer.Typer(
    help="See which records could not be handled and why, and put them back.",
    no_args_is_help=True,
    add_completion=False,
)

Reasons = Annotated[list[str] | None, typer.Option("--reason", help="only these reasons; may be given again")]
Source = Annotated[str | None, typer.Option(help="only this source, as far as the record names one")]
Partition = Annotated[int | None, typer.Option(min=0, help="only records of this partition of articles")]
WHEN = "RFC 3339 (UTC where no zone is given), or so long ago: 90s, 15m, 6h, 7d"
Since = Annotated[str | None, typer.Option(metavar="WHEN", help=f"only what failed from then on: {WHEN}")]
Until = Annotated[str | None, typer.Option(metavar="WHEN", help="only what failed before then")]

_AGO = re.compile(r"(\d{1,5})([smhd])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@app.command("list")
@with_settings("bootstrap_servers", "topic_prefix")
def list_(
    settings: Settings,
    reason: Reasons = None,
    source: Source = None,
    partition: Partition = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=0, help="at most so many; 0: all")] = 0,
    format_: Annotated[
        Format, typer.Option("--format", help="auto: a table on a terminal, else one JSON object a line")
    ] = Format.AUTO,
) -> None:
    """List the dead letters there are now, a partition after the other, oldest first; then count them by reason."""
    selection = _selection(reason, source, partition, since, until)
    out = Console(highlight=False)
    as_json = format_.is_json(out)
    table = Table(box=None, pad_edge=False)
    for name in ("failed at", "record", "reason", "source", "replays", "bytes", "message"):
        right = name in ("replays", "bytes")
        table.add_column(name, justify="right" if right else "left", no_wrap=True, overflow="ellipsis")
    counts: Counter[str] = Counter()
    with _kafka(settings):
        replayed = {marker for marker in read_dead_letters(settings, selection.since) if isinstance(marker, Marker)}
        for letter, row in islice(_letters(settings, selection), limit or None):
            counts[row["reason"]] += 1
            row["replayed"] = Marker(letter.partition, letter.offset) in replayed
            if as_json:
                sys.stdout.buffer.write(msgspec.json.encode(row) + b"\n")
            else:
                table.add_row(*map(Text, _cells(row)), style="dim" if row["replayed"] else "")
    if as_json:
        sys.stdout.flush()
    else:
        out.print(table)
    typer.echo(f"{counts.total()} dead letters{_by_reason(counts)}", err=True)


@app.command("replay")
@with_settings("bootstrap_servers", "topic_prefix")
def replay_(
    settings: Settings,
    reason: Reasons = None,
    source: Source = None,
    partition: Partition = None,
    since: Since = None,
    until: Until = None,
    expect: Annotated[
        int | None, typer.Option(min=0, help="put them back, if there are so many; without it they are only counted")
    ] = None,
) -> None:
    """Put dead letters back on the topic articles, each once; says how many these are, unless --expect N is given.

    Exit 0; 1 where Kafka does not answer, or another replay took over; 2 where there are not --expect N.
    """
    selection = _selection(reason, source, partition, since, until)
    articles = articles_name(settings)
    back = 0

    def show(so_far: int) -> None:
        nonlocal back
        back = so_far
        progress.update(task, completed=so_far)

    with _kafka(settings, lambda: f"; {back} dead letters are back on {articles}" if expect else ""):
        replay = Replay(settings) if expect is not None else None
        decoder = settings.decoder()
        planned = plan(
            read_dead_letters(settings, selection.since),
            articles,
            lambda letter: selection.takes(letter, decoder.source_of(letter.value, letter.headers)),
        )
        _print_left_out(planned, articles)
        if replay is None:
            _print_plan(planned, articles)
            return
        if len(planned.offsets) != expect:
            raise _not_expected(planned, expect)
        with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task("putting back", total=expect)
            replay.run(planned, selection.since, show)
    typer.echo(f"{back} dead letters are back on {articles}{_by_reason(planned.reasons)}")


def _print_plan(planned: Plan, articles: str) -> None:
    count = len(planned.offsets)
    typer.echo(f"{count} dead letters would go back to {articles}{_by_reason(planned.reasons)}")
    if count:
        typer.echo(f"nothing was put back; to do so, add --expect {count}", err=True)


def _not_expected(planned: Plan, expected: int | None) -> typer.Exit:
    count = len(planned.offsets)
    return fail(
        f"{count} dead letters would go back, not {expected}; nothing was put back. Add --until to leave out "
        f"what fails meanwhile, or --expect {count}"
    )


def _print_left_out(planned: Plan, articles: str) -> None:
    for count, why in (
        (planned.already, "were put back already"),
        (planned.without_value, "have no value (it was too large for the topic, or the record had none)"),
        (planned.elsewhere, f"did not come from {articles}"),
    ):
        if count:
            typer.echo(f"left out: {count} {why}", err=True)


def _selection(
    reason: list[str] | None, source: str | None, partition: int | None, since: str | None, until: str | None
) -> Selection:
    return Selection(frozenset(reason or ()), source, partition, _moment("--since", since), _moment("--until", until))


def _moment(option: str, text: str | None) -> float | None:
    """Seconds since 1970 of a moment as a person writes it."""
    if text is None:
        return None
    if ago := _AGO.fullmatch(text):
        return (datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})).timestamp()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise fail(f"{option} {text!r} is no time; write {WHEN}") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _letters(settings: Settings, selection: Selection) -> Iterator[tuple[Letter, dict[str, Any]]]:
    """The letters that are asked for, each with what is printed of it."""
    decoder = settings.decoder()
    for letter in read_dead_letters(settings, selection.since):
        if isinstance(letter, Letter):
            source = decoder.source_of(letter.value, letter.headers)
            if selection.takes(letter, source):
                yield letter, _row(letter, source)


def _row(letter: Letter, source: str | None) -> dict[str, Any]:
    failed = datetime.fromtimestamp(letter.failed_at, UTC) if letter.failed_at is not None else None
    return {
        "failed_at": failed,
        "reason": printable(letter.reason),
        "message": printable(letter.message),
        "source": None if source is None else printable(source),
        "topic": printable(letter.topic),
        "partition": letter.source_partition,
        "offset": letter.source_offset,
        "key": None if letter.key is None else printable(letter.key[:512].decode("utf-8", "replace")),
        "bytes": letter.left_out if letter.left_out is not None else len(letter.value or b""),
        "has_value": letter.value is not None,
        "replays": letter.replays,
        "dead_partition": letter.partition,
        "dead_offset": letter.offset,
    }


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
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


def _by_reason(counts: Counter[str]) -> str:
    by_reason = ", ".join(f"{count} {printable(reason)}" for reason, count in counts.most_common())
    return f": {by_reason}" if by_reason else ""


@contextmanager
def _kafka(settings: Settings, so_far: Callable[[], str] = lambda: "") -> Iterator[None]:
    """Names Kafka's errors, and what had been done by then."""
    try:
        yield
    except KafkaException as error:
        dead = DEAD.full_name(settings.topic_prefix)
        raise fail(f"{dead} at {settings.bootstrap_servers}: {error.args[0].str()}{so_far()}", 1) from error
    except TakenOver as error:
        raise fail(f"another replay has begun and took over{so_far()}; count anew before the next", 1) from error
