"""What a person gives to ``monitor score``: JSON Lines (also gzip), JSON, ninjs, HTML or text."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import BinaryIO, NamedTuple

from monitor.articles.article import Article
from monitor.articles.decode import Decoder
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.jsontext import parse_json
from monitor.articles.lines import lines_of

#: How a JSON text begins that may hold articles: an object, or a list of objects. ``[Update] The …``
#: and ``{sic} …`` are plain text.
_JSON = re.compile(rb"\s*(?:\{\s*(?:[\"}]|\Z)|\[\s*(?:[{\[\]]|\Z))")
#: Lines that hold something, looked at to tell the format.
_LOOKED_AT = 3


class Record(NamedTuple):
    """One record of a file: where it stands, for a person, and the article or why there is none."""

    name: str
    article: Article | Undecodable


def read(name: str, stream: BinaryIO, decoder: Decoder) -> Iterator[Record]:
    """The records of a file, one by one, in order; holds one record at a time.

    The format is told from the content, and from the name where that decides (``.jsonl``, ``.txt``,
    ``.html``): lines that are JSON objects make it JSON Lines, ``{`` or ``[`` one JSON text, ``<``
    HTML, anything else plain text. UTF-8, or UTF-16 with its byte order mark; gzip is unpacked. What
    cannot be read is a record too, and the rest is still read.
    """
    record = partial(_record, decoder)
    longest = decoder.limits.record_bytes
    plain_name = name.lower().removesuffix(".gz")
    try:
        lines = lines_of(stream, longest)
        head = list(_until_told(lines))
        if _is_json_lines(plain_name, head):
            for number, line in enumerate(chain(head, lines), 1):
                if line.strip():
                    yield record(f"{name} line {number}", line)
            return
        value = _whole(chain(head, lines), longest)
        kind = _kind(plain_name, value)
        if kind == "array":
            yield from _array(name, value, longest, record)
        else:
            yield record(name, value, kind)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        yield Record(name, Undecodable(Reason.BAD_GZIP, f"cannot be unpacked: {error}"))
    except OSError as error:
        yield Record(name, Undecodable(Reason.UNREADABLE, f"cannot be read: {error.strerror or error}"))
    except Undecodable as error:
        yield Record(name, error)


def _record(decoder: Decoder, name: str, value: bytes, content_type: str = "") -> Record:
    try:
        return Record(name, decoder.decode(value, headers=[("content-type", content_type.encode())]))
    except Undecodable as error:
        return Record(name, error)


def _until_told(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The first lines: enough to tell the format."""
    seen = 0
    for line in lines:
        yield line
        seen += bool(line.strip())
        # A whole object on the first line tells it at once: the lines of a pipe are not waited for.
        if seen == _LOOKED_AT or (seen == 1 and _is_object(line)):
            return


def _is_json_lines(name: str, head: list[bytes]) -> bool:
    """Whether each line is a record of its own; a damaged line among the first does not hide it."""
    if name.endswith((".jsonl", ".ndjson")):
        return True
    if name.endswith((".txt", ".html", ".htm")):
        return False
    told = [line for line in head if line.strip()]
    if not told or told[0].lstrip().startswith(b"["):
        return False
    # A whole object on the first line is a record. Else that line may be damaged: in one JSON text over
    # several lines no line but the first begins with a brace.
    return _is_object(told[0]) or sum(line.startswith(b"{") for line in told) > 1


def _kind(name: str, value: bytes) -> str:
    """What a file is that holds one record: a content type, or ``array``."""
    if name.endswith(".txt"):
        return "text/plain"
    if name.endswith((".html", ".htm")):
        return "text/html"
    if name.endswith(".json") or _JSON.match(value):
        return "array" if value.lstrip().startswith(b"[") else "application/json"
    return "text/html" if value.lstrip().startswith(b"<") else "text/plain"


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


def _array(name: str, value: bytes, longest: int, record: Callable[[str, bytes], Record]) -> Iterator[Record]:
    """The objects of a JSON array, each an article."""
    if len(value) > longest:
        message = f"a list of more than max_record_bytes = {longest}; write one object a line (JSON Lines)"
        raise Undecodable(Reason.RECORD_TOO_LARGE, message)
    found = parse_json(value)
    if not found:
        raise Undecodable(Reason.EMPTY, "an empty list")
    for number, item in enumerate(found, 1):
        where = f"{name} item {number}"
        try:
            one = json.dumps(item).encode()
        except RecursionError:
            yield Record(where, Undecodable(Reason.TOO_DEEP, "JSON nested too deep"))
        else:
            yield record(where, one)
