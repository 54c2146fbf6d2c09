"""Articles of a source, made up for the tests of what is learned from them."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from monitor.scoring.sources.marks import read_marks
from monitor.scoring.sources.sighting import Sighting
from monitor.scoring.sources.templates import SourceTemplates
from monitor.scoring.text.text import Text
from monitor.scoring.verdict import Verdict

NOW = datetime(2026, 3, 5, 6, 7, tzinfo=UTC)
NOTICE = "All rights reserved by the Daily Harbour, no part may be copied without its written consent."


def word(number: int) -> str:
    """A word of letters that no other number has."""
    letters = ""
    while number:
        number, letter = divmod(number, 26)
        letters += chr(ord("a") + letter)
    return f"w{letters}n"


def story(number: int, paragraphs: int = 4) -> list[str]:
    """The paragraphs of a story like no other of another number, of 20 words each."""
    begin = number * 100_000
    return [" ".join(word(begin + 20 * i + j) for j in range(20)).capitalize() + "." for i in range(paragraphs)]


def sighting(
    name: str, lines: list[str], *, source: str = "Daily", title: str = "", odds: float | list[float] = -2.0
) -> Sighting:
    """The sighting of an article of these lines, of which the model thinks the same, or of each its own."""
    text = Text.of_lines(lines)
    verdict = Verdict(
        id=name,
        source=source,
        url=f"https://{source.lower()}.example/{name}",
        title=title or None,
        published_at=None,
        scored_at=NOW,
        version="0",
        language="en",
        words=int(text.counts.sum()),
        repetition=0,
        boilerplate=0,
        bad=False,
        flags=(),
        paragraphs=(),
    )
    return Sighting.of_verdict(verdict, read_marks(text), np.full(len(lines), odds, np.float64))


def learned(*sightings: Sighting) -> SourceTemplates:
    """What is known of a source after these articles."""
    source = SourceTemplates()
    for each in sightings:
        source = source.learn(each)
    return source


def are_templates(source: SourceTemplates, *lines: str) -> list[bool]:
    """Which of some lines are templates of a source."""
    templates: list[bool] = source.templates(read_marks(Text.of_lines(lines)).written).tolist()
    return templates
