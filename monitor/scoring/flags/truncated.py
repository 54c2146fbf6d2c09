"""Truncated: a copy that was cut before its end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.scoring.inspection import Inspection
from monitor.scoring.verdict import Code, Flag
from monitor.settings import Thresholds

#: What feeds leave where they cut: "[+1234 chars]", "[…]", "… (more)".
_LEFT_OFF = re.compile(
    r"\[\s?\+\s?\d{1,7}\s?(?:chars?|characters|words)\s?\]\s*\Z|[\[(](?:…|\.\.\.)[\])]\s*\Z", re.IGNORECASE
)
_ELLIPSIS = re.compile(r"(?:…|(?<!\.)\.\.\.)\s*\Z")
_CLOSERS = "\"'”’»›)]}」』”’）】*_ "
_ENDS = ".!?。！？؟۔।॥።។։…:;"


def check(inspection: Inspection, thresholds: Thresholds) -> Iterator[Flag]:
    """Yields truncated by the mark that cutting leaves, by the declared words, or by an unfinished sentence."""
    if not inspection.texts:
        return
    story = inspection.story or tuple(range(len(inspection.texts)))
    reason = _marked(inspection, story) or _declared(inspection, thresholds) or _unfinished(inspection, story)
    if reason is not None:
        yield Flag(Code.TRUNCATED, *reason)


def _marked(inspection: Inspection, story: tuple[int, ...]) -> tuple[float, str] | None:
    for i in dict.fromkeys((len(inspection.texts) - 1, story[-1])):
        text = inspection.texts[i][-80:]
        if match := _LEFT_OFF.search(text):
            return 1.0, f"paragraph {i + 1} ends with “{match.group().strip()}”"
        if _ELLIPSIS.search(text):
            return 0.9, f"paragraph {i + 1} ends with “…”: “{text[-40:]}”"
    return None


def _declared(inspection: Inspection, thresholds: Thresholds) -> tuple[float, str] | None:
    declared = inspection.article.declared_words
    if not declared or inspection.total_words >= thresholds.truncated_share * declared:
        return None
    share = inspection.total_words / declared
    return round(1 - share, 4), f"{inspection.total_words} words of {declared} declared"


def _unfinished(inspection: Inspection, story: tuple[int, ...]) -> tuple[float, str] | None:
    """Whether the last paragraph of the story breaks off, in a text whose other paragraphs end properly."""
    prose = [i for i in story if inspection.words[i] >= 12]
    last = story[-1]
    if _ended(inspection.texts[last]):
        return None
    others = [i for i in prose if i != last]
    proper = sum(_ended(inspection.texts[i]) for i in others)
    if last in prose and len(others) >= 2 and proper >= 0.8 * len(others):
        return 0.7, f"paragraph {last + 1} breaks off: “{inspection.texts[last][-40:]}”"
    return None


def _ended(text: str) -> bool:
    return text.rstrip(_CLOSERS)[-1:] in _ENDS
