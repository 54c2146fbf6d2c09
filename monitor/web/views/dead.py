"""The dead letters: why records could not be handled, and what to do."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from monitor.web.kept.board import Board
from monitor.web.render import render


class DeadPage:
    """The last dead letters."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def html(self, reason: str) -> bytes:
        """The page, of one reason where it is asked for."""
        letters = [letter for letter in self._board.dead.latest() if not reason or letter.reason == reason]
        return render(
            "dead.html",
            now=self._board.clock(),
            letters=letters,
            reason=reason,
            reasons=self._board.dead.reasons(),
            total=self._board.dead.total,
            since=datetime.fromtimestamp(self._board.since, UTC),
        )

    def json(self) -> bytes:
        """The same as JSON."""
        return msgspec.json.encode({"reasons": dict(self._board.dead.reasons()), "letters": self._board.dead.latest()})
