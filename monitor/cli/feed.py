"""``monitor feed``: put the records of a file on the topic articles."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from confluent_kafka import KafkaException
from rich.progress import track

from monitor.cli.options import fail, with_settings
from monitor.settings import Settings
from monitor.streaming.feed import feed as send
from monitor.streaming.topics import Topics


@with_settings("bootstrap_servers", "topic_prefix")
def feed(
    settings: Settings,
    file: Annotated[Path, typer.Argument(help="JSON Lines, also gzip; - for standard input")],
    rate: Annotated[float, typer.Option(min=0, help="records a second; 0: as fast as the broker takes them")] = 0,
) -> None:
    """Put each line of FILE on the topic articles, as it is."""
    topic = Topics.named(settings.topic_prefix).articles
    try:
        with _open(file) as lines:
            sent = send(settings.bootstrap_servers, topic, _records(lines), rate=rate)
    except (OSError, EOFError, zlib.error) as error:
        raise fail(f"{file}: {getattr(error, 'strerror', None) or error}{_sent(error)}") from error
    except KafkaException as error:
        raise fail(f"{topic} at {settings.bootstrap_servers}: {error.args[0].str()}{_sent(error)}", 1) from error
    typer.echo(f"{sent} records on {topic}", err=True)


def _sent(error: Exception) -> str:
    """What had been sent before an error, as :func:`monitor.streaming.feed.feed` notes it."""
    return "".join(f"; {note}" for note in getattr(error, "__notes__", ()))


def _open(file: Path) -> BinaryIO:
    if str(file) == "-":
        return sys.stdin.buffer
    with file.open("rb") as start:
        zipped = start.read(2) == b"\x1f\x8b"
    return gzip.open(file) if zipped else file.open("rb")  # type: ignore[return-value]


def _records(lines: BinaryIO) -> Iterator[bytes]:
    records = (stripped for line in lines if (stripped := line.rstrip(b"\r\n")))
    if sys.stderr.isatty():
        from rich.console import Console

        yield from track(records, "feeding", total=None, console=Console(stderr=True))
    else:
        yield from records
