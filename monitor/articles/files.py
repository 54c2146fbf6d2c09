"""The articles of a file, each with its place for a person: what ``monitor score`` is given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from monitor.articles.article import Article
from monitor.articles.decode import Decoder
from monitor.articles.errors import Reason, Undecodable


class Record(NamedTuple):
    """One article of a file: where it stands, for a person, and the article or why there is none."""

    name: str
    article: Article | Undecodable


def read(name: str, stream: BinaryIO, decoder: Decoder) -> Iterator[Record]:
    """The articles of a file, one by one, in order; holds one at a time.

    The format is told from the content, and from the name where that tells nothing; files packed with
    gzip, bzip2, xz or zstd are unpacked. What cannot be read is named too, and the rest is still read.
    """
    try:
        for item in decoder.articles_of_file(name, stream):
            yield Record(f"{name} {item.place}".rstrip(), item.article)
    except OSError as error:
        yield Record(name, Undecodable(Reason.UNREADABLE, f"cannot be read: {error.strerror or error}"))
