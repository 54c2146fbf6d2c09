"""Incidents as text: a line of a list, what there is to know of one, and the report that a publisher can be sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.articles.article import Article
from monitor.scoring.flags import FLAGS
from monitor.scoring.sources.incident import Example, Incident
from monitor.scoring.sources.together import Together
from monitor.scoring.text.text import Text

#: Characters of a paragraph that are shown.
SHOWN_CHARACTERS = 300
_WHEN = {kind.code: kind.documentation.replace("`", "") for kind in FLAGS}


class ShownExample(NamedTuple):
    """An example, its article where it is still kept, and what is wrong with it, a line each."""

    example: Example
    article: Article | None
    wrong: tuple[str, ...]


def at(moment: datetime) -> str:
    """A time for a person, to the minute: ``2026-02-02 14:05 UTC``."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def age(since: datetime, now: datetime) -> str:
    """How long ago it was: ``3 d 4 h``, ``2 h 5 min``.

    >>> age(datetime(2026, 1, 1), datetime(2026, 1, 4, 4, 30))
    '3 d 4 h'
    """
    minutes = max((now - since) // timedelta(minutes=1), 0)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes // 1440} d {minutes % 1440 // 60} h"


def what(incident: Incident) -> str:
    """What is wrong, with its figures."""
    if incident.kind == "share":
        return f"{incident.code}: {incident.now:.0%} of the articles, {incident.before:.1%} before"
    if incident.kind == "silence":
        return f"silent: no article where {incident.before:.0f} are usual"
    if incident.kind == "flood":
        return f"flood: {incident.now:.0f} articles where {incident.before:.0f} are usual"
    return f"layout: {incident.affected} of {incident.articles} articles have other standing lines than before"


def state(incident: Incident, now: datetime) -> str:
    """Whether it is open, until when it is muted, or why it is closed, and by whom."""
    if not incident.open:
        by = f" by {incident.person}" if incident.ending == "person" and incident.person else ""
        return f"closed {at(incident.closed or incident.updated)} ({incident.ending}{by})"
    if incident.muted(now) and incident.muted_until is not None:
        return f"muted until {at(incident.muted_until)}" + (f" by {incident.person}" if incident.person else "")
    return "open"


def together(group: Together, now: datetime) -> str:
    """One line for sources that broke together."""
    code = f" {group.code}" if group.code else ""
    return (
        f"{len(group.incidents)} sources broke together ({group.kind}{code}) within two hours of {at(group.since)}, "
        f"{age(group.since, now)} ago: look for a change nearer home than the sources"
    )


def details(incident: Incident, examples: Sequence[ShownExample], now: datetime) -> Iterator[str]:
    """What there is to know of an incident, a line each."""
    yield f"{incident.source}: {what(incident)}"
    yield f"incident {incident.id}, {state(incident, now)}"
    yield f"since {at(incident.since)} ({age(incident.since, now)} ago), told {at(incident.opened)}"
    if incident.articles:
        yield f"{incident.affected} of {incident.articles} articles since then"
    if incident.note:
        yield f"note: {incident.note}"
    for shown in examples:
        yield ""
        example = shown.example
        before = "before it: " if example.before else ""
        place = f" at {example.topic}-{example.partition}@{example.offset}" if example.topic else ""
        yield f"{before}{example.id or (shown.article.id if shown.article else 'an article')}{place}"
        yield from (f"  {line}" for line in _article_lines(shown))


def report(incident: Incident, examples: Sequence[ShownExample]) -> Iterator[str]:
    """A text that a publisher can be sent: since when, how much, and examples with what is wrong in them."""
    yield f"{incident.source}: a problem with the articles that we receive from you"
    yield ""
    if incident.kind == "share":
        yield (
            f"Since {at(incident.since)}, {incident.affected} of the {incident.articles} articles that we received "
            f"from you ({incident.now:.0%}) have the same defect; before, it was {incident.before:.1%}."
        )
        yield f"The defect: {_WHEN.get(incident.code, incident.code)}."
    elif incident.kind == "silence":
        yield (
            f"Since {at(incident.since)} we have received no article from you. By your usual hours about "
            f"{incident.before:.0f} would have come by {at(incident.updated)}."
        )
    elif incident.kind == "flood":
        yield (
            f"Since {at(incident.since)} we have received {incident.now:.0f} articles from you, where about "
            f"{incident.before:.0f} are usual in these hours."
        )
    else:
        yield (
            f"Since {at(incident.since)} your articles have other lines around the story than before: "
            f"{incident.affected} of the {incident.articles} that we received."
        )
    if not incident.open:
        yield f"It ended by {at(incident.closed or incident.updated)}."
    for number, shown in enumerate(examples, 1):
        yield ""
        article = shown.article
        before = "an article from before, " if shown.example.before else ""
        name = shown.example.id or (article.id if article else "")
        arrived = f", received {at(shown.example.at)}" if shown.example.at else ""
        yield f"{number}. {before}{name}{arrived}"
        if article is not None and article.title:
            yield f"   {article.title}"
        if article is not None and article.url:
            yield f"   {article.url}"
        yield from (f"   {line}" for line in _article_lines(shown))


def _article_lines(shown: ShownExample) -> Iterator[str]:
    yield from shown.wrong
    if shown.article is None:
        yield "its text is no longer kept"
        return
    passages = Text.read(shown.article.text).passages
    for index in shown.example.paragraphs:
        if index < len(passages):
            yield f"new line: {_short(passages[index])}"


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
