"""Shingles: a text's words, freed of case, punctuation and number formats, whose neighbouring pairs are compared."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.words import BEYOND, CODE_POINTS, UNSPACED, code_points, unspaced

_SPACE, _BREAK = 32, 10
#: In the table of forms: what is left out, and what is left out between two digits and a blank elsewhere.
_NOTHING, _SEPARATOR = 0, 31
#: 1,000 and 1.000 and 1’000 are one number; 1 000 as well, where three digits stand behind the blank.
_SEPARATORS = ".,:'’\u00a0\u2009\u202f"
_FIRST_UNSPACED = ord(UNSPACED[0])

#: Of which hashes are made: odd, so that it has an inverse modulo 2⁶⁴; 2⁶⁴ by the golden ratio.
MULTIPLIER = 0x9E3779B97F4A7C15
#: So many of its powers are kept, one a character: 1 MB. Longer texts have theirs made.
_FEW_POWERS = 1 << 16


class Tokens(NamedTuple):
    """The words of some texts, in one array.

    ``forms`` are their characters, code points of which those up to the blank part words. ``begins``
    and ``ends`` are where each word stands in it, the end excluded; ``firsts`` the number of each
    text's first word, and that of all words behind them.
    """

    forms: NDArray[np.uint32]
    begins: NDArray[np.intp]
    ends: NDArray[np.intp]
    firsts: NDArray[np.intp]

    def words(self, i: int) -> list[str]:
        """The words of the text ``i``."""
        first, last = self.firsts[i], self.firsts[i + 1]
        if first == last:
            return []
        return _decoded(self.forms[self.begins[first] : self.ends[last - 1]]).split()

    def hashes(self) -> NDArray[np.uint64]:
        """64 bits for each word. Words made for it can have the same; others will not."""
        return rolled(self.forms, self.begins, self.ends)


def rolled(
    values: NDArray[np.uint32] | NDArray[np.uint64], begins: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.uint64]:
    """A hash of 64 bits for each ``values[begin:end]``: of sums of powers of an odd number, modulo 2⁶⁴.

    Source: Karp and Rabin, Efficient randomized pattern-matching algorithms, 1987; the shift that
    follows lets hashes be hashed again.
    """
    powers, inverses = _few_powers() if len(values) < _FEW_POWERS else _powers(len(values))
    sums = np.zeros(len(values) + 1, dtype=np.uint64)
    np.cumsum(values * powers[: len(values)], out=sums[1:])
    hashes: NDArray[np.uint64] = (sums[ends] - sums[begins]) * inverses[begins]
    return hashes ^ (hashes >> np.uint64(32))


def _powers(count: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The powers of the multiplier and of its inverse, from the zeroth."""
    bases = (MULTIPLIER, pow(MULTIPLIER, -1, 1 << 64))
    powers, inverses = (np.cumprod(np.array([1] + [base] * count, dtype=np.uint64), dtype=np.uint64) for base in bases)
    return powers, inverses


@cache
def _few_powers() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    return _powers(_FEW_POWERS)


def tokens(texts: Sequence[str]) -> list[list[str]]:
    """The words of each text: small letters, no punctuation, numbers as their digits alone.

    A character of a script without spaces is a word. Numbers are kept: what differs in its
    figures is another text. All texts in one vectorised pass.
    """
    return [text.split() for text in _decoded(_forms(texts)).split("\n")[1:-2]]


def read(texts: Sequence[str]) -> Tokens:
    """As :func:`tokens`, without making a string of each word: most are never looked at."""
    forms = _forms(texts)
    blank = forms <= _SPACE
    # The first character and the last are blanks: each second change is the begin of a word.
    edges = (blank[1:] != blank[:-1]).nonzero()[0] + 1
    begins, ends = edges[::2], edges[1::2]
    return Tokens(forms, begins, ends, begins.searchsorted((forms == _BREAK).nonzero()[0][:-1]))


def _decoded(forms: NDArray[np.uint32]) -> str:
    return forms.tobytes().decode("utf-32-le")


def _forms(texts: Sequence[str]) -> NDArray[np.uint32]:
    """The characters of all texts in their forms, between breaks, and some blanks behind the last."""
    # The blanks are there so that the last number's end is seen.
    forms = _table().take(code_points((*texts, "  ")), mode="clip")
    digit = forms - np.uint32(48) < 10
    digits = digit.nonzero()[0]
    within = digits[:-1][digits[1:] - digits[:-1] == 2] + 1
    blank = within[forms[within] == _SPACE]
    left_out = np.concatenate(
        (
            (forms == _NOTHING).nonzero()[0],
            within[forms[within] == _SEPARATOR],
            blank[digit[blank + 2] & digit[blank + 3] & ~digit[blank + 4]],
        )
    )
    if len(left_out):
        kept = np.ones(len(forms), np.bool_)
        kept[left_out] = False
        forms = forms[kept]
    return forms if forms.max() < _FIRST_UNSPACED else _spaced(forms)


def _spaced(forms: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A blank on both sides of each character that is a word by itself."""
    alone = _alone()[forms]
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
    table = np.arange(CODE_POINTS, dtype="<u4")
    table[:BEYOND] = [_form(chr(code)) for code in range(BEYOND)]
    return table


def _form(character: str) -> int:
    if character == "\n":
        return _BREAK
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
def _alone() -> NDArray[np.bool_]:
    """Which characters are words by themselves, among them all beyond the letters: ideographs."""
    table = unspaced()
    table[BEYOND:] = True
    return table
