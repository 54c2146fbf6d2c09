"""Two texts side by side."""

from __future__ import annotations

import time

from monitor.web.views.differences import Segment
from monitor.web.views.side_by_side import MOST_PARAGRAPHS, rows

STORY = [f"Paragraph {n}: the harbour board met on day {n} to settle the winter timetable." for n in range(5)]


def kinds(earlier: list[str], later: list[str]) -> list[str]:
    return [row.kind for row in rows("\n".join(earlier), "\r\n\n".join(later))]


def test_paragraphs_are_shared_changed_missing_or_added() -> None:
    changed = STORY[2].replace("settle", "agree on")
    assert kinds(STORY, STORY) == ["same"] * 5
    assert kinds(STORY, STORY[1:]) == ["missing", *["same"] * 4]
    assert kinds(STORY, ["Of its own.", *STORY]) == ["added", *["same"] * 5]
    assert kinds(STORY, [*STORY[:2], changed, *STORY[3:]]) == ["same", "same", "changed", "same", "same"]
    assert kinds([], STORY[:1]) == ["added"]
    assert rows("", "") == []


def test_changed_paragraph_shows_what_each_side_has() -> None:
    (row,) = rows("The board met on Monday.", "The board met on Tuesday.")
    assert row.earlier[-1] == Segment("del", " Monday.")
    assert row.later[-1] == Segment("ins", " Tuesday.")


def test_two_long_texts_without_a_common_line_are_bounded() -> None:
    begin = time.process_time()
    made = rows("\n".join(f"a{n} b c d e f" for n in range(5000)), "\n".join(f"b{n} b c d x y" for n in range(5000)))
    assert len(made) <= 2 * MOST_PARAGRAPHS
    assert time.process_time() - begin < 2
