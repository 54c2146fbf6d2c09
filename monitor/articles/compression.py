"""Streams that are packed (gzip, bzip2, xz, zstd), unpacked in bounded memory and never to too much."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, cast

from monitor.articles.errors import Reason, Undecodable

#: How each kind of packing begins.
SIGNATURES = {"gzip": b"\x1f\x8b", "bzip2": b"BZh", "xz": b"\xfd7zXZ\x00", "zstd": b"\x28\xb5\x2f\xfd"}
#: What packed data may unpack to: this many bytes, or so many times its own size, whichever is more. A
#: megabyte of it can hold a gigabyte of zeros. News in JSON packs to a fifth, seldom below a fiftieth.
UNPACKED_BYTES, UNPACKED_TIMES = 100_000_000, 200
#: How often packed data may be packed again: an archive's member within a compressed file.
DEEPEST = 2
#: Memory that xz and zstd may ask for, by what their own beginning declares.
MEMORY_BYTES = 1 << 27
#: Bytes that are read at once.
CHUNK_BYTES = 1 << 16
#: What the unpackers raise on damaged data.
DAMAGED = (gzip.BadGzipFile, lzma.LZMAError, EOFError, zlib.error)


class Counted(io.RawIOBase):
    """Reads a stream and counts its bytes; of one that is unpacked ``within`` another not too many times as many.

    Closing it leaves the stream open, which is its owner's.
    """

    def __init__(self, stream: BinaryIO, within: Counted | None = None) -> None:
        # What there is is taken, so that lines of a pipe arrive when they are written.
        self._read = getattr(stream, "read1", stream.read)
        self._within = within
        self.count = 0
        #: Bytes to give out once more, which were read to see how the stream begins.
        self.again = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.again:
            data, self.again = self.again[: len(buffer)], self.again[len(buffer) :]
        else:
            data = self._taken(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _taken(self, size: int) -> bytes:
        try:
            data: bytes = self._read(size)
        except DAMAGED as error:
            raise Undecodable(Reason.BAD_GZIP, f"the compressed data cannot be unpacked: {error}") from error
        except OSError as error:
            if self._within is None:
                raise
            # bz2 raises it for damaged data.
            raise Undecodable(Reason.BAD_GZIP, f"the compressed data cannot be unpacked: {error}") from error
        except Exception as error:
            if type(error).__name__ != "ZstdError":
                raise
            raise Undecodable(Reason.BAD_GZIP, f"the compressed data cannot be unpacked: {error}") from error
        self.count += len(data)
        if self._within and self.count > max(UNPACKED_BYTES, UNPACKED_TIMES * self._within.count):
            raise Undecodable(
                Reason.BAD_GZIP,
                f"the compressed data unpacks to more than {UNPACKED_TIMES} times its size; "
                "unpack it yourself if you trust it",
            )
        return data


def unpacked(stream: BinaryIO) -> Counted:
    """The stream, unpacked where it is packed, twice at most. Its errors come while it is read.

    Raises:
        Undecodable: it is packed in a way for which a package is missing, or cannot be unpacked.
    """
    source = Counted(stream)
    for _ in range(DEEPEST):
        kind = packing(first_bytes(source))
        if kind is None:
            break
        source = Counted(_opened(kind, cast(BinaryIO, io.BufferedReader(source, CHUNK_BYTES))), within=source)
    return source


def packing(start: bytes) -> str | None:
    """How data that begins so is packed; ``None`` where it is not."""
    return next((kind for kind, signature in SIGNATURES.items() if start.startswith(signature)), None)


def first_bytes(stream: Counted) -> bytes:
    """The first bytes of a stream, as many as one read gives; they stay in it. More where they may be a signature's."""
    start, stream.again = stream.again, b""
    while chunk := stream.read(CHUNK_BYTES):
        start += chunk
        if not any(signature.startswith(start) for signature in SIGNATURES.values()):
            break
    stream.again = start
    return start


def _opened(kind: str, stream: BinaryIO) -> BinaryIO:
    if kind == "gzip":
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    if kind == "bzip2":
        return cast(BinaryIO, bz2.BZ2File(stream))
    if kind == "xz":
        return cast(BinaryIO, io.BufferedReader(_Xz(stream), CHUNK_BYTES))
    try:
        import zstandard
    except ImportError as error:
        raise Undecodable(
            Reason.NOT_INSTALLED,
            "packed with zstd, for which the package zstandard is missing; pip install 'syndication-monitor[zstd]'",
        ) from error
    unpacker = zstandard.ZstdDecompressor(max_window_size=MEMORY_BYTES)
    return cast(BinaryIO, io.BufferedReader(_Zstd(stream, unpacker.decompressobj), CHUNK_BYTES))


class _Xz(io.RawIOBase):
    """xz unpacked with a limit on memory, which ``lzma.LZMAFile`` does not have."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._unpacker = lzma.LZMADecompressor(memlimit=MEMORY_BYTES)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while True:
            packed = b""
            if self._unpacker.eof:
                # Several streams may follow one another, with zeros between them.
                packed = (self._unpacker.unused_data or self._stream.read(CHUNK_BYTES)).lstrip(b"\0")
                if not packed:
                    return 0
                self._unpacker = lzma.LZMADecompressor(memlimit=MEMORY_BYTES)
            elif self._unpacker.needs_input:
                packed = self._stream.read(CHUNK_BYTES)
                if not packed:
                    raise EOFError("the data ends in the middle")
            data = self._unpacker.decompress(packed, len(buffer))
            if data:
                buffer[: len(data)] = data
                return len(data)


class _Zstd(io.RawIOBase):
    """zstd unpacked frame by frame; data that ends within a frame is an error, to zstandard's own reader it is none."""

    #: A block of 128 KiB may be packed into four bytes, and each piece is unpacked as a whole: 16 MiB at most.
    PIECE_BYTES = 512

    def __init__(self, stream: BinaryIO, new_unpacker: Callable[[], Any]) -> None:
        self._stream = stream
        self._new_unpacker = new_unpacker
        self._unpacker = new_unpacker()
        self._held = memoryview(b"")
        self._began = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._held:
            packed = b""
            if self._unpacker.eof:
                packed, self._unpacker, self._began = self._unpacker.unused_data, self._new_unpacker(), False
            packed = packed or self._stream.read(self.PIECE_BYTES)
            if not packed:
                if self._began:
                    raise EOFError("the data ends in the middle")
                return 0
            self._began = True
            self._held = memoryview(self._unpacker.decompress(packed))
        size = min(len(buffer), len(self._held))
        buffer[:size], self._held = self._held[:size], self._held[size:]
        return size
