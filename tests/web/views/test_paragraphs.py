"""The paragraphs of an article, and its map."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.articles.article import Article
from monitor.scoring.verdict import Flag, Verdict
from monitor.web.views import paragraphs as rows
from monitor.web.views.paragraphs import MOST_ARCS, MOST_BLOCKS, anchor, evidence, map_of, paragraphs
from tests.web.topics import scorer

LINES = (
    "The harbour board met on Tuesday to settle the winter timetable of the island ferry for all.",
    "Three captains spoke against the later sailing, which they called a danger in fog and wind.",
    "The mayor answered that the school children could not be left on the quay until dark fell.",
    "A vote is expected before the end of the month, and the ferry keeps its hours until then.",
)


def verdict_of(text: str) -> Verdict:
    return scorer().score(Article(id="a", text=text), datetime(2026, 1, 1, tzinfo=UTC))


def test_repeats_lead_to_what_they_repeat_and_show_what_differs() -> None:
    changed = [*LINES[:3], LINES[3].replace("month", "week")]
    text = "\n".join((*LINES, *changed))
    verdict = verdict_of(text)
    shown = paragraphs(verdict, text, only_flagged=False)
    assert [p.repeats for p in shown] == [None] * 4 + [1, 2, 3, 4]
    assert shown[4].segments[0].kind == ""
    kinds = {s.kind: s.text.strip(" ,") for s in shown[7].segments}
    assert (kinds["del"], kinds["ins"]) == ("month", "week")
    assert anchor(verdict.flags[0], verdict) == 5


def test_only_what_is_flagged_keeps_neighbours_and_counts_the_rest() -> None:
    fillers = [
        f"Paragraph {n} tells of the {n}th captain, who said a thing that nobody else had said." for n in range(9)
    ]
    text = "\n".join((*fillers, LINES[0], LINES[1], LINES[0]))
    shown = paragraphs(verdict_of(text), text, only_flagged=True)
    assert [p.number for p in shown] == [9, 10, 11, 12]
    assert shown[0].left_out == 8


def test_mark_of_the_cut_stands_at_the_end_of_the_story() -> None:
    text = "\n".join((*LINES, "The rest of the story was to be told by the"))
    verdict = verdict_of(text)
    assert "truncated" in {flag.code for flag in verdict.flags}
    assert [p.cut for p in paragraphs(verdict, text, only_flagged=False)] == [False] * 4 + [True]


def test_quotes_of_the_messages_and_broken_characters_are_marked() -> None:
    pattern = evidence([Flag("mojibake", 0.5, "7 in paragraph 1: “fÃ¼r”"), Flag("markup", 0.1, "“<div”")])
    assert pattern is not None
    assert [m[0] for m in pattern.finditer("<b>fÃ¼r Ã¤rger &amp; so")] == ["<b>", "fÃ¼r", "Ã¤", "&amp;"]
    assert evidence([]) is None


def test_map_of_ten_thousand_paragraphs_is_bounded() -> None:
    text = "\n".join(line for n in range(2500) for line in (f"{LINES[0]} {n % 50}", f"{n}", "Share", f"{LINES[1]} {n}"))
    drawn = map_of(verdict_of(text))
    assert len(drawn.blocks) <= MOST_BLOCKS + 1
    assert len(drawn.arcs) <= MOST_ARCS
    assert drawn.blocks[-1].x + drawn.blocks[-1].width <= 1000.1
    assert "paragraphs: " in drawn.words


def test_no_more_is_shown_than_a_browser_lays_out() -> None:
    text = "\n".join(f"{LINES[n % 4]} {n}" for n in range(5000))
    shown = paragraphs(verdict_of(text), text, only_flagged=False)
    assert len(shown) <= rows.MOST_PARAGRAPHS
    assert sum(len(s.text) for p in shown for s in p.segments if s.kind != "del") <= rows.MOST_CHARACTERS


def test_controls_and_turns_of_direction_are_shown_as_such() -> None:
    text = "He said \u202egnirts\x1b[31m and\tleft the quay before the ferry had come in at last."
    (shown, *_) = paragraphs(verdict_of(text), text, only_flagged=False)
    text_shown = "".join(segment.text for segment in shown.segments)
    assert text_shown.startswith("He said \ufffdgnirts\ufffd[31m and")
