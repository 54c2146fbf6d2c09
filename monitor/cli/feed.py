"""``monitor feed``: put the articles of a file on the topic articles."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.progress import track

from monitor.articles.decode import Decoder
from monitor.articles.errors import Undecodable
from monitor.articles.records import records_of
from monitor.cli.kafka_errors import fail_on_kafka_errors, noted
from monitor.cli.options import USAGE, fail, with_settings
from monitor.demo.feed import feed as send
from monitor.settings import Settings
from monitor.streaming.connection import client, cluster
from monitor.streaming.topics import articles_name


@with_settings("bootstrap_servers", "topic_prefix", "input", "items")
def feed(
    settings: Settings,
    file: Annotated[
        Path, typer.Argument(help="a file of any format in docs/formats.md, also packed; - for standard input")
    ],
    rate: Annotated[float, typer.Option(min=0, help="records a second; 0: as fast as the broker takes them")] = 0,
) -> None:
    """Put each article of FILE on the topic articles, a line of JSON Lines as it is; exit 2 where one is left out.

    monitor feed --rate 50 articles.jsonl.gz
    """
    topic = articles_name(settings)
    left_out: list[str] = []
    try:
        with fail_on_kafka_errors(settings, topic, noted), _open(file) as stream:
            cluster(settings)
            records = _with_progress(_values(file, stream, settings.decoder(), left_out))
            sent = send(settings.bootstrap_servers, topic, records, rate=rate, extra=client(settings))
    except (OSError, Undecodable) as error:
        raise fail(f"{file}: {getattr(error, 'strerror', None) or error}{noted(error)}") from error
    typer.echo(f"{sent} records on {topic}", err=True)
    if left_out:
        others = f" and {len(left_out) - 1} more" if len(left_out) > 1 else ""
        raise fail(f"{file}: {left_out[0]}{others}", USAGE)


def _open(file: Path) -> BinaryIO:
    return sys.stdin.buffer if str(file) == "-" else file.open("rb")


def _values(file: Path, stream: BinaryIO, decoder: Decoder, left_out: list[str]) -> Iterator[bytes]:
    """The value of each record; what cannot be read goes into ``left_out``, the first with its reason."""
    for record in records_of(str(file), stream, decoder):
        if isinstance(record.value, bytes):
            yield record.value
        else:
            left_out.append(f"{record.place} left out, {record.value}".strip())


def _with_progress(records: Iterator[bytes]) -> Iterator[bytes]:
    if sys.stderr.isatty():
        from rich.console import Console

        yield from track(records, "feeding", total=None, console=Console(stderr=True))
    else:
        yield from records
