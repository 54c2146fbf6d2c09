"""The end of a sentence, told by its last words: "the", "of" and "und" end none, "said" and "Sunday" may.

A linear model over the hashed last words of a stretch of text, fitted by ``python -m bench.truncation`` on sentences
of real pages in some twenty languages, each once whole and once cut. In a language that it does not know,
``function_words.json``, the length of the last word and its shape are left to it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.text.characters import TABLED, UNSPACED, tables
from monitor.scoring.word_lists import entries

#: log2 of the number of buckets.
BUCKET_BITS = 16
#: Characters at the end of a text that hold its last two words, and those of a word that are compared.
_LOOKED_AT, _LONGEST_WORD, _LONGEST = 80, 24, 8
_TOKEN = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*|[^\w\s]")


@cache
def function_words() -> frozenset[str]:
    """What ``function_words.json`` holds: articles, prepositions and the like, which hardly end a sentence.

    The languages are not told apart: what is one in the one and a noun in the other has weights of its own.
    """
    return frozenset(entries("monitor.scoring.flags", "function_words.json"))


def features(text: str) -> Iterator[str]:
    """What the last words of a text are told by; nothing for a text without any.

    >>> list(features("Divers freed it by the"))
    ['word the', 'pair by the', 'before by', 'earlier it', 'end he', 'ending the', 'long ending the', 'length 3', \
'capital False', 'digit False', 'function True', 'before function True']
    >>> list(features("市长在新闻发布会上表示"))
    ['1 示', '2 表示', '3 上表示']
    """
    tokens = _TOKEN.findall(text[-_LOOKED_AT:])
    if not tokens:
        return
    last = tokens[-1].lower()[-_LONGEST_WORD:]
    if tables().classes[min(ord(last[-1]), TABLED - 1)] == UNSPACED or "\u3400" <= last[-1] <= "\u9fff":
        for length in (1, 2, 3):
            yield f"{length} {last[-length:]}"
        return
    earlier, before = (["^", "^"] + [token.lower()[-_LONGEST_WORD:] for token in tokens[-3:-1]])[-2:]
    yield f"word {last}"
    yield f"pair {before} {last}"
    yield f"before {before}"
    yield f"earlier {earlier}"
    yield f"end {last[-2:]}"
    yield f"ending {last[-3:]}"
    yield f"long ending {last[-4:]}"
    yield f"length {min(len(last), _LONGEST)}"
    yield f"capital {tokens[-1][0].isupper()}"
    yield f"digit {last[0].isdigit()}"
    yield f"function {last in function_words()}"
    yield f"before function {before in function_words()}"


def buckets(text: str, bits: int = BUCKET_BITS) -> list[int]:
    """The buckets of a text's features, each once, of ``2 ** bits``."""
    return sorted({zlib.crc32(feature.encode("utf-8", "replace")) >> (32 - bits) for feature in features(text)})


def unfinished(text: str, weights: NDArray[np.int8], scale: float, bias: float) -> float:
    """The log-odds that a stretch of text, without marks at its end, is no whole sentence; 4 to either side at most."""
    own = buckets(text, len(weights).bit_length() - 1)
    total = int(weights[own].astype(np.int64).sum())
    return min(max(bias + scale * total, -4.0), 4.0)
