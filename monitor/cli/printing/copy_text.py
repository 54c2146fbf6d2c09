"""Copies for a terminal: who carried a story when, and an article beside the earlier one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

from rich.text import Text

from monitor.articles.article import Article
from monitor.articles.printable import printable
from monitor.cli.printing.incident_text import at
from monitor.scoring.copies.record import Copy, Outlet
from monitor.scoring.copies.story import Story
from monitor.scoring.verdict import CopyOf
from monitor.streaming.place import place_text
from monitor.web.views.differences import Segment, differences
from monitor.web.views.side_by_side import Row, rows

#: Characters of earlier articles that are held, some 5,000 articles: what is older is not shown beside a copy.
MOST_CHARACTERS = 30_000_000


class EarlierTexts:
    """The texts of the last articles, by source and id, until a copy is shown beside one."""

    def __init__(self, most_characters: int = MOST_CHARACTERS) -> None:
        self._texts: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._left = most_characters

    def add(self, article: Article) -> None:
        """Hold an article's text; of one that came before, the new one."""
        key = (article.source, article.id)
        self._left += len(self._texts.pop(key, "")) - len(article.text)
        self._texts[key] = article.text
        while self._left < 0:
            self._left += len(self._texts.popitem(last=False)[1])

    def get(self, source: str, id_: str) -> str | None:
        """The text; ``None`` where it is held no longer."""
        return self._texts.get((source, id_))


def story_lines(story: Story) -> Iterator[Text]:
    """A line for each article of a story, the earliest first."""
    yield Text(printable(f"{story.outlets} outlets, {len(story.copies) + 1} articles"), style="bold")
    yield _outlet(story.earliest, "the earliest")
    for copy in story.copies:
        yield _outlet(copy.article, _difference(copy))
        for flag in copy.flags:
            yield Text(printable(f"      {flag.code}: {flag.message}"), style="yellow")


def _outlet(outlet: Outlet, what: str) -> Text:
    moment = outlet.published_at or outlet.arrived_at
    line = Text(f"{at(moment) if moment else 'without a date':<21} ", style="cyan")
    line.append(printable(f"{outlet.source}: {outlet.title or outlet.id}"))
    return line.append(printable(f"  ({what}; {outlet.id}, {place_text(outlet.place)})"), style="dim")


def _difference(copy: Copy) -> str:
    comparison = copy.comparison
    named = f", by {copy.provenance}" if copy.provenance else ""
    return f"{copy.kind}{named}: has {comparison.coverage:.0%} of the earliest, {comparison.added:.0%} is its own"


def copy_of_lines(copy_of: CopyOf, earlier: str | None, later: str) -> Iterator[Text]:
    """The earlier copy of an article, and how the article differs from its text, ``None`` where that is not at hand."""
    figures = f"it has {copy_of.coverage:.0%} of that story, and {copy_of.added:.0%} is its own"
    yield Text(printable(f"  a copy of {copy_of.source}, {copy_of.id}: {figures}"), style="cyan")
    if earlier is None:
        yield Text("     the earlier text is held no longer", style="dim")
    else:
        yield from difference_lines(earlier, later)


def difference_lines(earlier: str, later: str) -> Iterator[Text]:
    """What a copy lacks of the earlier text (``-``), has added (``+``) and has changed (``~``); the rest is counted."""
    same = 0
    for row in rows(earlier, later):
        if row.kind == "same":
            same += 1
            continue
        if same:
            yield _counted(same)
            same = 0
        yield _row(row)
    if same:
        yield _counted(same)


def _counted(same: int) -> Text:
    return Text(f"     = {same} paragraph{'s' if same > 1 else ''} the same", style="dim")


def _row(row: Row) -> Text:
    if row.kind == "missing":
        return _written("     - ", row.earlier, "red")
    if row.kind == "added":
        return _written("     + ", row.later, "green")
    pieces = differences(_text(row.earlier), _text(row.later))
    if pieces is None:  # too long to be compared
        return Text("\n").join((_written("     - ", row.earlier, "red"), _written("     + ", row.later, "green")))
    line = Text("     ~ ", style="cyan")
    for kind, text in pieces:
        begin, end, style = _MARKS[kind]
        blank = text[: len(text) - len(text.lstrip())]
        line.append(f"{blank}{begin}{text.lstrip()}{end}", style=style)
    return line


#: As wdiff writes them: what is gone, and what is new.
_MARKS = {"": ("", "", "default"), "del": ("[-", "-]", "red"), "ins": ("{+", "+}", "green")}


def _text(segments: tuple[Segment, ...]) -> str:
    return "".join(segment.text for segment in segments)


def _written(mark: str, segments: tuple[Segment, ...], style: str) -> Text:
    return Text(mark + _text(segments), style=style)
