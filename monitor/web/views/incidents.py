"""The incidents: which sources are broken, in which way, since when."""

from __future__ import annotations

import msgspec

from monitor.streaming.place import place_text
from monitor.web.kept.board import Board
from monitor.web.render import render

#: Incidents that are listed of each sort.
MOST_OPEN, MOST_CLOSED = 200, 50


class IncidentsPage:
    """The open incidents, the worst first, and the last closed ones."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def html(self) -> bytes:
        """The page."""
        opened, closed = self._board.incidents.open(), self._board.incidents.closed()
        return render(
            "incidents.html",
            now=self._board.clock(),
            open=opened[:MOST_OPEN],
            more=max(0, len(opened) - MOST_OPEN),
            closed=closed[:MOST_CLOSED],
            path=place_text,
        )

    def json(self) -> bytes:
        """The same as JSON, each incident as its topic has it."""
        incidents = self._board.incidents
        return msgspec.json.encode({"open": incidents.open(), "closed": incidents.closed()})
