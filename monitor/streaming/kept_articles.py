"""Articles fetched from where they lie, as long as Kafka keeps them."""

from __future__ import annotations

from aiokafka import TopicPartition

from monitor.articles.article import Article
from monitor.scoring.copies.record import Place
from monitor.settings import Settings
from monitor.streaming.connection import plain_client
from monitor.streaming.engine.read import Reader
from monitor.streaming.engine.records import InputRecord


async def article_at(settings: Settings, place: Place) -> Article | None:
    """The article at a place, as the worker decodes it; ``None`` where it is no longer kept.

    Raises:
        aiokafka.errors.KafkaError: the cluster does not answer.
    """
    tp = TopicPartition(place.topic, place.partition)
    async with Reader(plain_client(settings)) as reader:
        if not place.topic or tp not in await reader.partitions(place.topic):
            return None
        span = (await reader.spans([tp]))[tp]
        if not span.begin <= place.offset < span.end:
            return None
        async for batch in reader.read(tp, place.offset, place.offset + 1):
            if batch and batch[0].offset == place.offset:
                return article_of(batch[0], place.item, settings)
    return None


def article_of(record: InputRecord, item: int, settings: Settings) -> Article | None:
    """One article of a record, as the worker decodes it; ``None`` where there is none of this number."""
    items = settings.decoder().articles(
        record.value, key=record.key, headers=record.headers, arrived_at=record.timestamp
    )
    for each in items:
        if (each.number or 0) == item:
            return each.article if isinstance(each.article, Article) else None
    return None
