"""The fields of an article, taken from an object by the paths a user sets and the names that feeds use."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeVar

from monitor.articles.article import Article
from monitor.articles.body import Body, body_of, count
from monitor.articles.dates import parse
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.field_names import NAMES, at, fold, paths_of, value_under
from monitor.articles.html import draw
from monitor.articles.html_shape import unescaped_html
from monitor.articles.names import address, clean, host, identifier, language, replace_surrogates, source_name, title
from monitor.articles.size_limits import SizeLimits

#: Where a user has set the fields of an article to stand: a dotted path, or several, tried in order.
Paths = Mapping[str, str | Sequence[str]]
T = TypeVar("T")

_STATUS: dict[str, Literal["usable", "withheld", "canceled"]] = {
    "usable": "usable",
    "withheld": "withheld",
    "embargoed": "withheld",
    "canceled": "canceled",
    "cancelled": "canceled",
}


class Entry(NamedTuple):
    """One article as a format gives it, before its fields are looked up.

    ``place`` says where it stands in its document (``item 3``), empty where it is the document.
    ``fields`` is its object, under the names of the format or the built-in ones, ``value`` what it was
    read from, and ``body`` its text where that is not among the fields.
    """

    place: str
    fields: Mapping[str, Any]
    value: bytes | None = None
    body: Body | None = None


def article_of(entry: Entry, envelope: Mapping[str, Any], paths: Paths, limits: SizeLimits) -> Article:
    """The article of an entry.

    ``envelope`` is what the record's key, headers or event say of ``id``, ``source``, ``published_at``
    and ``arrived_at``; the entry's own come first.

    Raises:
        Undecodable: it holds no text, text of the wrong type, or too much.
    """
    names = fold(entry.fields)
    look = _Lookup(names, entry.fields, paths)
    body = entry.body or body_of(names, entry.fields, paths)
    # Surrogates go before the drawing, so that each is one character of the text.
    text, html = replace_surrogates(body.text), body.html
    if entry.body is None and not html and (unescaped := unescaped_html(text)) is not None:
        text, html = unescaped, True
    text, markup = draw(text, limits.text_characters) if html else (text, ())
    _check(text, limits)
    url = look.first("url", address)
    name = look.first("id", lambda value: clean(value, None)) or clean(envelope.get("id"), None)
    article_language = look.first("language", language)

    def date(value: object) -> datetime | None:
        return parse(value, article_language)

    return Article(
        id=identifier(name, _value_of(entry) if name is None else b""),
        text=text,
        source=look.first("source", _name_but_no_address)
        or host(url)
        or look.first("source", source_name)
        or source_name(envelope.get("source"))
        or "unknown",
        url=url,
        title=look.first("title", title),
        published_at=look.first("published_at", date) or date(envelope.get("published_at")),
        language=article_language,
        declared_words=look.first("words", count) or body.words,
        status=look.first("status", lambda value: _STATUS.get(_word(value) or "")),
        expires=look.first("expires", date),
        arrived_at=parse(envelope.get("arrived_at")),
        partial=look.first("representation", _word) in ("partial", "incomplete"),
        free=look.first("free", _free),
        markup=markup,
    )


def source_in(fields: Mapping[str, Any], paths: Paths) -> str | None:
    """The source that an object names, else the host of its address."""
    look = _Lookup(fold(fields), fields, paths)
    return (
        look.first("source", _name_but_no_address)
        or host(look.first("url", address))
        or look.first("source", source_name)
    )


class _Lookup:
    """The fields of one object, by the paths that are set and then by their built-in names."""

    def __init__(self, names: Mapping[str, Any], original: Mapping[str, Any], paths: Paths) -> None:
        self._names = names
        self._original = original
        self._paths = paths

    def first(self, name: str, read: Callable[[Any], T | None]) -> T | None:
        """The first value of a field that can be read as one; ``None`` where none can."""
        for value in self._values(name):
            if value is not None and value != "" and (result := read(value)) is not None:
                return result
        return None

    def _values(self, name: str) -> Iterator[Any]:
        for path in paths_of(self._paths, name):
            yield at(self._original, path)
        for alias in NAMES[name]:
            yield value_under(self._names, alias)


def _check(text: str, limits: SizeLimits) -> None:
    if not text.strip():
        raise Undecodable(Reason.EMPTY, "the text is empty")
    if len(text) > limits.text_characters:
        raise Undecodable(
            Reason.TEXT_TOO_LARGE,
            f"more than max_text_characters = {limits.text_characters} characters of text; "
            "send less, or raise it in monitor.toml",
        )


def _value_of(entry: Entry) -> bytes:
    """What an article without an id is told by: the bytes it was read from, else its fields and text."""
    if entry.value is not None:
        return entry.value
    told_by = entry.fields if entry.body is None else [entry.fields, entry.body.text]
    return json.dumps(told_by, default=str).encode()


def _name_but_no_address(value: Any) -> str | None:
    """A source's name; ``None`` for an address, of which only the host would be taken."""
    name = clean(value)
    return None if name is None or name.lower().startswith(("https://", "http://")) else source_name(value)


def _word(value: Any) -> str | None:
    return value.strip().lower() if isinstance(value, str) else None


def _free(value: Any) -> bool | None:
    return value if isinstance(value, bool) else {"true": True, "false": False}.get(_word(value) or "")
