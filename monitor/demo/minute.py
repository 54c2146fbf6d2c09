"""A minute in which an outlet turns bad and heals again, over and over, between the articles of others."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from itertools import count, cycle
from typing import Any, NamedTuple

import msgspec

#: The outlet, which sends every second article, and the clean ones that it carries.
OUTLET = "The Ferry Gazette"
CARRIED = ("lantern-002", "harbour-002", "quayline-006", "lantern-007", "harbour-005", "harbour-009")


class Phase(NamedTuple):
    """How many articles the outlet sends, and whether each holds its body twice."""

    articles: int
    twice: bool


#: At eight articles a second a minute. The first is long enough for the outlet to be known: its templates take
#: some 20 s to come back to the scorer, and what it usually sends is then learned from 40 articles.
PHASES = (Phase(136, False), Phase(56, True), Phase(48, False))


def articles_of_the_package() -> list[dict[str, Any]]:
    """The articles that ship with the package, as they are written down."""
    lines = files("monitor.demo").joinpath("articles.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line) for line in lines]


def minute() -> Iterator[bytes]:
    """Records without end: the outlet's and the others' in turn, each with an id of its own."""
    shipped = articles_of_the_package()
    others = with_own_ids(shipped)
    for record in _outlet([article for article in shipped if article["id"] in CARRIED]):
        yield msgspec.json.encode(record)
        yield msgspec.json.encode(next(others))


def _outlet(carried: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    numbers, stories = count(1), cycle(carried)
    while True:
        for phase in PHASES:
            for _ in range(phase.articles):
                number, story = next(numbers), next(stories)
                content = story["content"]
                yield {
                    "id": f"gazette-{number}",
                    "url": f"https://www.ferrygazette.example/{number}",
                    "title": story["title"],
                    "content": f"{content}\n{content}" if phase.twice else content,
                    "source": OUTLET,
                    "language": story["language"],
                }


def with_own_ids(shipped: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The articles over and over, from the second round on with new ids."""
    for turn in count():
        for article in shipped:
            yield article | {"id": f"{article['id']}-{turn}"} if turn else article
