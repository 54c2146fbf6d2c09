"""The lines of a file as UTF-8, whatever it is packed or written in, in bounded memory."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from monitor.articles.errors import Reason, Undecodable

GZIP = b"\x1f\x8b"
UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
#: A gzip file may unpack to this many bytes, or to so many times its own size, whichever is more: a
#: megabyte of it can hold a gigabyte of zeros. News in JSON packs to a fifth, seldom below a fiftieth.
UNPACKED_BYTES, UNPACKED_TIMES = 100_000_000, 200
#: The rest of a line that is too long is read in pieces of this size.
SKIPPED = 1 << 20


def lines_of(stream: BinaryIO, longest: int) -> Iterator[bytes]:
    """The lines of a stream with their ends, a byte order mark left out; each holds ``longest`` + 1 bytes at most.

    A longer line is cut there, enough to be told as too long, and its rest is skipped unheld.

    Raises:
        Undecodable: it is packed and unpacks to too much (:data:`UNPACKED_TIMES`), or is UTF-16 and damaged.
        OSError, EOFError, zlib.error: it cannot be read or unpacked.
    """
    counted = _Counted(stream)
    start, source = _begun(counted)
    packed = start.startswith(GZIP)
    if packed:
        unpacked = _Counted(cast(BinaryIO, gzip.GzipFile(fileobj=source)), within=counted)
        start, source = _begun(unpacked)
    if start.startswith(UTF16_MARKS):
        yield from _utf16(source, longest)
        return
    if start.startswith(UTF8_MARK):
        source.read(len(UTF8_MARK))
    while line := source.readline(longest + 1):
        yield line
        if len(line) > longest:
            while line and not line.endswith(b"\n"):
                line = source.readline(SKIPPED)


def _utf16(source: io.BufferedReader, longest: int) -> Iterator[bytes]:
    text = io.TextIOWrapper(source, "utf-16", newline="\n")
    try:
        while line := text.readline(longest + 1):
            yield line.encode("utf-8", "replace")[: longest + 1]
            if len(line) > longest:
                while line and not line.endswith("\n"):
                    line = text.readline(SKIPPED)
    except UnicodeError as error:
        raise Undecodable(Reason.NOT_UTF8, "begins as UTF-16, but is not; convert it to UTF-8 first") from error


class _Counted(io.RawIOBase):
    """Reads a stream and counts its bytes; of one that is unpacked ``within`` another not too many times as many.

    Closing it leaves the stream open, which is its owner's.
    """

    def __init__(self, stream: BinaryIO, within: _Counted | None = None) -> None:
        # What there is is taken, so that lines of a pipe arrive when they are written.
        self._read = getattr(stream, "read1", stream.read)
        self._stream = stream
        self._within = within
        self.count = 0
        #: Bytes to give out once more, that were read to see how the stream begins.
        self.again = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.again:
            found, self.again = self.again[: len(buffer)], self.again[len(buffer) :]
        else:
            found = self._read(len(buffer))
            self.count += len(found)
            if self._within and self.count > max(UNPACKED_BYTES, UNPACKED_TIMES * self._within.count):
                raise Undecodable(
                    Reason.BAD_GZIP,
                    f"unpacks to more than {UNPACKED_TIMES} times its size; unpack it yourself if you trust it",
                )
        buffer[: len(found)] = found
        return len(found)


def _begun(stream: _Counted) -> tuple[bytes, io.BufferedReader]:
    """The first bytes of a stream, and the stream with them still in it."""
    start = b""
    while len(start) < 3 and (more := stream.read(3 - len(start))):
        start += more
    stream.again = start
    return start, io.BufferedReader(stream, 1 << 16)
