"""The sources by bad share, and the page of one."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any, NamedTuple

import msgspec

from monitor.articles.article import Article
from monitor.articles.printable import printable
from monitor.scoring.flags import AllThresholds, thresholds
from monitor.scoring.sources.marks import LINE, MASKED, read_marks
from monitor.scoring.sources.templates import SourceTemplates
from monitor.scoring.text.text import Text
from monitor.settings import Settings
from monitor.streaming.place import place_text
from monitor.web.kept.bad_copies import Selection
from monitor.web.kept.board import Board
from monitor.web.render import render
from monitor.web.views.bad import MOST_ALIKE, Chart, as_json, cards

#: Sources that are listed, cards of bad copies of one, and lines that it always sends.
MOST_LISTED, MOST_CARDS, MOST_LINES = 200, 20, 40
#: Characters of a line that are shown.
LONGEST_LINE = 300


class Line(NamedTuple):
    """A paragraph that a source always sends, and in how many of its articles it stood, faded."""

    text: str
    articles: float


class Known(NamedTuple):
    """What is known of a source."""

    articles: float
    #: How many lines it always sends.
    lines: int
    #: Those of them that stand in its last article.
    examples: tuple[Line, ...]


class Threshold(NamedTuple):
    """A threshold of a source."""

    name: str
    value: float
    default: float
    description: str


def known_of(source: SourceTemplates, last: Article | None) -> Known:
    """What is known of a source, with the lines of its last article that it always sends."""
    examples: list[Line] = []
    if last is not None:
        text = Text.read(last.text)
        written = read_marks(text).written
        counts, _ = source.counts.look_up(written[:, [LINE, MASKED]])
        for passage, is_template, count in zip(text.passages, source.templates(written), counts.max(1), strict=True):
            if is_template:
                examples.append(Line(printable(" ".join(passage[:LONGEST_LINE].split())), float(count)))
    return Known(source.articles, source.lines, tuple(examples[:MOST_LINES]))


def thresholds_of(source: str, settings: Settings) -> list[Threshold]:
    """The thresholds in force for a source; those that differ from the default first."""
    values, defaults = asdict(settings.thresholds_for(source)), asdict(thresholds())
    listed = [
        Threshold(each.name, values[each.name], defaults[each.name], each.metadata["description"])
        for each in fields(AllThresholds)
    ]
    return sorted(listed, key=lambda threshold: threshold.value == threshold.default)


class SourcesPage:
    """The list of sources, and the page of each."""

    def __init__(self, board: Board, settings: Settings) -> None:
        self._board = board
        self._settings = settings

    def html(self) -> bytes:
        """The sources with bad copies in the last hour."""
        worst = self._board.counts.worst(self._board.clock(), MOST_LISTED)
        return render("sources.html", worst=worst, most=MOST_LISTED)

    def json(self) -> bytes:
        """The same as JSON."""
        worst = self._board.counts.worst(self._board.clock(), MOST_LISTED)
        return msgspec.json.encode([each._asdict() | {"codes": dict(each.codes)} for each in worst])

    def source_html(self, source: str, known: Known | None) -> bytes:
        """The page of a source."""
        now = self._board.clock()
        kept = self._source(source, now)
        in_force = thresholds_of(source, self._settings)
        return render(
            "source.html",
            now=now,
            cards=cards(kept["copies"])[:MOST_CARDS],
            most_alike=MOST_ALIKE,
            chart=Chart.of(self._board.counts.slices(now, source)),
            known=known,
            own_thresholds=[each for each in in_force if each.value != each.default],
            thresholds=in_force,
            path=place_text,
            **kept,
        )

    def source_json(self, source: str, known: Known | None) -> bytes:
        """The same as JSON."""
        kept = self._source(source, self._board.clock())
        hour = kept["hour"]
        lines = [line._asdict() for line in known.examples] if known is not None else []
        return msgspec.json.encode(
            {
                "source": kept["name"],
                "hour": {"articles": hour.articles, "bad": hour.bad, "codes": dict(hour.codes)},
                "incidents": [*kept["incidents"], *kept["closed"]],
                "known": None if known is None else known._asdict() | {"examples": lines},
                "thresholds": {each.name: each.value for each in thresholds_of(source, self._settings)},
                "bad": [as_json(copy) for copy in kept["copies"]],
            }
        )

    def _source(self, source: str, now: float) -> dict[str, Any]:
        board = self._board
        copies = board.bad.latest(Selection(source=source))
        hour = board.counts.of_source(source, now)
        return {
            # As its articles spell it, where one is known.
            "name": copies[0].verdict.source if copies else hour.source,
            "hour": hour,
            "incidents": board.incidents.open(source),
            "closed": board.incidents.closed(source)[:10],
            "copies": copies,
        }
