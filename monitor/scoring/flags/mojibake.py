"""Mojibake: text that was decoded with the wrong encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ftfy.badness import badness

from monitor.scoring.inspection import Inspection
from monitor.scoring.verdict import Code, Flag
from monitor.settings import Thresholds

#: A character that could not be decoded, next to a letter.
_REPLACED = re.compile(r"(?<=\w)\ufffd|\ufffd(?=\w)")
#: Signs of good typography, which no wrong decoding of UTF-8 begins with.
_HARMLESS = re.compile("[“”‘’–—…•]++")


def check(inspection: Inspection, thresholds: Thresholds) -> Iterator[Flag]:
    """Yields mojibake where enough sequences of characters are such as only a wrong encoding makes."""
    text = inspection.article.text
    if text.isascii():
        return
    found = [(i, _sequences(paragraph)) for i, paragraph in enumerate(inspection.texts) if not paragraph.isascii()]
    total = sum(count for _, count in found)
    if total < thresholds.mojibake_sequences:
        return
    worst = max(found, key=lambda pair: pair[1])[0]
    yield Flag(
        Code.MOJIBAKE,
        round(min(total / max(inspection.total_words, 1), 1.0), 4),
        f"{total} sequences of characters as a wrong encoding makes them, most in paragraph {worst + 1}: "
        f"“{_example(inspection.texts[worst])}”",
    )


def _sequences(text: str) -> int:
    """How many sequences only a wrong encoding makes: ftfy's badness of the words that could hold any."""
    # Split at plain blanks alone: a no-break space is part of some sequences.
    suspects = [word for word in text.split(" ") if not word.isascii()]
    suspects = [word for word in suspects if not _HARMLESS.sub("", word).isascii()]
    if not suspects:
        return 0
    suspect = " ".join(suspects)
    return badness(suspect) + len(_REPLACED.findall(suspect))


def _example(text: str) -> str:
    return next((word for word in text.split() if _sequences(word)), "")[:40]
