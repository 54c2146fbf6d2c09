"""Kafka's record batches as aiokafka reads them, also where the name of a header is not UTF-8.

Clients in C write any bytes as a name. aiokafka then fails on the record, and on all that follow it in
its partition, for good. Its parser in Python is used in place of the one in C since its buffer can be
mended: that costs 6 µs more a record of 7 KB, of the 3,600 µs that a worker takes for one.
"""

from __future__ import annotations

from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import _MemoryRecordsPy
from aiokafka.record.util import decode_varint

#: Batches of this format and above have headers.
WITH_HEADERS = 2


class Batch(_DefaultRecordBatchPy):  # type: ignore[misc]
    """A batch in whose names of headers each byte that is not ASCII reads ``?`` where the name is not UTF-8."""

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except CorruptRecordException as error:
            if not isinstance(error.__cause__, UnicodeDecodeError):
                raise
        self._mend_names()
        return super().__next__()

    def _mend_names(self) -> None:
        """Overwrite, in the record that is next, the names that are not UTF-8; their lengths stay."""
        buffer, position = self._buffer, self._pos
        # Length, attributes, and the differences of time and offset from the batch's.
        for _ in range(4):
            _, position = decode_varint(buffer, position)
        position = _past_bytes(buffer, _past_bytes(buffer, position))
        count, position = decode_varint(buffer, position)
        for _ in range(count):
            end = _past_bytes(buffer, position)
            _, start = decode_varint(buffer, position)
            try:
                buffer[start:end].decode()
            except UnicodeDecodeError:
                buffer[start:end] = bytes(byte if byte < 0x80 else ord("?") for byte in buffer[start:end])
            position = _past_bytes(buffer, end)


class Records(_MemoryRecordsPy):  # type: ignore[misc]
    """What a fetch brought of one partition, as :class:`Batch` reads it."""

    def next_batch(self) -> Any:
        data = self._next_slice
        batch = super().next_batch()
        return Batch(data) if batch is not None and batch.magic >= WITH_HEADERS else batch


def _past_bytes(buffer: bytearray, position: int) -> int:
    """Where bytes of a stated length end; a length of -1 says that there are none."""
    length, start = decode_varint(buffer, position)
    return int(start + max(length, 0))


def install() -> None:
    """Let aiokafka's consumers read by :class:`Records`, in this process."""
    fetcher.MemoryRecords = Records
