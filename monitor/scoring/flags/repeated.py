"""Repeated: a body that stands twice, or a long paragraph that does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.scoring.inspection import Inspection
from monitor.scoring.runs import Run, Span
from monitor.scoring.verdict import Code, Flag
from monitor.settings import Thresholds

#: The end of a sentence behind a word, in Thai and Lao behind any; "12. " and "[...]" are none.
_SENTENCE = re.compile(r"[^\W\d_][\"'”’»)\]]*+[.!?…](?=[\"'”’»)\]]*+(?:\s|\Z))|[。！？؟۔।॥။።։]|[\u0e00-\u0eff]\Z")


def check(inspection: Inspection, thresholds: Thresholds) -> Iterator[Flag]:
    """Yields repeated_body for the longest run, and repeated_paragraphs for what repeats outside of it."""
    found = inspection.repetition
    body = found.run
    total = sum(map(len, inspection.texts))
    inside: set[int] = set()
    if body is not None and _is_body(body, inspection, thresholds, total):
        inside.update(body.paragraphs)
        share = body.characters / total
        yield Flag(
            Code.REPEATED_BODY,
            round(share, 4),
            f"paragraphs {_numbers(body.later)} repeat {_numbers(body.earlier)}: "
            f"{share:.0%} of the text stands twice".replace("%", " %", 1),
        )
    outside = [
        i
        for i, repeats in enumerate(found.repeats)
        if repeats is not None
        and i not in inside
        and inspection.words[i] >= thresholds.repeated_paragraph_words
        and (found.similarity[i] == 1.0 or _is_sentence(inspection.texts[i]) or _is_sentence(inspection.texts[repeats]))
    ]
    if outside:
        yield _repeated_paragraphs(inspection, outside, total)


def _is_body(run: Run, inspection: Inspection, thresholds: Thresholds, total: int) -> bool:
    """Whether a run is a body that stands twice: not a refrain, whose lines are all short."""
    longest = max(inspection.words[i] for i in run.paragraphs)
    return (
        run.length >= thresholds.repeated_body_paragraphs
        and run.characters >= thresholds.repeated_body_share * total
        and (
            longest >= thresholds.repeated_paragraph_words
            or run.characters >= thresholds.repeated_short_lines_share * total
        )
    )


def _is_sentence(text: str) -> bool:
    """Whether a text holds a sentence; headings, items of lists and rows of tables, which are alike, hold none."""
    if not _SENTENCE.search(text):
        return False
    first = [word[0] for word in text.split()]
    return sum(map(str.isupper, first)) <= sum(map(str.islower, first))


def _repeated_paragraphs(inspection: Inspection, outside: list[int], total: int) -> Flag:
    named = [f"{i + 1} repeats {(inspection.repetition.repeats[i] or 0) + 1}" for i in outside[:3]]
    if len(outside) > 3:
        named.append(f"{len(outside) - 3} more")
    share = sum(len(inspection.texts[i]) for i in outside) / total
    words = sum(inspection.words[i] for i in outside)
    return Flag(
        Code.REPEATED_PARAGRAPHS,
        round(share, 4),
        f"paragraph {', '.join(named)}: {words} words stand twice",
    )


def _numbers(span: Span) -> str:
    """Paragraphs counted from 1, as a person counts them."""
    return f"{span.first + 1}-{span.last + 1}" if span.last > span.first else f"{span.first + 1}"
