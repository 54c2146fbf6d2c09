"""What the record of a copy says of each article of a slice, packed: addresses and headlines are most of it.

64 together are deflated, which leaves some 90 bytes of 230 an article; one is read again in 60 µs, and only where a
copy was found; the last ones that were read are kept.
"""

from __future__ import annotations

import zlib
from datetime import datetime
from functools import lru_cache

import msgspec

from monitor.scoring.copies.record import Outlet, Place

_TOGETHER = 64
#: Blocks that are kept unpacked, some 20 KB each.
_KEPT_UNPACKED = 64
#: The fastest level: the next ones save 3 % and take twice the time.
_LEVEL = 1


class Packed:
    """The outlets' articles, by their number in the slice."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._open: list[bytes] = []
        # Copies come soon one after the other, and so ask for the same blocks.
        self._unpacked = lru_cache(_KEPT_UNPACKED)(self._unpack)
        self.nbytes = 0

    def add(self, outlet: bytes) -> None:
        """Add the next one, encoded."""
        self._open.append(outlet)
        if len(self._open) == _TOGETHER:
            self._blocks.append(zlib.compress(msgspec.msgpack.encode(self._open), _LEVEL))
            self._open.clear()
            self.nbytes += len(self._blocks[-1])

    def get(self, number: int) -> Outlet:
        """One of them."""
        block, at = divmod(number, _TOGETHER)
        return decode(self._block(block)[at])

    def _block(self, block: int) -> list[bytes]:
        if block == len(self._blocks):
            return self._open
        return self._unpacked(block)

    def _unpack(self, block: int) -> list[bytes]:
        return msgspec.msgpack.decode(zlib.decompress(self._blocks[block]), type=list[bytes])


def encode(outlet: Outlet) -> bytes:
    """The bytes of an outlet's article."""
    place = outlet.place
    return msgspec.msgpack.encode(
        _Row(
            outlet.id,
            outlet.source,
            outlet.url,
            outlet.title,
            outlet.published_at,
            outlet.arrived_at,
            outlet.words,
            place.topic,
            place.partition,
            place.offset,
            place.item,
        )
    )


def decode(data: bytes) -> Outlet:
    """What :func:`encode` was given."""
    row = msgspec.msgpack.decode(data, type=_Row)
    return Outlet(
        id=row.id,
        source=row.source,
        url=row.url,
        title=row.title,
        published_at=row.published_at,
        arrived_at=row.arrived_at,
        words=row.words,
        place=Place(row.topic, row.partition, row.offset, row.item),
    )


class _Row(msgspec.Struct, array_like=True, frozen=True):
    """The fields in order, without their names."""

    id: str
    source: str
    url: str | None
    title: str | None
    published_at: datetime | None
    arrived_at: datetime | None
    words: int
    topic: str
    partition: int
    offset: int
    item: int
