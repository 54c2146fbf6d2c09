"""Shingles: a text's words, freed of case, punctuation and number formats, whose neighbouring pairs are compared."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.words import UNSPACED

_SPACE, _BREAK = 32, 10
#: In the table of forms: what is left out, and what is left out between two digits and a blank elsewhere, which
#: the unit separator is to ``split``.
_NOTHING, _SEPARATOR = 0, 31
#: 1,000 and 1.000 and 1’000 are one number; 1 000 as well, where three digits stand behind the blank.
_SEPARATORS = ".,:'’\u00a0\u2009\u202f"
#: Above the two planes that hold letters and signs there are ideographs alone.
_TABLE_SIZE = 0x20000


def tokens(texts: Sequence[str]) -> list[list[str]]:
    """The words of each text: small letters, no punctuation, numbers as their digits alone.

    A character of a script without spaces is a word. Numbers are kept: what differs in its
    figures is another text. All texts in one vectorised pass.
    """
    if not texts:
        return []
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    forms = _table().take(codes, mode="clip")
    if len(codes) and codes.max() >= _TABLE_SIZE:
        high = codes >= _TABLE_SIZE
        forms[high] = codes[high]
    forms = np.append(forms, np.full(4, _SPACE, dtype="<u4"))  # so that the last number's end is seen
    forms[np.cumsum([len(text) + 1 for text in texts])[:-1] - 1] = _BREAK
    digit = forms - np.uint32(48) < 10
    within = np.flatnonzero(digit[:-2] & digit[2:]) + 1
    left_out = forms == _NOTHING
    left_out[within[forms[within] == _SEPARATOR]] = True
    blank = within[forms[within] == _SPACE]
    left_out[blank[digit[blank + 2] & digit[blank + 3] & ~digit[blank + 4]]] = True
    forms = _spaced(forms[~left_out])
    return [text.split() for text in forms.tobytes().decode("utf-32-le").split("\n")]


def _spaced(forms: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A blank on both sides of each character that is a word by itself."""
    if not len(forms) or forms.max() < 0xE00:
        return forms
    alone = _unspaced()[np.minimum(forms, _TABLE_SIZE)]
    if not alone.any():
        return forms
    parted = alone.copy()
    parted[1:] |= alone[:-1]
    spaced = np.full(len(forms) + int(parted.sum()), _SPACE, dtype="<u4")
    spaced[np.arange(len(forms)) + np.cumsum(parted)] = forms
    return spaced


@cache
def _table() -> NDArray[np.uint32]:
    """For each character its one form: small letter or digit, or what to do with it. Takes 0.1 s to make."""
    return np.array([_form(chr(code)) for code in range(_TABLE_SIZE)], dtype="<u4")


def _form(character: str) -> int:
    if character in _SEPARATORS:
        return _SEPARATOR
    category = unicodedata.category(character)
    if category == "Cf":
        return _NOTHING
    if category == "Nd":
        return ord("0") + unicodedata.decimal(character)
    compatible = unicodedata.normalize("NFKC", character)
    plain = compatible if len(compatible) == 1 else character
    small = plain.lower()
    if small.isalnum() or category[0] == "M":
        return ord(small if len(small) == 1 else plain)
    return _SPACE


@cache
def _unspaced() -> NDArray[np.bool_]:
    """Which characters are words by themselves; the last entry is for all ideographs above the table."""
    table = np.zeros(_TABLE_SIZE + 1, dtype=bool)
    ranges = UNSPACED.replace("-", "")
    for first, last in zip(ranges[::2], ranges[1::2], strict=True):
        table[ord(first) : ord(last) + 1] = True
    return table
