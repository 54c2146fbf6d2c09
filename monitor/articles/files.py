"""What a person gives to ``monitor score``: JSON Lines (also gzip), JSON, ninjs, HTML or text."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import BinaryIO, NamedTuple, cast

import msgspec

from monitor.articles.article import Article
from monitor.articles.decode import decode, parse_json
from monitor.articles.errors import Reason, Undecodable

#: The most that a gzip file may unpack to, bytes: a small file can hold a terabyte of zeros.
MOST_UNPACKED = 50_000_000_000
GZIP = b"\x1f\x8b"
UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Record(NamedTuple):
    """One record of a file: where it stands, for a person, and the article or why there is none."""

    name: str
    article: Article | Undecodable


def read(
    name: str,
    stream: BinaryIO,
    *,
    fields: Mapping[str, str] | None = None,
    max_record_bytes: int = 5_000_000,
    max_text_characters: int = 1_048_576,
) -> Iterator[Record]:
    """The records of a file, one by one, in order; holds one record at a time.

    The format is told from the content: a first line that is a JSON object makes it JSON Lines,
    ``{`` or ``[`` one JSON text, ``<`` HTML, anything else plain text.
    """

    def record(where: str, value: bytes, content_type: bytes = b"") -> Record:
        try:
            article = decode(
                value,
                headers=[("content-type", content_type)],
                fields=fields,
                max_record_bytes=max_record_bytes,
                max_text_characters=max_text_characters,
            )
        except Undecodable as error:
            return Record(where, error)
        return Record(where, article)

    try:
        lines = _lines(stream, max_record_bytes)
        head = list(_until_told(lines))
        start = b"".join(head).lstrip()[:1]
        told_json = start in (b"{", b"[") and not name.endswith((".txt", ".html", ".htm"))
        if told_json and any(_is_object(line) for line in head if len(line) <= max_record_bytes):
            for number, line in enumerate(chain(head, lines), 1):
                if line.strip():
                    yield record(f"{name} line {number}", line)
            return
        value = _whole(chain(head, lines), max_record_bytes)
        if value.startswith(UTF16):
            value = value.decode("utf-16", "replace").encode()
        if told_json and start == b"[":
            yield from _array(name, value, record)
        else:
            kind = b"" if told_json else b"text/html" if start == b"<" and not name.endswith(".txt") else b"text/plain"
            yield record(name, value, kind)
    except (OSError, EOFError, zlib.error) as error:
        yield Record(name, Undecodable(Reason.BAD_GZIP, f"cannot be unpacked: {error}"))


def _lines(stream: BinaryIO, longest: int) -> Iterator[bytes]:
    """Lines, each cut one byte above ``longest``: enough to be named too large, and no more is held."""
    start = stream.read(2)
    if start == GZIP:
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=cast(BinaryIO, _Again(start, stream))))
        start = b""
    unpacked = 0
    while line := start + stream.readline(longest + 1 - len(start)):
        start = b""
        unpacked += len(line)
        if unpacked > MOST_UNPACKED:
            raise OSError(f"more than {MOST_UNPACKED} bytes")
        if len(line) > longest:
            # The rest of this line is skipped.
            while (rest := stream.readline(1 << 20)) and not rest.endswith(b"\n"):
                unpacked += len(rest)
        yield line


class _Again:
    """A stream whose first bytes were read already."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self._start = start
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        start, self._start = self._start, b""
        return start + self._stream.read(size - len(start) if size >= 0 else -1)


def _until_told(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The first lines, up to the third that holds something: enough to tell the format."""
    seen = 0
    for line in lines:
        yield line
        seen += bool(line.strip())
        if seen == 3:
            return


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(parse_json(line), dict)
    except Undecodable:
        return False


def _whole(lines: Iterable[bytes], longest: int) -> bytes:
    """All lines as one text, cut above ``longest``."""
    held, size = [], 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size > longest:
            break
    return b"".join(held)


def _array(name: str, value: bytes, record: Callable[[str, bytes], Record]) -> Iterator[Record]:
    """The objects of a JSON array, each an article."""
    try:
        found = parse_json(value)
    except Undecodable as error:
        yield Record(name, error)
        return
    for number, item in enumerate(found, 1):
        yield record(f"{name} item {number}", msgspec.json.encode(item))
