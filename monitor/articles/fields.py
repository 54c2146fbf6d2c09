"""Where the fields of an article stand: the names that feeds use, and the paths a user sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from monitor.articles.article import Article
from monitor.articles.body import at, body_of, count, value_of
from monitor.articles.dates import parse
from monitor.articles.errors import Undecodable
from monitor.articles.html import draw, page
from monitor.articles.jsontext import parse_json
from monitor.articles.names import LONGEST_SOURCE, address, clean, host, identifier, language, replace_surrogates

#: Names of fields, the first that holds something wins. Each is ninjs 1 to 3, schema.org, JSON Feed,
#: Media Cloud or what home-made pipelines agree on.
NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "uri", "guid", "_id", "@id", "url", "link"),
    "url": ("url", "link", "uri", "canonical_url", "mainEntityOfPage"),
    "title": ("title", "headline", "article_title", "name"),
    "source": ("source", "publisher", "provider", "source_name", "canonical_domain", "domain", "outlet", "isPartOf"),
    "published_at": (
        "published_at", "publishedAt", "published", "pubDate", "publication_date", "publish_date", "date_published",
        "datePublished", "contentCreated", "contentcreated", "firstCreated", "firstcreated", "versionCreated",
        "versioncreated", "date",
    ),
    "language": ("language", "lang", "inLanguage"),
    "words": ("word_count", "wordCount", "wordcount", "words"),
    "status": ("pubStatus", "pubstatus", "status"),
    "expires": ("expires", "expires_at"),
    "representation": ("representationType", "representationtype"),
    "free": ("isAccessibleForFree",),
}  # fmt: skip
_STATUS: dict[str, Literal["usable", "withheld", "canceled"]] = {
    "usable": "usable",
    "withheld": "withheld",
    "embargoed": "withheld",
    "canceled": "canceled",
    "cancelled": "canceled",
}
#: A page's JSON-LD is read up to this many characters.
LONGEST_DATA = 500_000


def from_object(found: Mapping[str, Any], value: bytes, said: Mapping[str, Any], fields: Mapping[str, str]) -> Article:
    """The article in a JSON object.

    ``value`` is what it was read from. ``said`` is what the record's key or envelope say of ``id``,
    ``source`` and ``published_at``; the object's own come first. ``fields`` are a user's paths.

    Raises:
        Undecodable: it holds no text, or text of the wrong type.
    """
    body = body_of(found, fields.get("body"))
    # Surrogates go before the drawing, so that each is one character of the text.
    text, markup = draw(replace_surrogates(body.text)) if body.html else (replace_surrogates(body.text), ())
    url = address(_field(found, fields, "url"))
    return Article(
        id=identifier(clean(_field(found, fields, "id"), None) or said.get("id"), value),
        text=text,
        source=source_in(found, fields) or clean(said.get("source"), LONGEST_SOURCE) or "unknown",
        url=url,
        title=clean(_field(found, fields, "title") or value_of(found.get("headlines"))),
        published_at=parse(_field(found, fields, "published_at")) or parse(said.get("published_at")),
        language=language(_field(found, fields, "language")),
        declared_words=count(_field(found, fields, "words")) or body.words,
        status=_STATUS.get(_word(_field(found, fields, "status"))),
        expires=parse(_field(found, fields, "expires")),
        partial=_word(_field(found, fields, "representation")) in ("partial", "incomplete"),
        free=_free(_field(found, fields, "free")),
        markup=markup,
    )


def from_html(html: str, value: bytes, said: Mapping[str, Any]) -> Article:
    """The article in an HTML document or fragment, with what its JSON-LD says of it."""
    html = replace_surrogates(html)
    text, markup = draw(html)
    about = page(html)
    data = _article_data(about.data)
    url = address(about.url) or address(_field(data, {}, "url"))
    return Article(
        id=identifier(said.get("id") or url, value),
        text=text,
        source=clean(_field(data, {}, "source"), LONGEST_SOURCE)
        or host(url)
        or clean(said.get("source"), LONGEST_SOURCE)
        or "unknown",
        url=url,
        title=clean(_field(data, {}, "title")) or clean(about.title),
        published_at=parse(_field(data, {}, "published_at")) or parse(said.get("published_at")),
        language=language(about.language) or language(_field(data, {}, "language")),
        declared_words=count(_field(data, {}, "words")),
        expires=parse(_field(data, {}, "expires")),
        free=_free(_field(data, {}, "free")),
        markup=markup,
    )


def from_text(text: str, value: bytes, said: Mapping[str, Any]) -> Article:
    """The article in a plain text: all of it is the body."""
    return Article(
        id=identifier(said.get("id"), value),
        text=replace_surrogates(text),
        source=clean(said.get("source"), LONGEST_SOURCE) or "unknown",
        published_at=parse(said.get("published_at")),
    )


def article_in(found: dict[str, Any]) -> dict[str, Any]:
    """The article among the items of a JSON-LD graph; anything else as it is."""
    graph = found.get("@graph")
    if not isinstance(graph, list) or "articleBody" in found:
        return found
    items = [item for item in graph[:100] if isinstance(item, dict)]
    for name in ("articleBody", "headline", "datePublished"):
        for item in items:
            if name in item:
                return item
    return found


def _article_data(texts: tuple[str, ...]) -> Mapping[str, Any]:
    """The JSON-LD object of a page that describes its article; empty where none does."""
    for text in texts:
        try:
            found = parse_json(text[:LONGEST_DATA].encode())
        except Undecodable:
            continue
        for item in found[:100] if isinstance(found, list) else [found]:
            data = article_in(item) if isinstance(item, dict) else {}
            if "headline" in data or "articleBody" in data or "datePublished" in data:
                return data
    return {}


def source_in(found: Mapping[str, Any], fields: Mapping[str, str]) -> str | None:
    """The source that an object names, else the host of its address."""
    declared = clean(_field(found, fields, "source"), LONGEST_SOURCE)
    return declared or host(address(_field(found, fields, "url")))


def _field(found: Mapping[str, Any], fields: Mapping[str, str], name: str) -> Any:
    if name in fields:
        return at(found, fields[name])
    for alias in NAMES[name]:
        value = found.get(alias)
        if value is not None and value != "":
            return value
    return None


def _word(value: Any) -> str:
    return value.strip().lower() if isinstance(value, str) else ""


def _free(value: Any) -> bool | None:
    return value if isinstance(value, bool) else {"true": True, "false": False}.get(_word(value))
