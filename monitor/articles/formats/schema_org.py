"""schema.org as JSON-LD: the article among the nodes of a graph, with what its ``@id`` references name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

#: Nodes of a graph that are looked at.
MOST_NODES = 1_000
#: Properties that may refer to a node which names the source.
_SOURCES = ("publisher", "provider", "sourceOrganization", "copyrightHolder", "isPartOf")


def article_of_graph(document: Mapping[str, Any]) -> dict[str, Any] | None:
    """The article in a JSON-LD object with a ``@graph``; ``None`` where it has no graph, or no article in it."""
    graph = document.get("@graph")
    if not isinstance(graph, list):
        return None
    return article_among(graph)


def article_among(nodes: Iterable[Any]) -> dict[str, Any] | None:
    """The article among nodes of JSON-LD, its source's reference replaced by what it refers to; ``None`` without one.

    References are followed once, and from a page to its site: no circle is gone round.
    """
    known = _nodes(nodes)
    by_id = {node["@id"]: node for node in known if isinstance(node.get("@id"), str)}
    for is_article in (
        lambda node: "articleBody" in node,
        lambda node: _is_article(node) and "headline" in node,
        _is_article,
        lambda node: "headline" in node,
        lambda node: "datePublished" in node,
    ):
        for node in known:
            if is_article(node):
                return _with_source(node, by_id)
    return None


def _nodes(values: Iterable[Any]) -> list[dict[str, Any]]:
    """The objects among values, those of their graphs and their main entities."""
    nodes: list[dict[str, Any]] = []
    for value in values:
        if not isinstance(value, dict):
            continue
        graph = value.get("@graph")
        for node in (value, *graph[:MOST_NODES]) if isinstance(graph, list) else (value,):
            if isinstance(node, dict):
                nodes.append(node)
                if isinstance(node.get("mainEntity"), dict):
                    nodes.append(node["mainEntity"])
        if len(nodes) >= MOST_NODES:
            break
    return nodes[:MOST_NODES]


def _types(node: Mapping[str, Any]) -> list[str]:
    types = node.get("@type")
    return [name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]


def _is_article(node: Mapping[str, Any]) -> bool:
    return any(name.endswith(("Article", "Posting")) for name in _types(node))


def _with_source(node: dict[str, Any], by_id: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The article with its references to a source replaced by what they refer to."""
    article = dict(node)
    for name in _SOURCES:
        if name in article:
            source = _followed(article[name], by_id)
            if name == "isPartOf" and isinstance(source, dict) and any(t.endswith("Page") for t in _types(source)):
                # The page that an article stands on has the article's title for a name; its site names the source.
                source = _followed(source.get("publisher") or source.get("isPartOf"), by_id)
            article[name] = source
    return article


def _followed(value: Any, by_id: Mapping[str, dict[str, Any]]) -> Any:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    if isinstance(value, str) and value in by_id:
        return by_id[value]
    return value
