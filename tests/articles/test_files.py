"""Files of every format; what cannot be read is named, and the rest is still read."""

from __future__ import annotations

import gzip
import io
import json

from monitor.articles.errors import Undecodable
from monitor.articles.files import read


def found(name: str, value: bytes) -> list[tuple[str, str]]:
    return [
        (r.name, r.article.reason if isinstance(r.article, Undecodable) else r.article.text)
        for r in read(name, io.BytesIO(value), max_record_bytes=1000)
    ]


def test_formats() -> None:
    assert found("f", b'{"content": "x"}\n\n{"content": "y"}') == [("f line 1", "x"), ("f line 3", "y")]
    assert found("f", gzip.compress(b'{"content": "x"}\n')) == [("f line 1", "x")]
    assert found("f", json.dumps({"content": "x"}, indent=2).encode()) == [("f", "x")]
    assert found("f", b'[{"content": "x"}, {"id": 1}]') == [("f item 1", "x"), ("f item 2", "no_body")]
    assert found("f.html", b"<p>x</p><p>y</p>") == [("f.html", "x\ny")]
    assert found("f", b"plain\ntext") == [("f", "plain\ntext")]
    assert found("f.txt", b"{ not JSON but text") == [("f.txt", "{ not JSON but text")]
    assert found("f", "x\ny".encode("utf-16")) == [("f", "x\ny")]


def test_what_cannot_be_read_is_named_and_the_rest_is_read() -> None:
    lines = b'{"content": "x"}\n{bad\n{"content": "' + b"z" * 5000 + b'"}\n{"content": "y"}\n'
    assert found("f", lines) == [
        ("f line 1", "x"),
        ("f line 2", "not_json"),
        ("f line 3", "record_too_large"),
        ("f line 4", "y"),
    ]


def test_damaged_files() -> None:
    assert found("f", b"") == [("f", "empty")]
    assert found("f", b"caf\xe9") == [("f", "not_utf8")]
    assert found("f", b"\x1f\x8bxxxxxxxxxxxx") == [("f", "bad_gzip")]
    whole = gzip.compress(b'{"content": "x"}\n' * 5000)
    assert found("f", whole[: len(whole) // 2])[-1] == ("f", "bad_gzip")
