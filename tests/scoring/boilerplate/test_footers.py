"""Footers of syndicated articles, and ``footers.json``."""

from __future__ import annotations

import pytest

from monitor.scoring.boilerplate.footers import is_footer


@pytest.mark.parametrize(
    "paragraph",
    [
        "L’article Le bac reprend est apparu en premier sur Le Quai.",
        "Запись Паром снова ходит впервые появилась Причал.",
        "渡轮复航最先出现在码头报。",
        "Source: Quay Courier",
        "(Feed generated with FetchRSS)",
    ],
)
def test_footer_of_a_feed_is_found(paragraph: str) -> None:
    assert is_footer(paragraph)


@pytest.mark.parametrize(
    "paragraph",
    [
        "The song first appeared on the radio in 1931, and half the island learnt it within a week of that evening. "
        "Nobody knows who wrote it.",
        "The source of the river lies in the hills.",
        "Das Erste zeigt den Film am Sonntag.",
    ],
)
def test_story_is_no_footer(paragraph: str) -> None:
    assert not is_footer(paragraph)
