"""What is known of each source, read from ``sources.templates`` at once, and an article where it lies."""

from __future__ import annotations

from aiokafka import TopicPartition

from monitor.scoring.sources import stored
from monitor.scoring.sources.templates import Position, SourceTemplates
from monitor.settings import Settings
from monitor.streaming.connection import plain_client
from monitor.streaming.engine.read import Reader
from monitor.streaming.engine.records import InputRecord
from monitor.streaming.topics import TEMPLATES


async def known_sources(settings: Settings) -> dict[bytes, tuple[str, SourceTemplates]]:
    """The name of each source and what is known of it, by its key; one that does not decode is left out."""
    last: dict[bytes, bytes | None] = {}
    async with Reader(plain_client(settings)) as reader:
        spans = await reader.spans(await reader.partitions(TEMPLATES.full_name(settings.topic_names)))
        for tp, span in spans.items():
            async for batch in reader.read(tp, span.begin, span.end):
                last.update({record.key: record.value for record in batch if record.key is not None})
    sources = {}
    for key, value in last.items():
        try:
            sources[key] = stored.decode(value or b"")
        except stored.UnreadableSource:
            continue
    return sources


async def record_at(settings: Settings, position: Position) -> InputRecord | None:
    """The record of an article; None where it is no longer kept."""
    tp = TopicPartition(position.topic, position.partition)
    async with Reader(plain_client(settings)) as reader:
        if tp not in await reader.partitions(position.topic):
            return None
        span = (await reader.spans([tp]))[tp]
        if not span.begin <= position.offset < span.end:
            return None
        async for batch in reader.read(tp, position.offset, position.offset + 1):
            return batch[0] if batch and batch[0].offset == position.offset else None
    return None
