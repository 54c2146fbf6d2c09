"""Try it: a text, HTML, JSON or a file, and what the monitor says of it. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from monitor.articles.article import Article
from monitor.articles.decode import Item
from monitor.articles.errors import Reason, Undecodable
from monitor.settings import Settings
from monitor.web.render import render
from monitor.web.scoring import Scoring
from monitor.web.views.article import Seen, shown

#: Articles of one document that are listed; the first bad one is shown whole.
MOST_LISTED = 100
#: Articles of the demo that can be tried, by their ids.
EXAMPLES = {
    "quayline-002": "a body that stands twice",
    "quayline-003": "half of it boilerplate",
    "morgenblatt-002": "the wrong encoding",
    "lantern-002": "a good copy",
}


class Attempt(NamedTuple):
    """What came of a document: its articles with their verdicts, or why there are none."""

    seen: tuple[Seen, ...]
    errors: tuple[str, ...]


class Example(NamedTuple):
    """An article that can be tried."""

    name: str
    title: str
    record: bytes


@cache
def examples() -> tuple[Example, ...]:
    """The demo's articles that can be tried."""
    lines = files("monitor.demo").joinpath("articles.jsonl").read_bytes().splitlines()
    chosen = []
    for line in lines:
        article = msgspec.json.decode(line)
        if article["id"] in EXAMPLES:
            chosen.append(Example(article["id"], EXAMPLES[article["id"]], line))
    return tuple(chosen)


def attempt(scoring: Scoring, settings: Settings, body: bytes, content_type: str) -> Attempt:
    """Score what is in a body, as a worker would score the record."""
    now = datetime.now(UTC)
    seen: list[Seen] = []
    errors: list[str] = []
    for item in _items(scoring, body, content_type, now)[:MOST_LISTED]:
        if isinstance(item.article, Undecodable):
            errors.append(str(item.named_error(item.article)))
        else:
            seen.append(_seen(scoring, settings, item.article, now))
    return Attempt(tuple(seen), tuple(errors))


def _items(scoring: Scoring, body: bytes, content_type: str, now: datetime) -> list[Item]:
    """The articles in a body; what is of no known format is taken for plain text, as people paste it."""
    items = scoring.items(body, content_type, now)
    first = items[0].article
    if isinstance(first, Undecodable) and first.reason is Reason.UNKNOWN_FORMAT:
        as_text = scoring.items(body, "text/plain", now)
        return as_text if isinstance(as_text[0].article, Article) else items
    return items


def _seen(scoring: Scoring, settings: Settings, article: Article, now: datetime) -> Seen:
    verdict = scoring.scorer.score(article, now)
    return Seen(article, verdict, settings.thresholds_for(article.source), published=False)


def try_page(tried: Attempt | None, now: float, text: str = "", problem: str = "") -> bytes:
    """The page: the form, and what came of what was sent."""
    seen = tried.seen if tried is not None else ()
    whole = _first_bad(seen)
    return render(
        "try.html",
        now=now,
        examples=examples(),
        text=text,
        problem=problem,
        tried=tried,
        errors=tried.errors if tried is not None else (),
        listed=[each.verdict for each in seen],
        whole=shown(whole, "", now) if whole is not None else None,
    )


def _first_bad(seen: Sequence[Seen]) -> Seen | None:
    return next((each for each in seen if each.verdict.bad), seen[0] if seen else None)
