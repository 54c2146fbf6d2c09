"""What is known of a source as bytes, exactly as it is in memory, for a topic."""

from __future__ import annotations

import msgspec
import numpy as np

from monitor.scoring.sources.templates import MOST, MOST_POSITIONS, RECENT, Counts, Position, SourceTemplates, Story

#: The version of the form; a newer one adds fields and changes none.
SCHEMA = 1


class UnreadableSource(ValueError):
    """A record that does not hold what is known of a source; the message says why."""


class StoredSource(msgspec.Struct, frozen=True, kw_only=True):
    """The record: ``marks`` 32 bits each, ``counts`` and ``odds`` floats of 16 bits, little-endian."""

    name: str
    articles: float
    marks: bytes
    counts: bytes
    odds: bytes
    recent: tuple[tuple[int, int, bytes], ...] = ()
    positions: tuple[tuple[str, int, int, int, int], ...] = ()


def encode(name: str, source: SourceTemplates) -> bytes:
    """The record of a source; ``name`` is as its last article has it."""
    counts = source.counts
    return msgspec.msgpack.encode(
        StoredSource(
            name=name,
            articles=source.articles,
            marks=counts.marks.astype("<u4").tobytes(),
            counts=counts.articles.astype("<f2").tobytes(),
            odds=counts.odds.astype("<f2").tobytes(),
            recent=tuple(
                (story.article, story.headline, story.phrases.astype("<u4").tobytes()) for story in source.recent
            ),
            positions=tuple(source.positions),
        )
    )


def decode(data: bytes) -> tuple[str, SourceTemplates]:
    """The name and what is known of a source, from a record of this or a newer schema.

    Raises:
        UnreadableSource: the record is none, or is larger than a source can become.
    """
    try:
        stored = msgspec.msgpack.decode(data, type=StoredSource)
        marks = np.frombuffer(stored.marks, "<u4")
        counts = Counts(marks, np.frombuffer(stored.counts, "<f2"), np.frombuffer(stored.odds, "<f2"))
        recent = tuple(
            Story(article, headline, np.frombuffer(phrases, "<u4")) for article, headline, phrases in stored.recent
        )
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UnreadableSource(f"not a source's templates: {error}") from error
    if not len(counts.marks) == len(counts.articles) == len(counts.odds):
        raise UnreadableSource("not a source's templates: its arrays have not one length")
    if len(marks) > MOST or len(recent) > RECENT or len(stored.positions) > MOST_POSITIONS:
        raise UnreadableSource(f"a source's templates of {len(data)} bytes: more than a source can have")
    if (marks[1:] <= marks[:-1]).any():
        raise UnreadableSource("not a source's templates: its marks are not in order")
    positions = tuple(Position(*position) for position in stored.positions)
    return stored.name, SourceTemplates(stored.articles, counts, recent, positions)
