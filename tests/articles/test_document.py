"""Bytes before they are read: unpacked, with their type and name, and never more than the limit in memory."""

from __future__ import annotations

import gzip
import io
from typing import Any

import pytest

from monitor.articles.document import Document
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.size_limits import SizeLimits

LIMITS = SizeLimits(record_bytes=100, text_characters=50)


def document(value: bytes, **options: Any) -> Document:
    return Document(io.BytesIO(value), LIMITS, **options)


def test_beginning_stays_in_the_document() -> None:
    made = document(b"One.\nTwo.\n")
    assert made.head.startswith(b"One.")
    assert made.value() == b"One.\nTwo.\n"


def test_packed_document_is_unpacked_and_its_name_shortened() -> None:
    made = document(gzip.compress(b"One."), name="Story.TXT.gz")
    assert (made.name, made.head, made.value()) == ("story.txt", b"One.", b"One.")


def test_content_type_has_a_type_and_a_charset() -> None:
    made = document("café".encode("cp1252"), content_type='Text/HTML; charset="windows-1252"')
    assert (made.content_type, made.charset) == ("text/html", "windows-1252")
    assert made.text() == "café"


def test_document_above_the_limit_is_refused() -> None:
    assert document(b"x" * 100).value() == b"x" * 100
    with pytest.raises(Undecodable, match="max_record_bytes = 100") as raised:
        document(b"x" * 101).value()
    assert raised.value.reason is Reason.RECORD_TOO_LARGE


def test_line_above_the_limit_is_cut_and_the_next_is_sound() -> None:
    lines = list(document(b"x" * 5_000_000 + b"\nTwo.\n").lines())
    assert lines == [b"x" * 101, b"Two.\n"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_lines_of_any_encoding_are_utf8(encoding: str) -> None:
    assert list(document("café\nTwo.\n".encode(encoding)).lines()) == ["café\n".encode(), b"Two.\n"]
