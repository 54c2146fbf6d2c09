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
from monitor.streaming.deadletters.read import Marker, Wanted, standing
from monitor.streaming.deadletters.replay import Replay, TakenOver, plan
from monitor.streaming.topics import Topics

app = typer.Typer(help="See which records could not be handled and why, and put them back.", no_args_is_help=True)

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
    wanted = _wanted(reason, source, partition, since, until)
    out = Console(highlight=False)
    as_json = format_.is_json(out)
    table = Table(box=None, pad_edge=False)
    for name in ("failed at", "record", "reason", "source", "replays", "bytes", "message"):
        right = name in ("replays", "bytes")
        table.add_column(name, justify="right" if right else "left", no_wrap=True, overflow="ellipsis")
    counts: Counter[str] = Counter()
    with _kafka(settings):
        done = {one for one in standing(settings, wanted.since) if isinstance(one, Marker)}
        for letter, told in islice(_letters(settings, wanted), limit or None):
            counts[told["reason"]] += 1
            told["replayed"] = Marker(letter.partition, letter.offset) in done
            if as_json:
                sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
            else:
                table.add_row(*map(Text, _cells(told)), style="dim" if told["replayed"] else "")
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
    wanted = _wanted(reason, source, partition, since, until)
    articles = Topics.named(settings.topic_prefix).articles
    back = 0

    def progressed(so_far: int) -> None:
        nonlocal back
        back = so_far
        progress.update(task, completed=so_far)

    with _kafka(settings, lambda: f"; {back} dead letters are back on {articles}" if expect else ""):
        replay = Replay(settings) if expect is not None else None
        decoder = settings.decoder()
        planned = plan(
            standing(settings, wanted.since),
            articles,
            lambda letter: wanted.takes(letter, decoder.source_of(letter.value, letter.headers)),
        )
        count = len(planned.offsets)
        for left, why in (
            (planned.already, "were put back already"),
            (planned.without_value, "have no value (it was too large for the topic, or the record had none)"),
            (planned.elsewhere, f"did not come from {articles}"),
        ):
            if left:
                typer.echo(f"left out: {left} {why}", err=True)
        if replay is None:
            typer.echo(f"{count} dead letters would go back to {articles}{_by_reason(planned.reasons)}")
            if count:
                typer.echo(f"nothing was put back; to do so, add --expect {count}", err=True)
            return
        if count != expect:
            raise fail(
                f"{count} dead letters would go back, not {expect}; nothing was put back. Add --until to leave out "
                f"what fails meanwhile, or --expect {count}"
            )
        with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task("putting back", total=count)
            replay.run(planned, wanted.since, progressed)
    typer.echo(f"{back} dead letters are back on {articles}{_by_reason(planned.reasons)}")


def _wanted(
    reason: list[str] | None, source: str | None, partition: int | None, since: str | None, until: str | None
) -> Wanted:
    return Wanted(frozenset(reason or ()), source, partition, _moment("--since", since), _moment("--until", until))


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


def _letters(settings: Settings, wanted: Wanted) -> Iterator[tuple[Letter, dict[str, Any]]]:
    """The letters that are meant, each with what there is to tell of it."""
    decoder = settings.decoder()
    for one in standing(settings, wanted.since):
        if isinstance(one, Letter):
            source = decoder.source_of(one.value, one.headers)
            if wanted.takes(one, source):
                yield one, _told(one, source)


def _told(letter: Letter, source: str | None) -> dict[str, Any]:
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


def _cells(told: dict[str, Any]) -> tuple[str, ...]:
    failed = told["failed_at"]
    return (
        f"{failed:%Y-%m-%d %H:%M:%S}" if failed else "-",
        f"{told['topic']}-{told['partition']}@{told['offset']}",
        told["reason"],
        told["source"] or "-",
        str(told["replays"]),
        str(told["bytes"]),
        told["message"],
    )


def _by_reason(counts: Counter[str]) -> str:
    told = ", ".join(f"{count} {printable(reason)}" for reason, count in counts.most_common())
    return f": {told}" if told else ""


@contextmanager
def _kafka(settings: Settings, so_far: Callable[[], str] = lambda: "") -> Iterator[None]:
    """Names Kafka's errors, and what had been done by then."""
    try:
        yield
    except KafkaException as error:
        dead = Topics.named(settings.topic_prefix).dead
        raise fail(f"{dead} at {settings.bootstrap_servers}: {error.args[0].str()}{so_far()}", 1) from error
    except TakenOver as error:
        raise fail(f"another replay has begun and took over{so_far()}; count anew before the next", 1) from error
