"""Where the fields of an article stand: the names that feeds use, and the paths a user sets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import xxhash

from monitor.articles.article import Article
from monitor.articles.dates import parse
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.html import draw, looks_like_html, page

#: Names of fields, the first that holds something wins. Each is ninjs 1 to 3, schema.org, JSON Feed,
#: Media Cloud or what home-made pipelines agree on.
BODY = ("content", "body", "text", "text_content", "body_text", "articleBody", "content_text")
BODY_HTML = ("content_html", "body_xhtml", "body_html")
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
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
SURROGATE = re.compile("[\ud800-\udfff]")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
#: Longer names and titles are cut, longer ids hashed: none may grow a topic's keys without bound.
LONGEST_SOURCE, LONGEST_ID, LONGEST_TEXT = 200, 512, 2_000


class Body(NamedTuple):
    """A body as it arrived, and whether it is HTML."""

    text: str
    html: bool
    words: int | None = None


def from_object(found: dict[str, Any], value: bytes, identity: str | None, fields: Mapping[str, str]) -> Article:
    """The article in a JSON object; ``value`` is what it was read from, ``identity`` its key or event id.

    Raises:
        Undecodable: it holds no text, or text of the wrong type.
    """
    body = _body(found, fields)
    text, markup = draw(body.text) if body.html else (body.text, ())
    url = clean(_field(found, fields, "url"))
    url = url if url and "://" in url else None
    source = clean(_field(found, fields, "source"), LONGEST_SOURCE) or (urlsplit_host(url) if url else None)
    words = _field(found, fields, "words")
    status = str(_field(found, fields, "status")).lower()
    return Article(
        id=identifier(clean(_field(found, fields, "id"), None) or identity, value),
        text=SURROGATE.sub("\ufffd", text),
        source=source or "unknown",
        url=url,
        title=clean(_field(found, fields, "title") or _value(found.get("headlines"))),
        published_at=parse(_field(found, fields, "published_at")),
        language=language(_field(found, fields, "language")),
        declared_words=words if type(words) is int and 0 < words < 10_000_000 else body.words,
        status=_STATUS.get(status),
        expires=parse(_field(found, fields, "expires")),
        partial=str(_field(found, fields, "representation")).lower() in ("partial", "incomplete"),
        free=_free(_field(found, fields, "free")),
        markup=markup,
    )


def from_html(html: str, value: bytes, identity: str | None = None) -> Article:
    """The article in an HTML document or fragment."""
    text, markup = draw(html)
    said = page(html)
    return Article(
        id=identifier(identity or said.url, value),
        text=SURROGATE.sub("\ufffd", text),
        source=(urlsplit_host(said.url) if said.url else None) or "unknown",
        url=clean(said.url),
        title=clean(said.title),
        language=language(said.language),
        markup=markup,
    )


def from_text(text: str, value: bytes, identity: str | None = None) -> Article:
    """The article in a plain text: all of it is the body."""
    return Article(id=identifier(identity, value), text=text)


def clean(value: object, longest: int | None = LONGEST_TEXT) -> str | None:
    """A name on one line, without control characters, cut at ``longest``; ``None`` where nothing is left."""
    if isinstance(value, dict):
        value = next((value[name] for name in ("name", "title", "@id", "id") if name in value), None)
    if isinstance(value, list):
        return clean(value[0], longest) if value else None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 64:
        value = str(value)
    if not isinstance(value, str):
        return None
    return SURROGATE.sub("\ufffd", CONTROL.sub(" ", value[:100_000])).strip()[:longest] or None


def identifier(found: str | None, value: bytes) -> str:
    """An id of bounded length; the hash of one too long, or of the record where there is none."""
    found = clean(found, None)
    if found and len(found) <= LONGEST_ID:
        return found
    return xxhash.xxh3_128_hexdigest(found.encode() if found else value)


def language(value: object) -> str | None:
    """A language code as declared (``en``, ``pt-BR``); ``None`` where it is none."""
    found = clean(value, 35)
    return found.replace("_", "-") if found and LANGUAGE.fullmatch(found) else None


def urlsplit_host(url: str) -> str | None:
    """The host of an address without ``www.``, for a source that is not named."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return clean(host.removeprefix("www."), LONGEST_SOURCE) if host else None


_STATUS: dict[str, Literal["usable", "withheld", "canceled"]] = {
    "usable": "usable",
    "withheld": "withheld",
    "embargoed": "withheld",
    "canceled": "canceled",
    "cancelled": "canceled",
}


def _free(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value).lower())


def _field(found: dict[str, Any], fields: Mapping[str, str], name: str) -> Any:
    if name in fields:
        return _at(found, fields[name])
    return next((found[alias] for alias in NAMES[name] if found.get(alias) not in (None, "")), None)


def _at(found: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isdigit():
            found = found[int(step)] if int(step) < len(found) else None
        else:
            return None
    return found


def _body(found: dict[str, Any], fields: Mapping[str, str]) -> Body:
    empty = False
    for value, declared_html, words in _bodies(found, fields):
        if value is None:
            continue
        if not isinstance(value, str):
            raise Undecodable(
                Reason.BODY_TYPE,
                f"the text is of type {type(value).__name__}, not a string; "
                "name its path in monitor.toml ([fields] body)",
            )
        if value.strip():
            return Body(value, declared_html or looks_like_html(value), words)
        empty = True
    if empty:
        raise Undecodable(Reason.EMPTY, "the text is empty")
    where = fields.get("body") or ", ".join(BODY + BODY_HTML)
    raise Undecodable(Reason.NO_BODY, f"no text under {where}; name its path in monitor.toml ([fields] body)")


def _bodies(found: dict[str, Any], fields: Mapping[str, str]) -> Iterator[tuple[Any, bool, int | None]]:
    """The places a body may stand in: the value, whether it is declared HTML, and its declared words."""
    if "body" in fields:
        yield _at(found, fields["body"]), False, None
        return
    wrong = None
    for name in BODY + BODY_HTML:
        value = found.get(name)
        if isinstance(value, dict | list):
            # Atom and ninjs put a body into an object; a list of something else is the wrong type.
            wrong = value
            value = _value(value)
        if value is not None:
            yield value, name in BODY_HTML, None
    bodies = found.get("bodies")
    if isinstance(bodies, list):
        for body in sorted((b for b in bodies if isinstance(b, dict)), key=_is_html):
            words = body.get("wordCount", body.get("wordcount"))
            yield body.get("value"), _is_html(body), words if type(words) is int and words > 0 else None
    if wrong is not None:
        yield wrong, False, None


def _is_html(body: dict[str, Any]) -> bool:
    """Whether a ninjs body declares HTML; its plain text comes first."""
    return "html" in str(body.get("contentType", body.get("contenttype", ""))).lower()


def _value(found: object) -> Any:
    """The text in ninjs' ``[{"role": "main", "value": …}]``, or in an object with a ``value``."""
    if isinstance(found, list):
        found = next((f for f in found if isinstance(f, dict)), None)
    return found.get("value") if isinstance(found, dict) else None
