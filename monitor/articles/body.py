"""Where the body of an article stands in a JSON object, and whether it is HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from monitor.articles.errors import Reason, Undecodable
from monitor.articles.field_names import BODY, BODY_HTML, BODY_LAST, at, paths_of, value_under
from monitor.articles.html_shape import looks_like_html

#: Roles of ninjs bodies that are the story; captions, summaries and such come after them.
STORY = ("", "main", "body", "story", "article", "text", "content")
#: Where an object that stands for a text keeps it: ninjs, WordPress, block editors, Arc's content elements.
VALUE = ("value", "rendered", "text", "content", "html", "#text")
#: How deep such objects and lists may nest.
DEEPEST = 4


class Body(NamedTuple):
    """A body as it arrived, whether it is HTML, and the words that are declared for it."""

    text: str
    html: bool
    words: int | None = None


def body_of(
    names: Mapping[str, Any], original: Mapping[str, Any], fields: Mapping[str, str | Sequence[str]] | None = None
) -> Body:
    """The body of an article in an object: at a path that is set in ``fields``, else under a built-in name.

    Args:
        names: the object under its folded names.
        original: the object as it arrived.

    Raises:
        Undecodable: there is none, it is empty, or it is no text.
    """
    paths = paths_of(fields or {}, "body")
    empty, wrong = False, None
    for value, declared_html, words in _places(names, original, paths):
        text = text_in(value)
        if text is not None:
            if text.strip():
                return Body(text, declared_html or looks_like_html(text), words)
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
    where = ", ".join([*(path[:100] for path in paths[:3]), "content, body, text, content_html, bodies and the like"])
    raise Undecodable(
        Reason.NO_BODY, f"no text under {where}; name the text's path in monitor.toml ([fields] body = PATH)"
    )


def has_body(names: Mapping[str, Any], original: Mapping[str, Any]) -> bool:
    """Whether an object holds a text under one of the names of a body."""
    return any((text_in(value) or "").strip() for value, _, _ in _places(names, original, ()))


def text_in(value: Any, depth: int = DEEPEST) -> str | None:
    """The text in a value: itself, an object's, or those of a list of blocks, joined; ``None`` where it holds none.

    >>> text_in([{"type": "p", "value": "one"}, {"type": "p", "value": "two"}])
    'one\\n\\ntwo'
    """
    if isinstance(value, str):
        return value
    if depth == 0:
        return None
    if isinstance(value, dict):
        inner = next((value[name] for name in VALUE if value.get(name) is not None), None)
        return None if inner is None else text_in(inner, depth - 1)
    if not isinstance(value, list):
        return None
    blocks = [text for block in _alternatives(value) if (text := text_in(block, depth - 1)) is not None]
    return "\n\n".join(blocks) if blocks else None


def count(value: Any) -> int | None:
    """A declared number of words, also as text; ``None`` where it is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 9:
        value = int(value)
    return value if type(value) is int and 0 < value < 10_000_000 else None


def _alternatives(blocks: list[Any]) -> list[Any]:
    """Of a list whose blocks are the same text in several types or roles the best one; else all of them."""
    objects = [block for block in blocks if isinstance(block, dict)]
    if any(isinstance(block.get("role"), str) for block in objects):
        return sorted(objects, key=_rank)[:1]
    if len({kind for block in objects if "/" in (kind := str(block.get("type", "")))}) > 1:
        return objects[:1]
    return blocks


def _places(
    names: Mapping[str, Any], original: Mapping[str, Any], paths: Sequence[str]
) -> Iterator[tuple[Any, bool, int | None]]:
    """The places a body may stand in: the value, whether it is declared HTML, and its declared words."""
    for path in paths:
        yield at(original, path), False, None
    for name in BODY:
        yield value_under(names, name), False, None
    for name in BODY_HTML:
        yield value_under(names, name), True, None
    bodies = names.get("bodies")
    if isinstance(bodies, list):
        for body in sorted((b for b in bodies if isinstance(b, dict)), key=_rank):
            yield body.get("value"), _is_html(body), count(body.get("wordCount", body.get("wordcount")))
    # ninjs 1 lets a provider name its own: body_main, body_richtext.
    for name, value in original.items():
        if name.lower().startswith("body_"):
            yield value, False, None
    for name in BODY_LAST:
        value = value_under(names, name)
        # An object under such a name is something else.
        yield value if isinstance(value, str | list) else None, False, None


def _rank(body: Mapping[str, Any]) -> tuple[bool, bool]:
    """The story before captions and summaries, its plain text before its HTML."""
    role = body.get("role")
    return isinstance(role, str) and role.lower() not in STORY, _is_html(body)


def _is_html(body: Mapping[str, Any]) -> bool:
    declared = body.get("contentType", body.get("contenttype"))
    return isinstance(declared, str) and "html" in declared.lower()
