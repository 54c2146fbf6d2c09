"""A record or a file, turned into articles."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, NamedTuple

from monitor.articles.article import Article
from monitor.articles.detection import format_of
from monitor.articles.document import Document, too_large
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.field_names import paths_of
from monitor.articles.fields import Entry, Paths, article_of, source_in
from monitor.articles.formats.cloudevents import attributes_in_headers
from monitor.articles.formats.format import Failed, Format, Nested
from monitor.articles.names import source_name
from monitor.articles.size_limits import SizeLimits

Headers = Sequence[tuple[str, bytes]]

#: Characters of a header or key that are looked at.
LONGEST_HEADER = 4_000
#: Documents within documents (an event's data, a page in an archive) are opened so deep.
DEEPEST = 4
#: Articles that one record may hold: so many are scored in seconds, and their verdicts held at once.
MOST_ARTICLES = 10_000
#: What a content-encoding may be: the bytes tell it themselves. Any other is refused.
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "bzip2", "xz", "zstd")


class Item(NamedTuple):
    """One article of a record or file, or why there is none.

    ``number`` counts the articles of a document that holds several, from 1; ``None`` where the
    document is the article. ``place`` says where it stands, for a person: ``line 17``.
    """

    number: int | None
    place: str
    article: Article | Undecodable

    def named_error(self, error: Undecodable) -> Undecodable:
        """The error with the item's place before it."""
        return Undecodable(error.reason, f"{self.place}: {error}") if self.place else error


@dataclass(frozen=True)
class Decoder:
    """Turns records and files into articles.

    ``fields`` names where fields of an article stand in an object, by dotted paths tried before the
    built-in names; ``limits`` how large things may be; ``input`` the format (its name in
    :mod:`monitor.articles.formats`), ``None`` to recognise it; ``items_path`` where the articles of
    a JSON document stand, ``None`` to look for them.
    """

    fields: Paths = field(default_factory=dict)
    limits: SizeLimits = field(default_factory=SizeLimits)
    input: str | None = None
    items_path: str | None = None

    def decode(self, value: bytes | None, *, key: bytes | None = None, headers: Headers = ()) -> Article:
        """The article in a record that holds one.

        Raises:
            Undecodable: the record is not an article, or holds several.
        """
        items = self.articles(value, key=key, headers=headers)
        item = next(items)
        if isinstance(item.article, Undecodable):
            raise item.article
        if next(items, None) is not None:
            raise Undecodable(Reason.SEVERAL_ARTICLES, "several articles in one; send one at a time")
        return item.article

    def articles(
        self,
        value: bytes | None,
        *,
        key: bytes | None = None,
        headers: Headers = (),
        arrived_at: datetime | float | None = None,
    ) -> Iterator[Item]:
        """Each article in a record, or why it is none; at least one item.

        ``arrived_at`` is when the record arrived, in seconds since 1970 or as a time: a copy that had
        expired by then is withdrawn.
        """
        try:
            document = self._document(value, key, headers)
        except Undecodable as error:
            yield Item(None, "", error)
            return
        moment = arrived_at.isoformat() if isinstance(arrived_at, datetime) else arrived_at
        document.envelope.setdefault("arrived_at", moment)
        yield from self._items(document)

    def articles_of_file(self, name: str, stream: BinaryIO) -> Iterator[Item]:
        """Each article of a file, in order, one held at a time, or why it is none.

        Raises:
            OSError: the file cannot be read.
        """
        try:
            document = self.document_of_file(name, stream)
        except Undecodable as error:
            yield Item(None, "", error)
            return
        for number, (part, envelope) in enumerate(self.parts_of(document), 1):
            yield self._item(part, envelope, number)

    def document_of_file(self, name: str, stream: BinaryIO) -> Document:
        """A file, of which the beginning has been read.

        Raises:
            Undecodable: it cannot be unpacked.
            OSError: it cannot be read.
        """
        return self._opened(stream, name=name, is_file=True)

    def format_of(self, document: Document) -> Format:
        """The format of a document; raises as :func:`monitor.articles.detection.format_of`."""
        return format_of(document, self.input)

    def parts_of(
        self, document: Document, format_: Format | None = None
    ) -> Iterator[tuple[Entry | Failed, Mapping[str, Any]]]:
        """The entries of a document, in order, before their fields are looked up, with what is known around each."""
        yield from self._parts(document, self.input if format_ is None else format_.name, DEEPEST)

    def source_of(self, value: bytes | None, headers: Headers = ()) -> str | None:
        """The source that a record names, also one that is no article; ``None`` where it names none or is too large."""
        envelope = _envelope(None, headers)
        try:
            document = self._document(value, None, headers)
        except Undecodable:
            return source_name(envelope.get("source"))
        part, around = next(self.parts_of(document), (None, envelope))
        declared = source_in(part.fields, self.fields) if isinstance(part, Entry) else None
        return declared or source_name(around.get("source"))

    def _document(self, value: bytes | None, key: bytes | None, headers: Headers) -> Document:
        if value is None:
            raise Undecodable(Reason.TOMBSTONE, "a tombstone: the record has no value")
        if len(value) > self.limits.record_bytes:
            raise too_large(self.limits.record_bytes)
        named = _named(headers)
        encoding = named.get("content-encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            raise Undecodable(
                Reason.UNREAD_FORMAT, f"the content-encoding {encoding[:40]} is not read; send gzip or zstd, or none"
            )
        content_type = named.get("content-type") or named.get("ce_datacontenttype") or ""
        return self._opened(io.BytesIO(value), content_type=content_type, envelope=_envelope(key, headers))

    def _opened(self, stream: BinaryIO, **known: Any) -> Document:
        body_paths = tuple(paths_of(self.fields, "body"))
        return Document(stream, self.limits, items_path=self.items_path, body_paths=body_paths, **known)

    def _items(self, document: Document) -> Iterator[Item]:
        """The articles of a record. What its key or headers name is the article's own only where it holds one."""
        parts = self.parts_of(document)
        first = next(parts, None)
        if first is None:
            yield Item(None, "", Undecodable(Reason.EMPTY, "no article in it"))
            return
        second = next(parts, None)
        if second is None:
            yield self._item(*first, None)
            return
        outer = document.envelope.get("id")
        for number, (part, envelope) in enumerate(_chained(first, second, parts), 1):
            if number > MOST_ARTICLES:
                message = (
                    f"more than {MOST_ARTICLES:,} articles in one record; those after them are left out: send fewer"
                )
                yield Item(number, part.place, Undecodable(Reason.SEVERAL_ARTICLES, message))
                return
            own = envelope if envelope.get("id") != outer else {**envelope, "id": None}
            yield self._item(part, own, number)

    def _item(self, part: Entry | Failed, envelope: Mapping[str, Any], number: int | None) -> Item:
        if isinstance(part, Failed):
            return Item(number, part.place, part.error)
        try:
            return Item(number, part.place, article_of(part, envelope, self.fields, self.limits))
        except Undecodable as error:
            return Item(number, part.place, error)
        except RecursionError:
            return Item(number, part.place, Undecodable(Reason.TOO_DEEP, "JSON nested too deep"))

    def _parts(
        self, document: Document, name: str | None, depth: int
    ) -> Iterator[tuple[Entry | Failed, Mapping[str, Any]]]:
        """Each entry of a document and of the documents within it, with what is known around it."""
        place = ""
        try:
            for part in format_of(document, name).read(document):
                place = part.place
                yield from (
                    self._nested(part, document, depth) if isinstance(part, Nested) else [(part, document.envelope)]
                )
        except Undecodable as error:
            after = Undecodable(error.reason, f"{error} (after {place})") if place else error
            yield Failed("", after), document.envelope
        except RecursionError:
            yield Failed(place, Undecodable(Reason.TOO_DEEP, "nested too deep")), document.envelope

    def _nested(
        self, part: Nested, document: Document, depth: int
    ) -> Iterator[tuple[Entry | Failed, Mapping[str, Any]]]:
        if depth == 0:
            yield Failed(part.place, Undecodable(Reason.TOO_DEEP, "documents within documents too deep")), part.envelope
            return
        try:
            stream = io.BytesIO(part.value)
            inner = self._opened(stream, content_type=part.content_type, envelope=part.envelope, name=part.name)
        except Undecodable as error:
            yield Failed(part.place, error), part.envelope
            return
        for entry, envelope in self._parts(inner, None, depth - 1):
            yield entry._replace(place=" ".join(filter(None, (part.place, entry.place)))), envelope


def _chained(*parts: Any) -> Iterator[Any]:
    first, second, rest = parts
    yield first
    yield second
    yield from rest


def _named(headers: Headers) -> dict[str, str]:
    """Headers by lower-case name, the first of each."""
    return {name.lower(): text[:LONGEST_HEADER].decode("utf-8", "replace") for name, text in reversed(headers)}


def _envelope(key: bytes | None, headers: Headers) -> dict[str, Any]:
    """What a record's key and headers say of its article."""
    envelope = attributes_in_headers(_named(headers))
    if not envelope.get("id") and key:
        envelope["id"] = key[:LONGEST_HEADER].decode("utf-8", "replace")
    return envelope
