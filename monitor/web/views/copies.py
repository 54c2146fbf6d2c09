"""Stories across outlets: who carried one when, and two copies of it side by side."""

from __future__ import annotations

import msgspec

from monitor.articles.article import Article
from monitor.scoring.copies.record import Copy
from monitor.scoring.copies.story import Story
from monitor.streaming.place import place_text
from monitor.web.kept.board import Board
from monitor.web.render import render
from monitor.web.views.side_by_side import rows

#: Stories that are listed, and copies of one.
MOST_STORIES, MOST_COPIES = 100, 100


class CopiesPage:
    """The last stories that were copied, and the page of each."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def html(self) -> bytes:
        """The stories, the one that was copied last first."""
        stories = self._board.copies.stories(MOST_STORIES)
        return render("copies.html", now=self._board.clock(), stories=stories, path=place_text)

    def json(self) -> bytes:
        """The same as JSON."""
        return msgspec.json.encode([_json(story) for story in self._board.copies.stories(MOST_STORIES)])

    def story_html(self, story: Story, copy: Copy, texts: tuple[Article | None, Article | None]) -> bytes:
        """A story, and one of its copies beside the earliest; a text that is no longer kept is ``None``."""
        earlier, later = texts
        return render(
            "story.html",
            now=self._board.clock(),
            story=story,
            copies=story.copies[:MOST_COPIES],
            more=max(0, len(story.copies) - MOST_COPIES),
            copy=copy,
            rows=rows(earlier.text, later.text) if earlier is not None and later is not None else None,
            path=place_text,
        )

    def story_json(self, story: Story) -> bytes:
        """A story as JSON."""
        return msgspec.json.encode(_json(story))


def _json(story: Story) -> dict[str, object]:
    return {"earliest": story.earliest, "outlets": story.outlets, "copies": story.copies}
