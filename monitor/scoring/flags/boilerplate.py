"""Boilerplate: a copy that is not mostly its story."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.scoring.inspection import BOILERPLATE, Inspection
from monitor.scoring.verdict import Code, Flag
from monitor.settings import Thresholds


def check(inspection: Inspection, thresholds: Thresholds) -> Iterator[Flag]:
    """Yields boilerplate_heavy where the share of words that are boilerplate reaches the threshold."""
    ratio = inspection.boilerplate_ratio
    if ratio < thresholds.boilerplate_heavy or not inspection.boilerplate_words:
        return
    blocks = [i for i, p in enumerate(inspection.boilerplate) if p >= BOILERPLATE]
    longest = max(blocks, key=lambda i: inspection.words[i])
    yield Flag(
        Code.BOILERPLATE_HEAVY,
        round(ratio, 4),
        f"{inspection.boilerplate_words} of {inspection.total_words} words in {len(blocks)} of "
        f"{len(inspection.texts)} paragraphs are not part of the story; the longest is paragraph {longest + 1}: "
        f"“{_opening(inspection.texts[longest])}”",
    )


def _opening(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"
