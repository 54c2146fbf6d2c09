"""``monitor feed``: put the records of a file on the topic articles."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from confluent_kafka import KafkaException
from rich.progress import track

from monitor.articles.errors import Undecodable
from monitor.articles.lines import lines_of
from monitor.cli.options import USAGE, fail, with_settings
from monitor.demo.feed import feed as send
from monitor.settings import Settings
from monitor.streaming.connection import Unreachable, client, cluster
from monitor.streaming.topics import ARTICLES


@with_settings("bootstrap_servers", "topic_prefix")
def feed(
    settings: Settings,
    file: Annotated[Path, typer.Argument(help="JSON Lines, also gzip; - for standard input")],
    rate: Annotated[float, typer.Option(min=0, help="records a second; 0: as fast as the broker takes them")] = 0,
) -> None:
    """Put each line of FILE on the topic articles, as it is; exit 2 where one was too long or FILE is damaged."""
    topic = ARTICLES.full_name(settings.topic_prefix)
    too_long: list[int] = []
    try:
        with _open(file) as stream:
            cluster(settings)
            records = _records(stream, settings.max_record_bytes, too_long)
            sent = send(settings.bootstrap_servers, topic, records, rate=rate, extra=client(settings))
    except (OSError, EOFError, zlib.error, Undecodable) as error:
        raise fail(f"{file}: {getattr(error, 'strerror', None) or error}{_sent(error)}") from error
    except Unreachable as error:
        raise fail(str(error), 1) from error
    except KafkaException as error:
        raise fail(f"{topic} at {settings.bootstrap_servers}: {error.args[0].str()}{_sent(error)}", 1) from error
    typer.echo(f"{sent} records on {topic}", err=True)
    if too_long:
        raise fail(
            f"{file}: line {too_long[0]}{f' and {len(too_long) - 1} more' if len(too_long) > 1 else ''} left out, "
            f"longer than max_record_bytes = {settings.max_record_bytes}",
            USAGE,
        )


def _sent(error: Exception) -> str:
    """What had been sent before an error, as :func:`monitor.demo.feed.feed` notes it."""
    return "".join(f"; {note}" for note in getattr(error, "__notes__", ()))


def _open(file: Path) -> BinaryIO:
    return sys.stdin.buffer if str(file) == "-" else file.open("rb")


def _records(stream: BinaryIO, longest: int, too_long: list[int]) -> Iterator[bytes]:
    """Each line that is not blank, unpacked; the numbers of those above ``longest`` go into ``too_long``."""
    records = _lines(stream, longest, too_long)
    if sys.stderr.isatty():
        from rich.console import Console

        yield from track(records, "feeding", total=None, console=Console(stderr=True))
    else:
        yield from records


def _lines(stream: BinaryIO, longest: int, too_long: list[int]) -> Iterator[bytes]:
    for number, line in enumerate(lines_of(stream, longest), 1):
        if len(line) > longest:
            too_long.append(number)
        elif stripped := line.rstrip(b"\r\n"):
            yield stripped
