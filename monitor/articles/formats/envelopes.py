"""JSON that wraps articles: answers of APIs, hits of a search, rows, change events, feeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from monitor.articles.body import has_body
from monitor.articles.errors import Reason, Undecodable
from monitor.articles.field_names import at, fold
from monitor.articles.fields import Entry
from monitor.articles.formats.cloudevents import data_of, is_event
from monitor.articles.formats.format import Failed, Part
from monitor.articles.formats.schema_org import article_of_graph

#: Where envelopes keep their articles, the first that is there is opened. A news API's answer, a search
#: engine's (Solr, Elasticsearch), rows of Hugging Face's server, Kafka Connect's and Debezium's payload.
ENVELOPES = (
    "articles", "articles.results", "data", "results", "posts", "stories", "news", "items", "item", "docs", "documents",
    "rows", "row", "response.results", "response.docs", "response", "hits.hits", "hits", "_source", "payload.after",
    "payload", "after", "article", "story",
)  # fmt: skip
#: Envelopes within envelopes are opened so deep.
DEEPEST = 4
#: Debezium's code of a change that deletes.
_DELETE = "d"


class Known(NamedTuple):
    """What is known of a JSON value beside itself."""

    #: What the record says of the article.
    envelope: Mapping[str, Any]
    #: Where a user says that an article's text stands: an object with something there is no envelope.
    body_paths: tuple[str, ...] = ()


def parts_of(value: Any, place: str, raw: bytes | None, known: Known, items: str | None) -> Iterator[Part]:
    """The articles in a JSON value: itself, the items of a list, or what an envelope holds.

    Args:
        raw: the bytes of an object that is an article by itself.
        items: the path of the articles where a user has set one; it is looked for in objects alone.
    """
    if items is not None and isinstance(value, dict):
        inner = at(value, items)
        if inner is None:
            yield Failed(
                place, Undecodable(Reason.NO_BODY, f"nothing stands at {items[:100]}; set --items to the path")
            )
            return
        yield from _opened(inner, place, None, known, DEEPEST)
        return
    yield from _opened(value, place, raw, known, DEEPEST)


def _opened(value: Any, place: str, raw: bytes | None, known: Known, depth: int) -> Iterator[Part]:
    if isinstance(value, list):
        yield from _listed(value, place, known, depth)
    elif not isinstance(value, dict):
        kind = "null" if value is None else type(value).__name__
        message = f"JSON, but of type {kind}; an article is one object, or an object in a list"
        yield Failed(place, Undecodable(Reason.NOT_AN_OBJECT, message))
    elif is_event(value):
        try:
            yield data_of(value, place, known.envelope)
        except Undecodable as error:
            yield Failed(place, error)
    else:
        yield from _object(value, place, raw, known, depth)


def _listed(values: list[Any], place: str, known: Known, depth: int) -> Iterator[Part]:
    if not values:
        yield Failed(place, Undecodable(Reason.EMPTY, "an empty list"))
    elif depth == 0:
        yield Failed(place, Undecodable(Reason.TOO_DEEP, "lists within lists too deep"))
    elif len(values) == 1:
        yield from _opened(values[0], place or "item 1", None, known, depth - 1)
    else:
        for number, value in enumerate(values, 1):
            yield from _opened(value, f"{place} item {number}".strip(), None, known, depth - 1)


def _object(value: dict[str, Any], place: str, raw: bytes | None, known: Known, depth: int) -> Iterator[Part]:
    article = article_of_graph(value)
    if article is not None:
        yield Entry(place, article, raw)
        return
    names = fold(value)
    is_set = any(at(value, path) is not None for path in known.body_paths)
    if is_set or has_body(names, value) or "bodies" in names:
        yield Entry(place, value, raw)
        return
    inner = _inner(value) if depth else None
    if inner is not None:
        yield from _with_context(_opened(inner, place, None, known, depth - 1), value)
    elif _is_deletion(value):
        yield Failed(place, Undecodable(Reason.TOMBSTONE, "a tombstone: the change event deletes the article"))
    else:
        yield Entry(place, value, raw)


def _inner(value: dict[str, Any]) -> dict[str, Any] | list[Any] | None:
    """What an envelope holds; ``None`` where the object is no envelope that is known."""
    for path in ENVELOPES:
        inner = at(value, path)
        if isinstance(inner, dict) and inner:
            return inner
        if isinstance(inner, list) and (any(isinstance(item, dict) for item in inner) or _is_empty_answer(inner, path)):
            return inner
    return None


def _is_empty_answer(inner: list[Any], path: str) -> bool:
    """Whether a list is that of an answer that found nothing."""
    return not inner and path in ("articles", "items", "results", "hits.hits")


def _is_deletion(value: Mapping[str, Any]) -> bool:
    payload = value.get("payload")
    change = payload if isinstance(payload, dict) else value
    return change.get("op") == _DELETE and change.get("after") is None


def _with_context(parts: Iterator[Part], outer: Mapping[str, Any]) -> Iterator[Part]:
    """The parts with what only their envelope says: a search hit's id, a JSON Feed's title and language."""
    context = {}
    if isinstance(outer.get("_id"), str):
        context["_id"] = outer["_id"]
    if str(outer.get("version", "")).startswith("https://jsonfeed.org/"):
        context = {"feed_title": outer.get("title"), "language": outer.get("language")}
    for part in parts:
        if context and isinstance(part, Entry):
            yield part._replace(fields={**context, **part.fields})
        else:
            yield part
