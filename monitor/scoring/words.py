"""Words: how much text there is, in any script."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: Characters of scripts written without spaces between words: Thai, Lao, Burmese, Khmer, kana and ideographs.
#: Hangul is not among them: Korean is written with spaces.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(f"[{UNSPACED}]")


def has_unspaced(text: str) -> bool:
    """Whether any character belongs to a script written without spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def count(text: str) -> int:
    """The number of words: runs between blanks; a CJK or Thai character counts as a word."""
    return counts([text])[0]


def counts(texts: Sequence[str]) -> list[int]:
    """The number of words of each text; one look at all of them spares each its own."""
    if not has_unspaced("\n".join(texts)):
        return [_count_spaced(text) for text in texts]
    return [_count_unspaced(text) for text in texts]


def _count_spaced(text: str) -> int:
    runs = text.split()
    # A dash, a bar of a table: between blanks, and no word.
    signs = [run for run in runs if not run[0].isalnum()]
    return len(runs) - sum(not any(map(str.isalnum, run)) for run in signs)


def _count_unspaced(text: str) -> int:
    rest, unspaced = _UNSPACED.subn(" ", text)
    # What is left of unspaced text between its characters is punctuation, which is no word of its own.
    return unspaced + _count_spaced(rest)
