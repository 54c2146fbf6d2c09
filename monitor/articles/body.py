"""Where the body of an article stands in a JSON object, and whether it is HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from monitor.articles.errors import Reason, Undecodable
from monitor.articles.html import looks_like_html

#: Names of the body, the first that holds text wins: ninjs 1, schema.org, JSON Feed, Media Cloud and
#: what home-made pipelines agree on; then those that declare HTML.
BODY = ("content", "body", "text", "text_content", "body_text", "articleBody", "content_text")
BODY_HTML = ("content_html", "body_xhtml", "body_html")
#: Roles of ninjs bodies that are the story; captions, summaries and such come after them.
STORY = ("", "main", "body", "story", "article", "text", "content")


class Body(NamedTuple):
    """A body as it arrived, whether it is HTML, and the words that are declared for it."""

    text: str
    html: bool
    words: int | None = None


def body_of(found: Mapping[str, Any], path: str | None = None) -> Body:
    """The body of an article in an object, at ``path`` where one is set.

    Raises:
        Undecodable: there is none, it is empty, or it is no text.
    """
    empty, wrong = False, None
    for value, declared_html, words in _places(found, path):
        if isinstance(value, str):
            if value.strip():
                return Body(value, declared_html or looks_like_html(value), words)
            empty = True
        elif value is not None and wrong is None:
            wrong = type(value).__name__
    if wrong is not None:
        raise Undecodable(
            Reason.BODY_TYPE,
            f"the text is of type {wrong}, not a string; name its path in monitor.toml ([fields] body)",
        )
    if empty:
        raise Undecodable(Reason.EMPTY, "the text is empty")
    where = path[:100] if path else ", ".join(BODY + BODY_HTML)
    raise Undecodable(Reason.NO_BODY, f"no text under {where}; name its path in monitor.toml ([fields] body)")


def at(found: Any, path: str) -> Any:
    """What stands at a dotted path, numbers counting into lists; ``None`` where nothing does."""
    for step in path.split("."):
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isascii() and step.isdigit() and len(step) < 7:
            found = found[int(step)] if int(step) < len(found) else None
        else:
            return None
    return found


def value_of(found: Any) -> Any:
    """The text in ninjs' ``[{"role": "main", "value": …}]``, or in an object with ``value`` or ``rendered``."""
    if isinstance(found, list):
        found = next((f for f in found if isinstance(f, dict)), None)
    return found.get("value", found.get("rendered")) if isinstance(found, dict) else None


def count(value: Any) -> int | None:
    """A declared number of words, also as text; ``None`` where it is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 9:
        value = int(value)
    return value if type(value) is int and 0 < value < 10_000_000 else None


def _places(found: Mapping[str, Any], path: str | None) -> Iterator[tuple[Any, bool, int | None]]:
    """The places a body may stand in: the value, whether it is declared HTML, and its declared words."""
    if path:
        yield at(found, path), False, None
        return
    for name in BODY + BODY_HTML:
        value = found.get(name)
        if isinstance(value, dict | list):
            # Atom, ninjs and WordPress put a body into an object; any other is of the wrong type.
            inner = value_of(value)
            value = value if inner is None else inner
        if value is not None:
            yield value, name in BODY_HTML, None
    bodies = found.get("bodies")
    if isinstance(bodies, list):
        for body in sorted((b for b in bodies if isinstance(b, dict)), key=_rank):
            yield body.get("value"), _is_html(body), count(body.get("wordCount", body.get("wordcount")))


def _rank(body: Mapping[str, Any]) -> tuple[bool, bool]:
    """The story before captions and summaries, its plain text before its HTML."""
    role = body.get("role")
    return isinstance(role, str) and role.lower() not in STORY, _is_html(body)


def _is_html(body: Mapping[str, Any]) -> bool:
    declared = body.get("contentType", body.get("contenttype"))
    return isinstance(declared, str) and "html" in declared.lower()
