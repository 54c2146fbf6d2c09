"""WARC, the archive of crawlers (CC-NEWS), and ARC before it: the page of each response, by warcio."""

from __future__ import annotations

import contextlib
import io
import logging
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
    # It warns in a log of its own, with texts of the archive.
    logging.getLogger("warcio").setLevel(logging.CRITICAL)
    try:
        records = ArchiveIterator(document.stream(), arc2warc=True)
        while (record := _next(records)) is not None:
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


def _next(records: Iterator[Any]) -> Any:
    """The next record, ``None`` at the end. What warcio prints of damage, as it stands in the archive, is not shown."""
    with contextlib.redirect_stderr(io.StringIO()):
        return next(records, None)


def _succeeded(record: Any) -> bool:
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    return bool(status and status.startswith("2"))


def _page(record: Any, place: str, longest: int) -> Part:
    headers = record.rec_headers
    content_type = (record.http_headers or headers).get_header("Content-Type") or ""
    value = record.content_stream().read(longest + 1)
    if len(value) > longest:
        return Failed(place, too_large(longest))
    if record.format == "warc" and getattr(record.raw_stream, "limit", 0) > 0 and not record.raw_stream.read(1):
        return Failed(place, Undecodable(Reason.UNREADABLE, "the archive ends in the middle of this record"))
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
