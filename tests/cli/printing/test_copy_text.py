"""Copies for a terminal: an article beside the earlier one, without colour too."""

from __future__ import annotations

from monitor.articles.article import Article
from monitor.cli.printing.copy_text import EarlierTexts, copy_of_lines, difference_lines
from monitor.scoring.verdict import CopyOf

EARLIER = "The ferry ran aground.\nThe first gale came at night.\nNobody was hurt, said Ada.\nIt was towed on Monday."
LATER = "The ferry ran aground.\nNobody was hurt, said Eve.\nIt was towed on Monday.\nSubscribe to our letter now."


def test_differences_are_told_without_colour() -> None:
    assert [line.plain for line in difference_lines(EARLIER, LATER)] == [
        "     = 1 paragraph the same",
        "     - The first gale came at night.",
        "     ~ Nobody was hurt, said [-Ada.-] {+Eve.+}",
        "     = 1 paragraph the same",
        "     + Subscribe to our letter now.",
    ]


def test_the_same_text_is_only_counted() -> None:
    assert [line.plain for line in difference_lines(EARLIER, EARLIER)] == ["     = 4 paragraphs the same"]


def test_paragraphs_too_long_to_compare_stand_whole() -> None:
    before = " ".join(f"word{n}" for n in range(500))
    lines = [line.plain for line in difference_lines(before, before.replace("word7 ", "other "))]
    assert len(lines) == 1
    assert "     - word0" in lines[0]
    assert "     + word0" in lines[0]


def test_an_earlier_text_that_is_gone_is_said() -> None:
    earlier = CopyOf("a1", "Daily", None, 0.5, 0.9, 0.1)
    lines = [line.plain for line in copy_of_lines(earlier, None, LATER)]
    assert lines == [
        "  a copy of Daily, a1: it has 90% of that story, and 10% is its own",
        "     the earlier text is held no longer",
    ]


def test_earlier_texts_are_bounded_and_the_last_of_an_id_holds() -> None:
    texts = EarlierTexts(most_characters=10)
    texts.add(Article(id="1", source="a", text="12345"))
    texts.add(Article(id="1", source="a", text="1234"))
    texts.add(Article(id="2", source="a", text="123456"))
    assert (texts.get("a", "1"), texts.get("a", "2")) == ("1234", "123456")
    texts.add(Article(id="3", source="a", text="1"))
    assert (texts.get("a", "1"), texts.get("a", "3"), texts.get("b", "3")) == (None, "1", None)
