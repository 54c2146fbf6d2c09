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

#: Of so many of the linear models the most telling n-gram is a feature too.
PEAKS = 3

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
    weights: NDArray[np.int8],
    scales: NDArray[np.float64],
    biases: NDArray[np.float64],
    buckets: NDArray[np.int32],
    begins: NDArray[np.int64],
) -> Floats:
    """What the n-grams of ``n`` paragraphs say to ``k`` linear models, ``(n, k + PEAKS + 1)``: their summed log-odds by
    the root of their number; to the first :data:`PEAKS` models also those of the most telling one, at least -1; to the
    first those of the least, at most 1.

    ``weights`` are ``(buckets, k)``: what one n-gram says to all stands together in memory.
    """
    n, k = len(begins) - 1, weights.shape[1]
    table = np.empty((n, k + PEAKS + 1), np.float32)
    total, most = np.empty(k, np.int32), np.empty(PEAKS, np.int8)
    for paragraph in range(n):
        first, end = begins[paragraph], begins[paragraph + 1]
        row = table[paragraph]
        row[k : k + PEAKS], row[k + PEAKS] = -1.0, 1.0
        total[:], most[:], least = 0, -128, np.int8(127)
        for at in range(first, end):
            bucket = buckets[at]
            for model in range(k):
                total[model] += weights[bucket, model]
            for model in range(PEAKS):
                most[model] = max(most[model], weights[bucket, model])
            least = min(least, weights[bucket, 0])
        root = np.sqrt(max(end - first, 1))
        for model in range(k):
            row[model] = biases[model] + total[model] * scales[model] / root
        if end > first:
            for model in range(PEAKS):
                row[k + model] = max(most[model] * scales[model], -1.0)
            row[k + PEAKS] = min(least * scales[0], 1.0)
    return table
