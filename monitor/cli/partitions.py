"""``monitor partitions``: which partitions are held, and let them go on."""

from __future__ import annotations

import asyncio
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

import typer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from monitor.articles.printable import printable
from monitor.cli.options import fail, with_settings
from monitor.settings import Settings
from monitor.streaming.connection import Unreachable, plain_client
from monitor.streaming.deadletters.held import Held
from monitor.streaming.engine.landmarks import split
from monitor.streaming.stages import STAGES

app = typer.Typer(help="See which partitions are held, and let them go on.", no_args_is_help=True, add_completion=False)

#: Seconds that a worker may take to answer.
ANSWER_SECONDS = 40


class Row(NamedTuple):
    """A partition with a committed offset, and whether it is held."""

    name: str
    group: str
    offset: int
    held: Held | None


@app.command("list")
@with_settings("bootstrap_servers", "group", "topic_prefix")
def list_(settings: Settings) -> None:
    """List the partitions that are held: offset, since when, why, and by which worker.

    monitor partitions list
    """
    with _kafka(settings):
        rows = asyncio.run(_rows(settings))
    for row in rows:
        if row.held is not None:
            since = datetime.fromtimestamp(row.held.since, UTC)
            cells = (row.name, str(row.offset), f"{since:%Y-%m-%dT%H:%M:%SZ}", row.held.reason, row.held.address)
            typer.echo("\t".join(map(printable, cells)))
    held = sum(row.held is not None for row in rows)
    typer.echo(f"{held} of {len(rows)} partitions are held", err=True)


@app.command("resume")
@with_settings("bootstrap_servers", "group", "topic_prefix")
def resume(settings: Settings, partition: str = typer.Argument(help="the partition, TOPIC-NUMBER")) -> None:
    """Let a partition that is held go on, by asking the worker that holds it; its dead letters are counted anew.

    Exit 0; 1 where Kafka or the worker does not answer, or refuses; 2 where the partition is not held.

    monitor partitions resume articles-3
    """
    if not re.fullmatch(r"[A-Za-z0-9._-]+-\d+", partition):
        raise fail(f"{partition!r} is no partition; write TOPIC-NUMBER, as in: monitor partitions resume articles-3")
    with _kafka(settings):
        rows = asyncio.run(_rows(settings))
    held = {row.name: row.held for row in rows if row.held is not None}
    if partition not in held:
        raise fail(f"{partition} is not held; held are: {', '.join(held) or 'none'}")
    typer.echo(_ask(held[partition].address, partition, settings.secret("web_token")))


def _ask(address: str, partition: str, token: str | None) -> str:
    """Ask a worker to resume a partition; returns what it says.

    Raises:
        typer.Exit: it does not answer, or refuses; why and what to do has been printed.
    """
    url = f"http://{address}/partitions/{partition}/resume"
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        # The scheme is ours.
        request = urllib.request.Request(url, b"", headers)
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:  # noqa: S310
            return printable(answer.read(1000).decode("utf-8", "replace").strip())
    except urllib.error.HTTPError as error:
        with error:
            said = error.read(1000).decode("utf-8", "replace").strip()
        raise fail(f"{url} answers {error.code}: {said}", 1) from error
    except (OSError, ValueError) as error:
        raise fail(
            f"{url}: the worker that holds {partition} does not answer ({error}). Run this where it can be reached, "
            "as in its container; or restart that worker once the cause is mended",
            1,
        ) from error


async def _rows(settings: Settings) -> list[Row]:
    """The partitions in which the stages' groups have committed an offset."""
    client = AIOKafkaAdminClient(**plain_client(settings))
    try:
        await client.start()
        rows = []
        for stage in STAGES:
            group = stage.group(settings.group)
            for tp, committed in (await client.list_consumer_group_offsets(group)).items():
                _, note = split(committed.metadata or "", committed.offset)
                rows.append(Row(f"{tp.topic}-{tp.partition}", group, committed.offset, Held.from_note(note)))
        return sorted(rows)
    finally:
        await client.close()


@contextmanager
def _kafka(settings: Settings) -> Iterator[None]:
    """Names Kafka's errors."""
    try:
        yield
    except (KafkaError, Unreachable) as error:
        raise fail(
            f"Kafka at {settings.bootstrap_servers}: {error}; check bootstrap_servers and the ACLs", 1
        ) from error
