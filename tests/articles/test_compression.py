"""Packed streams: each kind is unpacked, damage is named, a bomb is refused soon."""

from __future__ import annotations

import io
import time
import tracemalloc

import pytest

from bench.formats import PACK
from monitor.articles.compression import packing, unpacked
from monitor.articles.decode import Decoder
from monitor.articles.errors import Reason, Undecodable

RECORD = b'{"content": "One.\\nTwo."}\n'
KINDS = pytest.mark.parametrize("kind", PACK)


@KINDS
def test_each_kind_is_recognised_and_unpacked(kind: str) -> None:
    packed = PACK[kind](RECORD * 1000)
    assert packing(packed) == kind
    assert io.BufferedReader(unpacked(io.BytesIO(packed))).read() == RECORD * 1000


@KINDS
def test_two_streams_one_after_the_other_are_both_unpacked(kind: str) -> None:
    packed = PACK[kind](RECORD) + PACK[kind](RECORD)
    assert io.BufferedReader(unpacked(io.BytesIO(packed))).read() == RECORD * 2


def test_packed_twice_is_unpacked_twice() -> None:
    assert io.BufferedReader(unpacked(io.BytesIO(PACK["xz"](PACK["gzip"](RECORD))))).read() == RECORD


@KINDS
def test_damaged_data_is_named_as_such(kind: str) -> None:
    packed = PACK[kind](b"".join(b"%d" % n for n in range(100_000)))
    for damaged in (packed[: len(packed) // 2], packed[:6] + b"\0\1\2\3" * 50 + packed[206:]):
        with pytest.raises(Undecodable) as caught:
            io.BufferedReader(unpacked(io.BytesIO(damaged))).read()
        assert caught.value.reason is Reason.BAD_GZIP


@KINDS
def test_a_bomb_is_refused_soon_and_in_little_memory(kind: str) -> None:
    bomb = PACK[kind](b"\0" * 50_000_000)
    tracemalloc.start()
    begin = time.process_time()
    (item,) = Decoder().articles(bomb, headers=[("content-type", b"application/json")])
    spent = time.process_time() - begin
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(item.article, Undecodable)
    assert item.article.reason is Reason.RECORD_TOO_LARGE
    assert spent < 5
    assert peak < 30_000_000


def test_a_lone_byte_of_a_signature_is_not_waited_for() -> None:
    assert io.BufferedReader(unpacked(io.BytesIO(b"B"))).read() == b"B"
