"""A document: its beginning, its lines and all of it, within its limits."""

from __future__ import annotations

import io
import os
from typing import Any

import pytest

from monitor.articles.document import Document
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.size_limits import SizeLimits


def document(value: bytes, longest: int = 100, **known: Any) -> Document:
    return Document(io.BytesIO(value), SizeLimits(record_bytes=longest), **known)


def test_a_content_type_and_a_name_are_told_apart_from_their_ornaments() -> None:
    made = document(b"x", content_type='Text/HTML; a=b; charset="KOI8-R"', name="Feed.XML.gz")
    assert (made.content_type, made.charset, made.name) == ("text/html", "KOI8-R", "feed.xml")


def test_what_is_longer_than_the_limit_is_refused() -> None:
    assert document(b"x" * 100).value() == b"x" * 100
    with pytest.raises(Undecodable) as caught:
        document(b"x" * 101).value()
    assert caught.value.reason is Reason.RECORD_TOO_LARGE


def test_the_beginning_stays_in_the_stream() -> None:
    made = document(b'{"a": 1}\n' * 10)
    assert made.head.startswith(b'{"a"')
    assert made.value() == b'{"a": 1}\n' * 10


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_lines_are_utf8_and_a_long_one_is_cut(encoding: str) -> None:
    lines = list(document(f"é\n{'x' * 500}\ny".encode(encoding)).lines())
    assert [line.decode().strip() for line in lines] == ["é", "x" * 101, "y"]


def test_lines_in_a_declared_charset_are_utf8() -> None:
    assert list(document("é\n".encode("latin-1"), content_type="a/b; charset=latin-1").lines()) == ["é\n".encode()]


def test_a_silent_pipe_is_waited_for_only_until_its_format_is_told() -> None:
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as pipe, os.fdopen(theirs, "wb", buffering=0) as writer:
        writer.write(b'{"content": "x"}\n')
        assert Document(pipe, SizeLimits(), is_file=True).head == b'{"content": "x"}\n'
