"""The past as commands take it: articles in files, or those that Kafka keeps."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from monitor.articles.article import Article
from monitor.articles.files import read
from monitor.articles.printable import printable
from monitor.cli.input_files import named_files
from monitor.cli.kafka_errors import fail_on_kafka_errors
from monitor.cli.options import fail
from monitor.settings import Settings
from monitor.streaming.connection import cluster, plain_client
from monitor.streaming.engine.read import Reader
from monitor.streaming.place import where_of
from monitor.streaming.topics import articles_name

_DATE = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]

Files = Annotated[list[Path] | None, typer.Argument(help="files and folders, as monitor score takes them")]
OnTopic = Annotated[bool, typer.Option("--topic", help="the articles that Kafka keeps, in place of files")]
From = Annotated[datetime | None, typer.Option("--from", formats=_DATE, help="records of --topic from here on, UTC")]
To = Annotated[datetime | None, typer.Option("--to", formats=_DATE, help="and before this, UTC")]


class Past(NamedTuple):
    """Which articles are meant: ``files``, or the records of the topic that were written in a time."""

    files: list[Path] | None
    on_topic: bool
    begin: float  # seconds since 1970
    end: float

    @classmethod
    def of_options(cls, files: list[Path] | None, on_topic: bool, from_: datetime | None, to: datetime | None) -> Past:
        """The past that a command line names.

        Raises:
            typer.Exit: it names two.
        """
        if on_topic and files:
            raise fail("--topic and files: name one of the two")
        if (from_ or to) and not on_topic:
            raise fail("--from and --to choose records of --topic")
        return cls(files, on_topic, _second(from_, 0.0), _second(to, float("inf")))


class PastArticle(NamedTuple):
    """One article: ``name`` tells a person which; ``where`` its record lies, empty for that of a file."""

    article: Article
    name: str
    where: dict[str, Any]


def each_past_article(settings: Settings, past: Past, handle: Callable[[PastArticle], object]) -> None:
    """Give each article to ``handle``, in order; one of a file that cannot be read is named on standard error.

    Raises:
        typer.Exit: a file or Kafka cannot be read.
    """
    if past.on_topic:
        with fail_on_kafka_errors(settings, articles_name(settings)):
            cluster(settings)
            asyncio.run(_each_on_topic(settings, past, handle))
        return
    for article in _in_files(settings, past.files):
        handle(article)


def _second(moment: datetime | None, default: float) -> float:
    return moment.replace(tzinfo=UTC).timestamp() if moment else default


def _in_files(settings: Settings, files: list[Path] | None) -> Iterator[PastArticle]:
    decoder = settings.decoder()
    for path in named_files(files):
        try:
            stream = sys.stdin.buffer if str(path) == "-" else path.open("rb")
        except OSError as error:
            raise fail(f"{path}: {error.strerror or error}") from error
        with stream:
            for record in read(str(path), stream, decoder):
                if isinstance(record.article, Article):
                    yield PastArticle(record.article, record.name, {})
                else:
                    typer.echo(f"monitor: {printable(f'{record.name}: {record.article}')}", err=True)


async def _each_on_topic(settings: Settings, past: Past, handle: Callable[[PastArticle], object]) -> None:
    """Dead letters are passed over."""
    decoder = settings.decoder()
    names = settings.input_topics or (articles_name(settings),)
    async with Reader(plain_client(settings)) as reader:
        for name in names:
            for tp, span in (await reader.spans(await reader.partitions(name))).items():
                async for batch in reader.read(tp, span.begin, span.end):
                    for record in batch:
                        if record.value is None or not past.begin <= (record.timestamp or 0.0) < past.end:
                            continue
                        for item in decoder.articles(
                            record.value, key=record.key, headers=record.headers, arrived_at=record.timestamp
                        ):
                            if isinstance(item.article, Article):
                                handle(PastArticle(item.article, item.article.id, where_of(record, item.number)))
