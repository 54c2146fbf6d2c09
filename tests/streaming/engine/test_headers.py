"""Record batches: each header is read, whatever its name; tests/streaming/test_worker.py has it on a real Kafka."""

from __future__ import annotations

import pytest
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from monitor.streaming.engine.headers import Batch, Records

NONE, GZIP = 0, 1


class Name(str):
    """A name that is written as the bytes it is given."""

    raw: bytes

    def encode(self, *_: object) -> bytes:
        return self.raw


def name(raw: bytes) -> Name:
    name = Name()
    name.raw = raw
    return name


def batch(codec: int, *headers: list[tuple[str, bytes | None]]) -> bytes:
    """A batch as a client writes it, a record for each list of headers."""
    builder = _DefaultRecordBatchBuilderPy(2, codec, 0, -1, -1, 0, 1 << 20)
    for number, pairs in enumerate(headers):
        value = None if number == 1 else b"\xff\xfe value %d" % number
        assert builder.append(number, 1000 + number, None if number == 0 else b"\xffkey", value, pairs)
    return bytes(builder.build())


@pytest.mark.parametrize("codec", [NONE, GZIP])
def test_a_name_that_is_not_utf8_costs_only_its_odd_bytes(codec: int) -> None:
    headers: list[list[tuple[str, bytes | None]]] = [
        [("plain", b"1")],
        [("før", b"2"), (name(b"\xff"), b"\xff\xff"), (name(b"x\xc3"), None), ("after", b"")],
        [],
        [(name(b"\xff" * 300), b"3")],
        [("last", b"4")],
    ]
    records = Records(batch(codec, *headers) * 2)
    for _ in range(2):
        read = records.next_batch()
        assert isinstance(read, Batch)
        assert read.validate_crc()
        decoded = list(read)
        assert [record.offset for record in decoded] == [0, 1, 2, 3, 4]
        assert [record.key for record in decoded] == [None] + [b"\xffkey"] * 4
        assert [record.value for record in decoded][:3] == [b"\xff\xfe value 0", None, b"\xff\xfe value 2"]
        assert [record.headers for record in decoded] == [
            [("plain", b"1")],
            [("før", b"2"), ("?", b"\xff\xff"), ("x?", None), ("after", b"")],
            [],
            [("?" * 300, b"3")],
            [("last", b"4")],
        ]
    assert records.next_batch() is None


def test_a_damaged_batch_is_still_told() -> None:
    data = bytearray(batch(NONE, [("plain", b"1")]))
    data[61] += 2
    with pytest.raises(CorruptRecordException):
        list(Batch(data))
