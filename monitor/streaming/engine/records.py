"""The records that a stage is given and those that it writes. Values only."""

from __future__ import annotations

from typing import NamedTuple

Headers = tuple[tuple[str, bytes], ...]


class InputRecord(NamedTuple):
    """One record as it was read from a topic."""

    topic: str
    partition: int
    offset: int
    #: Seconds since 1970, as the record says; ``None`` where it says nothing.
    timestamp: float | None
    key: bytes | None
    value: bytes | None
    #: A header without a value has an empty one.
    headers: Headers = ()


class Output(NamedTuple):
    """One record to be written. ``timestamp`` is in seconds; ``None`` leaves it to the broker."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    timestamp: float | None = None
