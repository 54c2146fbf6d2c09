"""WARC, the archive of crawlers (CC-NEWS), and ARC before it: the page of each response, by warcio."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from monitor.articles.beginning import Beginning
from monitor.articles.document import Document, too_large
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.formats.format import Failed, Format, Nested, Part

#: Kinds of records that hold a page; requests, metadata and what the crawler says of itself hold none.
_PAGES = ("response", "resource", "conversion")


def read(document: Document) -> Iterator[Part]:
    """The page of each record that holds one and was answered with success."""
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise Undecodable(
            Reason.NOT_INSTALLED,
            "a WARC, for which the package warcio is missing; pip install 'syndication-monitor[warc]'",
        ) from error
    number = pages = 0
    try:
        for record in ArchiveIterator(document.stream(), arc2warc=True):
            number += 1
            if record.rec_type not in _PAGES or not _succeeded(record):
                continue
            pages += 1
            yield _page(record, f"record {number}", document.limits.record_bytes)
    except (ArchiveLoadFailed, EOFError, ValueError) as error:
        raise Undecodable(Reason.UNREADABLE, f"the archive is damaged after record {number}: {error}") from error
    if not pages:
        raise Undecodable(Reason.EMPTY, "a WARC without a page")


def recognises(beginning: Beginning) -> bool:
    """By its first line."""
    return beginning.value.startswith((b"WARC/", b"filedesc://"))


def _succeeded(record: Any) -> bool:
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    return bool(status and status.startswith("2"))


def _page(record: Any, place: str, longest: int) -> Part:
    headers = record.rec_headers
    content_type = (record.http_headers or headers).get_header("Content-Type") or ""
    value = record.content_stream().read(longest + 1)
    if len(value) > longest:
        return Failed(place, too_large(longest))
    url = headers.get_header("WARC-Target-URI") or ""
    envelope = {"url": url.strip("<>"), "arrived_at": headers.get_header("WARC-Date")}
    return Nested(place, value, content_type, envelope)


FORMAT = Format(
    "warc",
    "WARC",
    read,
    recognises,
    content_types=("application/warc",),
    endings=(".warc", ".wet", ".wat", ".arc"),
    only_files=True,
)
