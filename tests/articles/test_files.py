"""Files of every format; what cannot be read is named, and the rest is still read."""

from __future__ import annotations

import gzip
import io
import json
import os
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.decode import Decoder
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.files import read
from monitor.articles.size_limits import SizeLimits


def articles(name: str, value: bytes) -> list[tuple[str, str]]:
    return [
        (r.name, r.article.reason if isinstance(r.article, Undecodable) else r.article.text)
        for r in read(name, io.BytesIO(value), Decoder(limits=SizeLimits(record_bytes=1000)))
    ]


def test_formats() -> None:
    assert articles("f", b'{"content": "x"}\n\n{"content": "y"}') == [("f line 1", "x"), ("f line 3", "y")]
    assert articles("f", gzip.compress(b'{"content": "x"}\n')) == [("f line 1", "x")]
    assert articles("f", json.dumps({"content": "x"}, indent=2).encode()) == [("f", "x")]
    assert articles("f", b'[{"content": "x"}, {"id": 1}]') == [("f item 1", "x"), ("f item 2", "no_body")]
    assert articles("f.html", b"<p>x</p><p>y</p>") == [("f.html", "x\ny")]
    assert articles("f", b"plain\ntext") == [("f", "plain\ntext")]
    assert articles("f.txt", b"{ not JSON but text") == [("f.txt", "{ not JSON but text")]
    assert articles("f", "x\ny".encode("utf-16")) == [("f", "x\ny")]


def test_what_cannot_be_read_is_named_and_the_rest_is_read() -> None:
    lines = b'{"content": "x"}\n{bad\n{"content": "' + b"z" * 5000 + b'"}\n{"content": "y"}\n'
    assert articles("f", lines) == [
        ("f line 1", "x"),
        ("f line 2", "not_json"),
        ("f line 3", "record_too_large"),
        ("f line 4", "y"),
    ]


def test_damaged_files() -> None:
    assert articles("f", b"") == [("f", "empty")]
    assert articles("f", b"caf\xe9") == [("f", "not_utf8")]
    assert articles("f", b"\x1f\x8bxxxxxxxxxxxx") == [("f", "bad_gzip")]
    packed = gzip.compress(b'{"content": "x"}\n' * 5000)
    assert articles("f", packed[: len(packed) // 2])[-1] == ("f", "bad_gzip")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_byte_order_mark_hides_no_format(encoding: str, pack: Any) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    lines = pack(mark + '{"content": "é"}\r\n{"content": "y"}'.encode(encoding))
    assert articles("f", lines) == [("f line 1", "é"), ("f line 2", "y")]
    assert articles("f", pack(mark + "<p>é</p>".encode(encoding))) == [("f", "é")]
    assert articles("f", pack(mark + "é\ny".encode(encoding))) == [("f", "é\ny")]


def test_a_long_line_of_utf16_is_skipped_and_the_rest_is_read() -> None:
    text = '{"content": "x"}\n{"content": "' + "z" * 5000 + '"}\n{"content": "y"}\n'
    assert articles("f", text.encode("utf-16")) == [
        ("f line 1", "x"),
        ("f line 2", "record_too_large"),
        ("f line 3", "y"),
    ]
    assert articles("f", b"\xff\xfe" + b"a\x00\x00\xd8b\x00") == [("f", "not_utf8")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_line_of_megabytes_is_one_record_and_is_not_held(encoding: str) -> None:
    long = '{"content": "x"}\n' + "z" * 5_000_000 + '\n{"content": "y"}\n' + "z" * 3_000_000
    value = long.encode(encoding)
    tracemalloc.start()
    expected = [
        ("f line 1", "x"),
        ("f line 2", "record_too_large"),
        ("f line 3", "y"),
        ("f line 4", "record_too_large"),
    ]
    assert articles("f", value) == expected
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # BytesIO shares the value; what is held is a piece of a line, as bytes and as text.
    assert peak < 20_000_000


def test_lines_of_a_pipe_are_records_as_they_arrive() -> None:
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as pipe, os.fdopen(theirs, "wb", buffering=0) as writer:
        records = read("f", pipe, Decoder())
        for number in (1, 2, 3):
            writer.write(b'{"content": "x"}\n')
            assert next(records).name == f"f line {number}"


def test_damaged_first_lines_do_not_hide_json_lines() -> None:
    json_lines = b'{"content": "x"}\n{"content": "y"}\n'
    assert [text for _, text in articles("f", b"{bad\n" * 5 + json_lines)] == ["not_json"] * 5 + ["x", "y"]
    assert [text for _, text in articles("f.jsonl", b"bad\n" * 5 + json_lines)] == ["not_json"] * 5 + ["x", "y"]
    assert [text for _, text in articles("f", b'{"content": "x"}\nbad\nworse\n')] == ["x", "not_json", "not_json"]
    assert [where for where, _ in articles("f", b"\n" + json_lines)] == ["f line 2", "f line 3"]


def test_text_that_begins_with_a_bracket_is_text() -> None:
    assert articles("f", b"[Update] The ferry sails.") == [("f", "[Update] The ferry sails.")]
    assert articles("f", b"{sic} he said") == [("f", "{sic} he said")]


def test_lists() -> None:
    assert articles("f", b'[\n{"content": "x"},\n{"content": "a\\ud83db"},\n5]') == [
        ("f item 1", "x"),
        ("f item 2", "a\ufffdb"),
        ("f item 3", "not_an_object"),
    ]
    assert articles("f.json", b"[]") == [("f.json", "empty")]
    assert articles("f", b"[" + b'{"content": "x"},' * 100 + b"{}]") == [("f", "record_too_large")]
    deep = b'[{"content": "x", "y": ' + b"[" * 900 + b"]" * 900 + b"}]"
    assert articles("f", deep)[0][1] in ("x", "record_too_large", "too_deep")


def test_a_small_gzip_of_much_more_is_refused_soon() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000, 9) * 20
    begin = time.process_time()
    *_, last = read("f.jsonl", io.BytesIO(bomb), Decoder(limits=SizeLimits(record_bytes=1000)))
    assert isinstance(last.article, Undecodable)
    assert last.article.reason is Reason.BAD_GZIP
    assert time.process_time() - begin < 5


class Failing(io.BytesIO):
    """A file on a disk that fails after its first line."""

    def read1(self, size: int | None = -1, /) -> bytes:
        line = self.readline()
        if not line:
            raise OSError(5, "Input/output error")
        return line


def test_a_disk_that_fails_is_named_after_what_was_read() -> None:
    lines = [
        (r.name, str(r.article) if isinstance(r.article, Undecodable) else r.article.text)
        for r in read("f.jsonl", Failing(b'{"content": "x"}\n' * 4), Decoder())
    ]
    assert lines[:4] == [(f"f.jsonl line {n}", "x") for n in range(1, 5)]
    assert lines[4:] == [("f.jsonl", "cannot be read: Input/output error")]


def test_the_stream_stays_open_and_no_more_than_a_line_is_held() -> None:
    stream = io.BytesIO(b'{"content": "x"}\n' * 100_000)
    records = read("f", stream, Decoder())
    next(records)
    assert stream.tell() < 1_000_000
    assert len(list(records)) == 99_999
    assert not stream.closed


ARTICLES = b'{"id": "1", "content": "One\\nTwo"}\n{"content": "<p>a</p>"}\n[{"body": "x"}]\n'


@given(
    st.sampled_from([ARTICLES, gzip.compress(ARTICLES, mtime=0), ARTICLES.decode().encode("utf-16"), b"<p>x</p>", b""]),
    st.lists(st.tuples(st.integers(0, 200), st.binary(max_size=4)), max_size=4),
    st.sampled_from(["f", "f.json", "f.jsonl", "f.txt", "f.html", "f.jsonl.gz"]),
)
def test_any_damage_to_a_file_ends_in_records(value: bytes, damage: list[tuple[int, bytes]], name: str) -> None:
    for place, put in damage:
        value = value[:place] + put + value[place + len(put) :]
    for record in read(name, io.BytesIO(value), Decoder(limits=SizeLimits(record_bytes=500))):
        assert record.name.startswith(name)
        if isinstance(record.article, Undecodable):
            assert str(record.article).isprintable()
        else:
            assert record.article.text.strip()
