"""``monitor topics``: make the topics, or say what is there."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.kafka_errors import fail_on_kafka_errors
from monitor.cli.options import fail, with_settings
from monitor.settings import Settings
from monitor.streaming.connection import cluster
from monitor.streaming.stages import STAGES, topics_of
from monitor.streaming.topics import TopicState, create, full_names, states

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
    """Make the topics that do not exist yet; those that are there stay as they are, and it says where they differ.

    monitor topics create --partitions 12 --replication 3
    """
    topics = topics_of(STAGES)
    with fail_on_kafka_errors(settings, "topics"):
        client = cluster(settings)
        created = create(client, topics, settings, partitions, replication)
        there = states(client, full_names(topics, settings))
    for topic, state in zip(full_names(topics, settings).values(), there, strict=True):
        differs = "" if state.name in created else _difference(state, topic.partitions or partitions, replication)
        typer.echo(f"{state.name}\t{'made' if state.name in created else f'was there{differs}'}")


def _difference(state: TopicState, partitions: int, replication: int) -> str:
    """How a topic that was there differs from what was asked for; empty where it does not."""
    differences = []
    if state.partitions != partitions:
        differences.append(f"with {state.partitions} partitions, not {partitions} (kafka-topics --alter adds some)")
    if state.replicas != replication:
        differences.append(f"with {state.replicas} replicas, not {replication}")
    return f" {' and '.join(differences)}" if differences else ""


@app.command("list")
@with_settings("bootstrap_servers", "topic_prefix")
def list_(settings: Settings) -> None:
    """Say of each topic how many partitions it has; exit 1 where one is missing.

    monitor topics list
    """
    with fail_on_kafka_errors(settings, "topics"):
        topics = states(cluster(settings), full_names(topics_of(STAGES), settings))
    for topic in topics:
        typer.echo(f"{topic.name}\t{topic.partitions or 'missing'}")
    if not all(topic.partitions for topic in topics):
        raise fail("make the missing ones with: monitor topics create", 1)
