"""WARC."""

from __future__ import annotations

import gzip

from monitor.articles.decode import Decoder
from monitor.articles.size_limits import SizeLimits
from tests.articles.formats.reading import of_file


def record(page: bytes, length: int | None = None, kind: bytes = b"text/html") -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: " + kind + b"\r\n\r\n" + page
    size = len(block) if length is None else length
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\n"
    head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {size}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


def test_each_page_is_told_as_any_document_is() -> None:
    pages = record(b"<p>x</p>") + record(b"%PDF-1.7", kind=b"application/pdf") + record(b'{"content": "y"}', kind=b"")
    assert of_file(pages) == ["x", "unread_format", "y"]
    assert of_file(gzip.compress(record(b"<p>x</p>")) + gzip.compress(record(b"<p>y</p>"))) == ["x", "y"]


def test_a_record_of_a_gigabyte_by_its_header_is_not_held() -> None:
    assert of_file(record(b"<p>x</p>") + record(b"<p>y</p>", 1_000_000_000)) == ["x", "unreadable"]
    small = Decoder(limits=SizeLimits(record_bytes=1000))
    assert of_file(record(b"<p>" + b"y" * 5000) + record(b"<p>x</p>"), decoder=small) == ["record_too_large", "x"]


def test_an_archive_without_a_page_is_named() -> None:
    assert of_file(b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n") == ["empty"]
