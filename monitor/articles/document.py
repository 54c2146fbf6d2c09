"""Bytes that hold one article or several, unpacked, with what is known of them before they are read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, cast

from monitor.articles.charset import as_utf8, declared_charset, mark_of, text_of
from monitor.articles.compression import Counted, unpacked
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.size_limits import SizeLimits

#: Bytes of the beginning that are looked at to tell the format.
HEAD_BYTES = 1 << 16
#: Formats that the first bytes tell: the rest of a pipe is not waited for.
_TOLD = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\[{\]]|\x1e\s*\{|<[a-zA-Z][^>]*>|WARC/)|[^\n]*\n[^\n]*\n[^\n]*\n")
#: The rest of a line that is too long is read in pieces of this size.
_SKIPPED = 1 << 20


class Document:
    """What arrived, as one stream of bytes that can be read once.

    ``name`` is its file's name or address, lower-case, without the ending of what it was packed with.
    ``content_type`` is its media type, lower-case, ``charset`` the one that is declared beside it,
    ``envelope`` what its key, headers or event say of ``id``, ``source``, ``published_at`` and ``arrived_at``.
    ``items_path`` is the dotted path of the articles in a JSON document, where a user has set one;
    ``body_paths`` are the dotted paths at which a user says that the text stands.
    ``head`` is its beginning, unpacked, and ``file`` the stream of a file as it was given, else ``None``.
    """

    def __init__(
        self,
        stream: BinaryIO,
        limits: SizeLimits,
        *,
        name: str = "",
        content_type: str = "",
        envelope: Mapping[str, Any] | None = None,
        is_file: bool = False,
        items_path: str | None = None,
        body_paths: tuple[str, ...] = (),
    ) -> None:
        """Reads the beginning of the stream.

        Raises:
            Undecodable: it is packed and cannot be unpacked.
            OSError: it cannot be read.
        """
        self.limits = limits
        self.items_path = items_path
        self.body_paths = body_paths
        self.name = re.sub(r"\.(gz|bz2|xz|zst|zstd)\Z", "", name.lower())
        self.content_type, self.charset = _media_type(content_type)
        self.envelope = dict(envelope or {})
        self.file = stream if is_file else None
        self._source = unpacked(stream)
        self.head = _head(self._source)

    def stream(self) -> io.BufferedReader:
        """All bytes, unpacked."""
        return io.BufferedReader(self._source, HEAD_BYTES)

    def value(self) -> bytes:
        """All bytes, unpacked.

        Raises:
            Undecodable: they are more than a record may have.
        """
        longest = self.limits.record_bytes
        value = _at_most(self.stream(), longest + 1)
        if len(value) > longest:
            raise too_large(longest)
        return value

    def text(self) -> str:
        """All of it as text; raises as :meth:`value` and :meth:`text_of`."""
        return self.text_of(self.value())

    def text_of(self, value: bytes) -> str:
        """Bytes of it as text, by their byte order mark, the declared charset or as UTF-8.

        Raises:
            Undecodable: they are not written in it.
        """
        return text_of(value, self.charset or declared_charset(self.head))

    def lines(self) -> Iterator[bytes]:
        """Its lines in UTF-8 with their ends; each holds one byte more than a record may have, at most.

        A longer line is cut there, enough to be seen as too long, and its rest is skipped unheld.
        """
        longest = self.limits.record_bytes
        mark = mark_of(self.head)
        if mark in ("utf-16", "utf-32"):
            yield from _lines_of_text(self.stream(), mark, longest)
            return
        stream = self.stream()
        if mark:
            stream.read(3)
        while line := stream.readline(longest + 1):
            yield line if len(line) > longest else as_utf8(line, self.charset)
            if len(line) > longest:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(_SKIPPED)


def too_large(longest: int) -> Undecodable:
    """The error of a record or document above its limit. How much larger it is is not known: it is read up to there."""
    return Undecodable(
        Reason.RECORD_TOO_LARGE,
        f"longer than max_record_bytes = {longest} bytes; send less, or raise it in monitor.toml",
    )


def _media_type(content_type: str) -> tuple[str, str | None]:
    """A content type's media type, lower-case, and its charset."""
    media_type, _, parameters = content_type.partition(";")
    declared = re.search(r"charset\s*=\s*[\"']?([^\s\"';]{1,40})", parameters, re.IGNORECASE)
    return media_type.strip().lower(), declared[1] if declared else None


def _head(source: Counted) -> bytes:
    """The beginning, enough of it to tell the format; it stays in the stream."""
    head, source.again = source.again, b""
    while len(head) < HEAD_BYTES and not (_TOLD.match(head) and mark_of(head) is None):
        chunk = source.read(HEAD_BYTES - len(head))
        if not chunk:
            break
        head += chunk
    source.again = head
    return head


def _at_most(stream: io.BufferedReader, size: int) -> bytes:
    pieces, read = [], 0
    while read < size and (piece := stream.read(min(size - read, _SKIPPED))):
        pieces.append(piece)
        read += len(piece)
    return b"".join(pieces)


def _lines_of_text(stream: io.BufferedReader, encoding: str, longest: int) -> Iterator[bytes]:
    text = io.TextIOWrapper(cast(BinaryIO, stream), encoding, newline="\n")
    try:
        while line := text.readline(longest + 1):
            yield line.encode("utf-8", "replace")[: longest + 1]
            if len(line) > longest:
                while line and not line.endswith("\n"):
                    line = text.readline(_SKIPPED)
    except UnicodeError as error:
        message = (
            f"begins with the byte order mark of {encoding.upper()}, but is not written in it; convert it to UTF-8"
        )
        raise Undecodable(Reason.NOT_UTF8, message) from error
