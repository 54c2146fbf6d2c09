"""Runs: paragraphs in a row that repeat others in a row, and lines that only recur."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.scoring.repetition.runs import Match, Run, Span, longest


def run(matches: Mapping[int, int], lengths: list[int]) -> Run | None:
    return longest({later: Match(Span(first, first), 1.0) for later, first in matches.items()}, lengths)


def test_nothing_repeats() -> None:
    assert run({}, [1, 2, 3]) is None


def test_a_body_twice() -> None:
    repeated_run = run({4: 0, 5: 1, 6: 2, 7: 3}, [50] * 8)
    assert repeated_run == Run(Span(4, 7), Span(0, 3), (4, 5, 6, 7), 4, 200)


def test_a_line_that_recurs_is_one_paragraph_long() -> None:
    repeated_run = run({2: 0, 4: 0, 6: 0, 8: 0}, [90, 40] * 4 + [90])
    assert repeated_run is not None
    assert repeated_run.length == 1


def test_questions_with_other_answers_are_no_run() -> None:
    # Three questions, each with a long answer, asked again and answered otherwise.
    repeated_run = run({6: 0, 8: 2, 10: 4}, [60, 400] * 6)
    assert repeated_run is not None
    assert repeated_run.length == 1


def test_links_between_paragraphs_end_no_run() -> None:
    repeated_run = run({4: 0, 6: 1, 9: 2}, [300, 300, 300, 20, 300, 20, 300, 20, 20, 300])
    assert repeated_run is not None
    assert repeated_run.paragraphs == (4, 6, 9)
    assert repeated_run.length == 3


def test_a_paragraph_rewritten_on_both_sides_ends_no_run() -> None:
    repeated_run = run({4: 0, 6: 2, 7: 3}, [300] * 8)
    assert repeated_run is not None
    assert repeated_run.paragraphs == (4, 6, 7)


def test_joined_paragraphs_count_as_those_they_join() -> None:
    matches = {4: Match(Span(0, 1), 0.99, resplit=True), 5: Match(Span(2, 3), 0.99, resplit=True)}
    repeated_run = longest(matches, [50, 50, 50, 50, 101, 101])
    assert repeated_run is not None
    assert (repeated_run.length, repeated_run.earlier) == (4, Span(0, 3))


def test_split_paragraphs_count_each() -> None:
    matches = {i: Match(Span(0, 0), 0.99, resplit=True) for i in (1, 2, 3)}
    repeated_run = longest(matches, [152, 50, 50, 50])
    assert repeated_run is not None
    assert (repeated_run.length, repeated_run.paragraphs) == (3, (1, 2, 3))
