"""Streams to judge templates by: real pages of real sources in order, and copies of stories by outlets made up of them.

The real one is what counts. The made-up one repeats an outlet's lines letter by letter unless told otherwise, and so
flatters; but it is long, and its truth is whole.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from bench.documents import fold_of

#: When the articles of all benches are scored.
NOW = datetime(2026, 1, 1, tzinfo=UTC)
#: Pages of a source from which it is judged by: the first three only teach.
FEWEST = 4
OUTLETS, COPIES = 40, 3_600
#: Lines of an outlet's template, before and after the story together.
_TEMPLATE_LINES = range(3, 13)
#: Paragraphs of a story.
_STORY_LINES = range(5, 61)
_NAMES = "Anna Berg,Tom O'Neill,María Ruiz,Jan Novak,Li Wei,Fatima Khan,Paul Stone,Ingrid Dahl".split(",")
_MONTHS = "January February March April May June July August September October November December".split()


class Copy(NamedTuple):
    """One article of a stream: its lines, and of each whether it is boilerplate and whether that is sure."""

    id: str
    source: str
    fold: int  # of the model that was trained without its publisher
    lines: tuple[str, ...]
    boilerplate: tuple[bool, ...]
    sure: tuple[bool, ...]
    one_line: bool = False

    @property
    def text(self) -> str:
        """The copy as it arrives."""
        return (" " if self.one_line else "\n").join(self.lines)


def _read(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file) as lines:
        yield from map(json.loads, lines)


def real(folder: Path, part: str) -> list[Copy]:
    """The gold pages of sources with four pages or more, in order; ``part`` is ``container`` or ``page``."""
    pages = [page for page in _read(folder / "pages-more-dev.jsonl.gz") if page["label"] == "gold" and page["source"]]
    many = Counter(page["source"] for page in pages)
    return [
        Copy(
            page["id"],
            page["source"],
            fold_of(page),
            tuple(page[part]),
            tuple(not inside for inside in page[f"{part}_content"]),
            tuple(map(bool, page["container_sure"])) if part == "container" else (True,) * len(page[part]),
        )
        for page in pages
        if many[page["source"]] >= FEWEST
    ]


class _Outlet(NamedTuple):
    name: str
    fold: int
    before: tuple[str, ...]
    after: tuple[str, ...]

    def carry(self, number: int, story: dict[str, Any], random: Random, hard: bool) -> Copy:
        """A copy of a story between the outlet's lines, of which one in ten is left out."""
        lines = [line for line in story["body"].split("\n") if line.strip()]
        if random.random() < 0.3:
            lines = lines[: max(4, len(lines) - random.randint(1, 4))]
        before = [line for line in self.before if random.random() < 0.9]
        after = [line for line in self.after if random.random() < 0.9]
        if hard:
            before.append(f"By {random.choice(_NAMES)}, {random.randint(1, 28)} {random.choice(_MONTHS)} 2026")
            name = random.choice(_NAMES)
            after.insert(0, f"{name} covers the region for {self.name}. Write to {name.split()[0].lower()}@example.com")
        truth = [True] * len(before) + [False] * len(lines) + [True] * len(after)
        return Copy(
            id=f"{self.name} {number}",
            source=self.name,
            fold=self.fold,
            lines=(*before, *lines, *after),
            boilerplate=tuple(truth),
            sure=(True,) * len(truth),
            one_line=hard and random.random() < 0.1,
        )


def made_up(folder: Path, *, hard: bool, copies: int = COPIES, seed: int = 7) -> list[Copy]:
    """Stories that 40 outlets carry with the boilerplate of real pages around them.

    ``hard`` adds names and dates inside templates, sources of a few articles, a redesign midway, and one copy in ten
    on one line.
    """
    random = Random(seed)
    pages = [*_read(folder / "copies-dev.jsonl.gz"), *_read(folder / "wcxb-dev.jsonl.gz")]
    random.shuffle(pages)
    outlets = [outlet for page in pages if (outlet := _outlet(page)) is not None]
    used, later = outlets[:OUTLETS], outlets[OUTLETS : 2 * OUTLETS]
    stories = [page for page in pages if len(page["body"].split("\n")) in _STORY_LINES]
    weights = [1 / (1 + i) if hard else 1.0 for i in range(len(used))]
    made: list[Copy] = []
    while len(made) < copies:
        story = random.choice(stories)
        for place in set(random.choices(range(len(used)), weights, k=random.randint(1, 5))):
            outlet = used[place]
            if hard and len(made) > copies / 2 and place % 2:
                other = later[place % len(later)]
                outlet = _Outlet(outlet.name, outlet.fold, other.before, other.after)
            made.append(outlet.carry(len(made), story, random, hard))
    return made[:copies]


def _outlet(page: dict[str, Any]) -> _Outlet | None:
    """An outlet that has a page's boilerplate; None where that is too little or too much."""
    content = page.get("container_content") or []
    if True not in map(bool, content):
        return None
    first, last = content.index(1), len(content) - content[::-1].index(1)
    before, after = tuple(page["container"][:first]), tuple(page["container"][last:])
    return _Outlet(page["id"], fold_of(page), before, after) if len(before) + len(after) in _TEMPLATE_LINES else None
