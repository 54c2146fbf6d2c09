"""Words: how much text there is, in any script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

#: Characters of scripts written without spaces between words: Thai, Lao, Burmese, Khmer, kana and ideographs.
#: Hangul is not among them: Korean is written with spaces.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(f"[{UNSPACED}]")

#: As many as Unicode has, and from where on they are ideographs, signs that choose among their shapes, or none.
CODE_POINTS, BEYOND = 0x110000, 0x20000
#: What a character is to a word: part of none, a blank, the end of a text, part of one, one by itself.
_SIGN, _BLANK, _END, _LETTER, _ALONE = range(5)


def has_unspaced(text: str) -> bool:
    """Whether any character belongs to a script written without spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def count(text: str) -> int:
    """The number of words: runs between blanks; a CJK or Thai character counts as a word."""
    return counts([text])[0]


def counts(texts: Sequence[str]) -> list[int]:
    """The number of words of each text, all counted in one vectorised pass."""
    kinds = _kinds().take(code_points(texts), mode="clip")
    # Four of five characters are letters: words are told from the others. Between two of these that are no signs a word
    # stands where more characters than signs do: so a dash between blanks is none, and a word goes on behind a hyphen.
    # Punctuation that is left between characters of unspaced scripts is no word of its own either.
    others = (kinds != _LETTER).nonzero()[0]
    kinds = kinds.take(others)
    parting = (kinds != _SIGN).nonzero()[0]
    kinds, at = kinds.take(parting), others.take(parting) - parting
    ends = (kinds == _END).nonzero()[0]
    words = (at[1:] > at[:-1]).nonzero()[0].searchsorted(ends)
    unspaced = (kinds == _ALONE).nonzero()[0]
    if len(unspaced):
        words += unspaced.searchsorted(ends)
    found: list[int] = (words[1:] - words[:-1]).tolist()
    return found


def code_points(texts: Sequence[str]) -> NDArray[np.uint32]:
    """The code points of all texts in a row, between line breaks, of which no text has one of its own."""
    joined = "\n".join(("", *texts, ""))
    if joined.count("\n") > len(texts) + 1:
        joined = "\n".join(("", *(text.replace("\n", " ") for text in texts), ""))
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@cache
def _kinds() -> NDArray[np.uint8]:
    """What each character is to a word. Takes 0.03 s to make."""
    table = np.full(CODE_POINTS, _SIGN, dtype=np.uint8)
    characters = [chr(code) for code in range(BEYOND)]
    table[:BEYOND][[character.isalnum() for character in characters]] = _LETTER
    table[:BEYOND][[character.isspace() for character in characters]] = _BLANK
    table[unspaced()] = _ALONE
    table[ord("\n")] = _END
    return table


def unspaced() -> NDArray[np.bool_]:
    """For each code point whether it belongs to a script written without spaces between words."""
    table = np.zeros(CODE_POINTS, dtype=bool)
    ranges = UNSPACED.replace("-", "")
    for first, last in zip(ranges[::2], ranges[1::2], strict=True):
        table[ord(first) : ord(last) + 1] = True
    return table
