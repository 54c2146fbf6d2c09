"""The n-grams of each paragraph, hashed into the buckets of the linear model of wording."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.text.text import Text

#: log2 of the number of buckets.
BUCKET_BITS = 17

#: What sets the kinds of n-grams apart: the same words get another bucket in each.
_WORD, _STEM, _PAIR, _TRIPLE, _FIRST, _LAST, _FIRST_PAIR, _LAST_PAIR = range(1, 9)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

Floats = NDArray[np.float32]
Hashes = NDArray[np.uint64]


class Ngrams(NamedTuple):
    """The buckets of ``n`` paragraphs' n-grams in a row, and where each paragraph's begin; the last is their end."""

    buckets: NDArray[np.int32]
    begins: NDArray[np.int64]  # (n + 1,)


@compiled
def extended(words: np.uint64, word: np.uint64) -> np.uint64:
    """The hash of some words, with one more behind them."""
    mixed: np.uint64 = (words ^ np.uint64(word)) * _MULTIPLIER
    return mixed ^ (mixed >> np.uint64(31))


@compiled
def _bucket(kind: int, words: np.uint64) -> np.int32:
    return np.int32(extended(extended(words, np.uint64(kind)), np.uint64(0)) >> np.uint64(64 - BUCKET_BITS))


@compiled
def _ngrams(firsts: NDArray[np.int64], shapes: NDArray[np.uint32], stems: NDArray[np.uint32]) -> Ngrams:
    n = len(firsts) - 1
    buckets = np.empty(4 * len(shapes) + 4 * n, np.int32)
    begins = np.zeros(n + 1, np.int64)
    at = 0
    for paragraph in range(n):
        first, end = firsts[paragraph], firsts[paragraph + 1]
        for word in range(first, end):
            single = extended(np.uint64(0), shapes[word])
            buckets[at] = _bucket(_WORD, single)
            buckets[at + 1] = _bucket(_STEM, extended(np.uint64(0), stems[word]))
            at += 2
            if word + 1 < end:
                pair = extended(single, shapes[word + 1])
                buckets[at] = _bucket(_PAIR, pair)
                at += 1
                if word + 2 < end:
                    buckets[at] = _bucket(_TRIPLE, extended(pair, shapes[word + 2]))
                    at += 1
        if first < end:
            buckets[at] = _bucket(_FIRST, extended(np.uint64(0), shapes[first]))
            buckets[at + 1] = _bucket(_LAST, extended(np.uint64(0), shapes[end - 1]))
            at += 2
        if first + 1 < end:
            opening = extended(extended(np.uint64(0), shapes[first]), shapes[first + 1])
            closing = extended(extended(np.uint64(0), shapes[end - 2]), shapes[end - 1])
            buckets[at] = _bucket(_FIRST_PAIR, opening)
            buckets[at + 1] = _bucket(_LAST_PAIR, closing)
            at += 2
        begins[paragraph + 1] = at
    return Ngrams(buckets[:at], begins)


def ngrams(text: Text) -> Ngrams:
    """Words, their stems, pairs and triples of words, and the words and pairs at both ends of each paragraph."""
    return _ngrams(text.words.firsts, text.words.shapes, text.words.stems)


@compiled
def wording(
    weights: NDArray[np.int8], scale: float, bias: float, buckets: NDArray[np.int32], begins: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """What the n-grams of each paragraph say: ``(n,)`` their summed log-odds by the root of their number, and ``(n,)``
    those of the most telling one.
    """
    n = len(begins) - 1
    summed, peak = np.full(n, np.float32(bias)), np.full(n, np.float32(-1.0))
    for paragraph in range(n):
        total, most = np.int64(0), np.int64(-128)
        first, end = begins[paragraph], begins[paragraph + 1]
        for at in range(first, end):
            weight = np.int64(weights[buckets[at]])
            total += weight
            if weight > most:
                most = weight
        if end > first:
            summed[paragraph] += total * scale / np.sqrt(end - first)
            peak[paragraph] = max(most * scale, -1.0)
    return summed, peak
