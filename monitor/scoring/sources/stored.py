"""What is known of a source as bytes, exactly as it is in memory, for a topic."""

from __future__ import annotations

import msgspec
import numpy as np

from monitor.scoring.sources.incidents import NO_HABITS, Habits
from monitor.scoring.sources.marks import are_lines
from monitor.scoring.sources.templates import MOST, MOST_POSITIONS, RECENT, Counts, Position, SourceTemplates, Story

#: The version of the form; a newer one adds fields and changes none.
SCHEMA = 1


class UnreadableSource(ValueError):
    """A record that does not hold what is known of a source; the message says why."""


class StoredSource(msgspec.Struct, frozen=True, kw_only=True):
    """The record: ``marks`` 32 bits each, ``counts`` and ``odds`` floats of 16 bits, little-endian.

    ``sides`` is set since the odds of lines tell where they stood.
    """

    name: str
    articles: float
    marks: bytes
    counts: bytes
    odds: bytes
    recent: tuple[tuple[int, int, bytes], ...] = ()
    positions: tuple[tuple[str, int, int, int, int], ...] = ()
    sides: bool = False


class _WithHabits(StoredSource, frozen=True, kw_only=True):
    """The record with the source's habits, which only the stage that keeps them reads."""

    habits: Habits | msgspec.UnsetType = msgspec.UNSET


class _HabitsOnly(msgspec.Struct, frozen=True):
    habits: Habits = NO_HABITS


def encode(name: str, source: SourceTemplates, habits: Habits | None = None) -> bytes:
    """The record of a source; ``name`` is as its last article has it."""
    counts = source.counts
    return msgspec.msgpack.encode(
        _WithHabits(
            habits=msgspec.UNSET if habits is None else habits,
            name=name,
            articles=source.articles,
            marks=counts.marks.astype("<u4").tobytes(),
            counts=counts.articles.astype("<f2").tobytes(),
            odds=counts.odds.astype("<f2").tobytes(),
            recent=tuple(
                (story.article, story.headline, story.phrases.astype("<u4").tobytes()) for story in source.recent
            ),
            positions=tuple(source.positions),
            sides=True,
        )
    )


def decode_habits(data: bytes) -> Habits:
    """The habits in the record of a source; those of a new source where there are none.

    Raises:
        UnreadableSource: what stands there are no habits.
    """
    try:
        return msgspec.msgpack.decode(data, type=_HabitsOnly).habits
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UnreadableSource(f"not a source's habits: {error}") from error


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
    if not stored.sides:
        # Of a version before: its lines are known, where they stood and all other marks are learned anew.
        lines = are_lines(marks)
        counts = Counts(marks[lines], counts.articles[lines], np.zeros(lines.sum(), np.float16))
    positions = tuple(Position(*position) for position in stored.positions)
    return stored.name, SourceTemplates(stored.articles, counts, recent, positions)
