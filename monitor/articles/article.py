"""The article: what every input format is turned into before it is scored."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec


class Markup(msgspec.Struct, frozen=True):
    """What HTML said of one line of the text drawn from it.

    ``start`` and ``end`` are code points into :attr:`Article.text`, the end excluded.
    ``links`` is the share of the line's characters inside ``<a>``, 0 to 1.
    ``context`` holds the names of the enclosing elements that tell something, with their
    classes and ids, lower-case, outermost first: ``("aside", "related-posts", "li")``.
    """

    start: int
    end: int
    links: float
    context: tuple[str, ...]


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One article as it arrived.

    ``text`` is the body as it arrived, or the text drawn from it where it was HTML; the offsets
    of a verdict count code points into it. Lone surrogates have become U+FFFD, one for one.
    ``id`` and ``source`` are never empty, hold no control characters and have a bounded length.
    ``declared_words``, ``status``, ``expires``, ``partial`` and ``free`` are what the publisher
    says of the copy (ninjs ``wordCount``, ``pubStatus``, ``expires``, ``representationType``;
    schema.org ``isAccessibleForFree``).
    """

    id: str
    text: str
    source: str = "unknown"
    url: str | None = None
    title: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    declared_words: int | None = None
    status: Literal["usable", "withheld", "canceled"] | None = None
    expires: datetime | None = None
    arrived_at: datetime | None = None
    partial: bool = False
    free: bool | None = None
    markup: tuple[Markup, ...] = ()
