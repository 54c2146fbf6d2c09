"""Shingles: a paragraph as the set of its pairs of neighbouring words, freed of case and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from monitor.scoring.words import UNSPACED, has_unspaced

# Marks that stand above and below letters belong to the word: Latin, Hebrew, Arabic, Indic.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957"
# 1,000 and 1.000 and 1 000 are one number, whatever stands between its digits.
_NUMBER = r"\d++(?:[.,'’\u00a0\u202f ]\d{3}(?!\d)|[.,:]\d++)*+"
_SPACED = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])++|{_NUMBER}")
_LATIN = re.compile(rf"[^\W\d_]++|{_NUMBER}")
_MIXED = re.compile(rf"[{UNSPACED}]|(?:[^\W\d_{UNSPACED}]|[{_MARKS}])++|{_NUMBER}")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_BETWEEN_DIGITS = re.compile(r"\D+")


def tokens(texts: Sequence[str]) -> list[list[str]]:
    """The words of each text: small letters, no punctuation, numbers as their digits alone.

    A character of a script without spaces is a word. Numbers are kept: what differs in its
    figures is another text.
    """
    joined = "".join(texts)
    if joined.isascii():
        pattern = _LATIN
    else:
        pattern = _MIXED if has_unspaced(joined) else _SPACED
        if _INVISIBLE.search(joined):
            texts = [_INVISIBLE.sub("", text) for text in texts]
    canonical = _Canonical()
    return [[canonical[token] for token in pattern.findall(text.lower())] for text in texts]


class _Canonical(dict[str, str]):
    """Each distinct token's one form, worked out once."""

    def __missing__(self, token: str) -> str:
        form = token
        if token[0].isdigit():
            form = "".join(str(unicodedata.digit(c, 0)) for c in _BETWEEN_DIGITS.sub("", token))
        elif not token.isascii():
            form = unicodedata.normalize("NFKC", token[:64]) + token[64:]
        self[token] = form
        return form
