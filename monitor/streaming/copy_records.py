"""The copies of a story, read from ``articles.copies`` at once."""

from __future__ import annotations

from monitor.scoring.copies.record import Copy, UnreadableCopy
from monitor.scoring.copies.story import Story
from monitor.settings import Settings
from monitor.streaming.connection import plain_client
from monitor.streaming.engine.read import Reader
from monitor.streaming.topics import COPIES


async def read_story(settings: Settings, id_: str) -> Story | None:
    """The story of which an article is the earliest, or a copy; ``None`` where it is neither.

    Reads the topic from its begin to its end: a copy holds until a later record of its key, so none can be left out.
    A record that does not decode is.

    Raises:
        aiokafka.errors.KafkaError: the cluster does not answer.
    """
    earlier: dict[bytes, str] = {}
    by_earlier: dict[str, dict[bytes, bytes]] = {}
    async with Reader(plain_client(settings)) as reader:
        spans = await reader.spans(await reader.partitions(COPIES.full_name(settings.topic_names)))
        for tp, span in spans.items():
            async for batch in reader.read(tp, span.begin, span.end):
                for record in batch:
                    key = record.key or b""
                    if key in earlier:
                        del by_earlier[earlier.pop(key)][key]
                    copy = _decoded(record.value)
                    if copy is not None and record.value is not None:
                        earlier[key] = copy.earlier.id
                        by_earlier.setdefault(copy.earlier.id, {})[key] = record.value
    values = by_earlier.get(earlier.get(id_.encode("utf-8", "surrogatepass"), id_))
    return Story.of(map(Copy.decode, values.values())) if values else None


def _decoded(value: bytes | None) -> Copy | None:
    try:
        return Copy.decode(value) if value is not None else None
    except UnreadableCopy:
        return None
