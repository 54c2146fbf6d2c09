"""What is known of each source, read from ``sources.templates`` at once."""

from __future__ import annotations

from monitor.scoring.sources import stored
from monitor.scoring.sources.templates import SourceTemplates
from monitor.settings import Settings
from monitor.streaming.connection import plain_client
from monitor.streaming.engine.read import Reader
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
