"""Where a partition is read from when the offset to read is not in its log. Pure.

Four causes: the group has never committed an offset of it; retention deleted records before they were
read; the log ends before the offset, since it was lost (an election of a replica that lacked records, a
replaced disk) or since the offset was altered; or the log was lost and is as long again (``landmarks.py``).
Out of range never means the end: what is there is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Literal, NamedTuple

from faust.types import TP

#: Seconds for which a broker must refuse an offset: a replica that is read from, or has just become the
#: leader, may not have the end of the log yet.
CONFIRM_SECONDS = 3.0

#: Where a group that has committed nothing begins.
FirstStart = Literal["earliest", "latest"]


class Cause(StrEnum):
    """Why a partition is read from another offset than the one asked for."""

    FIRST_START = "first_start"
    DELETED_UNREAD = "deleted_unread"
    LOG_LOST = "log_lost"
    LOG_REPLACED = "log_replaced"


class Reset(NamedTuple):
    """Where reading begins, and why."""

    cause: Cause
    #: What was to be read; ``None`` on a first start.
    asked: int | None
    offset: int
    #: Offsets that were deleted before they were read; ``None`` where that cannot be known.
    lost: int | None


def message(cause: Cause, resets: Mapping[TP, Reset]) -> str:
    """What happened to partitions that have this cause in common, for a person."""
    if cause is Cause.FIRST_START:
        places = [f"{tp.topic}-{tp.partition} at {reset.offset}" for tp, reset in sorted(resets.items())]
        return f"the group has committed no offset yet and begins with {', '.join(places)}"
    if cause is Cause.DELETED_UNREAD:
        places = [
            f"{tp.topic}-{tp.partition} offsets {reset.asked} to {reset.offset - 1}"
            for tp, reset in sorted(resets.items())
        ]
        return (
            f"retention deleted records before they were read: {', '.join(places)}. Going on behind them; "
            "raise retention.ms of the topic, or add workers"
        )
    places = [
        f"{tp.topic}-{tp.partition} asked for {reset.asked}, begins at {reset.offset}"
        for tp, reset in sorted(resets.items())
    ]
    if cause is Cause.LOG_REPLACED:
        return (
            f"the records before the offset to read are not those that were read: {', '.join(places)}. The log was "
            "lost and another is as long. All that is there is read from its begin; records of the old log that had "
            "not been read are lost, how many cannot be known: ask their producers to send them again"
        )
    return (
        f"the offset to read lies beyond the end of the log: {', '.join(places)}. The log was lost or the offset "
        "altered. All that is there is read from its begin; records of the old log that had not been read are lost, "
        "how many cannot be known: ask their producers to send them again"
    )


def reset(asked: int | None, begin: int, end: int, first_start: FirstStart) -> Reset | None:
    """Where to read a partition whose log holds the offsets ``begin`` up to ``end``, which is excluded.

    ``asked`` is ``None`` where no offset is committed. ``None`` where the offset is in the log, or the next
    to be written.

    >>> reset(7, 10, 90, "latest")
    Reset(cause=<Cause.DELETED_UNREAD: 'deleted_unread'>, asked=7, offset=10, lost=3)
    >>> reset(91, 10, 90, "latest").offset
    10
    """
    if asked is None:
        return Reset(Cause.FIRST_START, None, begin if first_start == "earliest" else end, None)
    if asked < begin:
        return Reset(Cause.DELETED_UNREAD, asked, begin, begin - asked)
    if asked > end:
        return Reset(Cause.LOG_LOST, asked, begin, None)
    return None


class Refusal(NamedTuple):
    """The offset that was refused, since when, and whether it is time to read from another."""

    asked: int | None
    since: float
    is_due: bool


class Refusals:
    """The partitions whose offset to read the broker refuses, ``None`` for one without a committed offset.

    Times are those of one monotonic clock, in seconds.
    """

    def __init__(self) -> None:
        self._refusals: dict[TP, Refusal] = {}

    def add(self, tp: TP, asked: int | None, now: float) -> None:
        """The broker refused an offset, for the first time or again."""
        before = self._refusals.get(tp)
        since = before.since if before is not None and before.asked == asked else now
        self._refusals[tp] = Refusal(asked, since, asked is None or now - since >= CONFIRM_SECONDS)

    def due(self) -> dict[TP, int | None]:
        """The partitions to be read from another offset now, and what was asked of each."""
        return {tp: refusal.asked for tp, refusal in self._refusals.items() if refusal.is_due}

    def forget(self, partitions: Iterable[TP]) -> None:
        """Begin anew with these partitions."""
        for tp in list(partitions):
            self._refusals.pop(tp, None)
