"""``monitor topics``: make the topics, or say what is there."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.kafka_errors import fail_on_kafka_errors
from monitor.cli.options import fail, with_settings
from monitor.settings import Settings
from monitor.streaming.connection import cluster
from monitor.streaming.stages import STAGES, topics_of
from monitor.streaming.topics import create, states

app = typer.Typer(help="Make the topics, or say what is there.", no_args_is_help=True, add_completion=False)


@app.command("create")
@with_settings("bootstrap_servers", "topic_prefix", "retention_days", "dead_retention_days")
def create_(
    settings: Settings,
    partitions: Annotated[
        int, typer.Option(min=1, help="partitions a topic: the most workers that can share the load")
    ] = 6,
    replication: Annotated[int, typer.Option(min=1, help="copies of each partition; 3 in production")] = 1,
) -> None:
    """Make the topics that do not exist yet; those that are there stay as they are."""
    topics = topics_of(STAGES)
    with fail_on_kafka_errors(settings, "topics"):
        created = create(cluster(settings), topics, settings, partitions, replication)
    for name in (topic.full_name(settings.topic_prefix) for topic in topics):
        typer.echo(f"{name}\t{'made' if name in created else 'was there'}")


@app.command("list")
@with_settings("bootstrap_servers", "topic_prefix")
def list_(settings: Settings) -> None:
    """Say of each topic how many partitions it has; exit 1 where one is missing."""
    names = [topic.full_name(settings.topic_prefix) for topic in topics_of(STAGES)]
    with fail_on_kafka_errors(settings, "topics"):
        topics = states(cluster(settings), names)
    for name, partitions in topics:
        typer.echo(f"{name}\t{partitions or 'missing'}")
    if not all(topic.partitions for topic in topics):
        raise fail("make the missing ones with: monitor topics create", 1)
