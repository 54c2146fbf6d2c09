"""The records that the articles of a file become on a topic: what ``monitor feed`` sends."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

from monitor.articles.decode import Decoder
from monitor.articles.document import too_large
from monitor.articles.errors import Undecodable
from monitor.articles.fields import Entry
from monitor.articles.formats import json_documents


class FileRecord(NamedTuple):
    """One record of a file: where it stands, for a person, and its value or why there is none."""

    place: str
    value: bytes | Undecodable


def records_of(name: str, stream: BinaryIO, decoder: Decoder) -> Iterator[FileRecord]:
    """A record for each article of a file, in order, of any format that is read.

    A line of JSON Lines goes as it is, damaged ones too; any other article as one JSON object.

    Raises:
        Undecodable: the file cannot be unpacked, or is of a kind that is not read.
        OSError: it cannot be read.
    """
    document = decoder.document_of_file(name, stream)
    format_ = decoder.format_of(document)
    lines = json_documents.lines_as_they_are(document) if format_ is json_documents.FORMAT else None
    if lines is not None:
        longest = decoder.limits.record_bytes
        for number, line in enumerate(lines, 1):
            if stripped := line.rstrip(b"\r\n"):
                yield FileRecord(f"line {number}", too_large(longest) if len(line) > longest else stripped)
        return
    for part, envelope in decoder.parts_of(document, format_):
        value = _value_of(part, envelope) if isinstance(part, Entry) else part.error
        yield FileRecord(part.place, value)


def _value_of(entry: Entry, envelope: Mapping[str, Any]) -> bytes:
    """An article as a JSON object; within an event where the file says of it what an event's envelope does."""
    attributes = {"id": envelope.get("id"), "source": envelope.get("source"), "time": envelope.get("published_at")}
    around = {name: value for name, value in attributes.items() if value is not None}
    if entry.body is None and entry.value is not None and not around:
        return entry.value.strip()
    fields = {name: value for name, value in entry.fields.items() if value is not None}
    if entry.body is not None:
        fields["content_html" if entry.body.html else "content"] = entry.body.text
    record = {"specversion": "1.0", **around, "data": fields} if around else fields
    return json.dumps(record, default=str).encode()
