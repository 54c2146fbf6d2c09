"""The n-grams of each paragraph, hashed into the buckets of the linear model of wording."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from monitor.scoring.boilerplate.standin import Text

#: log2 of the number of buckets.
BUCKET_BITS = 18

#: Characters of a word that make up its stem.
STEM_CHARACTERS = 4

#: What sets the kinds of n-grams apart: the same words get another bucket in each.
_WORD, _STEM, _PAIR, _TRIPLE, _FIRST, _LAST, _FIRST_PAIR, _LAST_PAIR = range(1, 9)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


class Ngrams(NamedTuple):
    """The buckets of ``n`` paragraphs' n-grams in a row, and where each paragraph's begin; the last is their end."""

    buckets: NDArray[np.int32]
    begins: NDArray[np.int32]  # (n + 1,)


@njit(cache=True)
def extended(hash_: np.uint64, word: np.uint64) -> np.uint64:
    """The hash of some words, with one more behind them."""
    mixed = (hash_ ^ word) * _MULTIPLIER
    return mixed ^ (mixed >> np.uint64(31))


@njit(cache=True)
def _bucket(kind: int, hash_: np.uint64) -> int:
    return np.int32(extended(hash_, np.uint64(kind) * _MULTIPLIER) >> np.uint64(64 - BUCKET_BITS))


@njit(cache=True)
def _stem(folded: NDArray[np.uint32], start: int, end: int) -> np.uint64:
    hash_ = np.uint64(0)
    for character in folded[start : min(end, start + STEM_CHARACTERS)]:
        hash_ = extended(hash_, np.uint64(character))
    return hash_


@njit(cache=True)
def _ngrams(folded, word_starts, word_ends, first_word, hashes):
    n = len(first_word) - 1
    buckets = np.empty(4 * len(hashes) + 4 * n, np.int32)
    begins = np.zeros(n + 1, np.int32)
    at = 0
    for paragraph in range(n):
        first, end = first_word[paragraph], first_word[paragraph + 1]
        for word in range(first, end):
            buckets[at] = _bucket(_WORD, hashes[word])
            buckets[at + 1] = _bucket(_STEM, _stem(folded, word_starts[word], word_ends[word]))
            at += 2
            if word + 1 < end:
                pair = extended(hashes[word], hashes[word + 1])
                buckets[at] = _bucket(_PAIR, pair)
                at += 1
                if word + 2 < end:
                    buckets[at] = _bucket(_TRIPLE, extended(pair, hashes[word + 2]))
                    at += 1
        if first < end:
            buckets[at] = _bucket(_FIRST, hashes[first])
            buckets[at + 1] = _bucket(_LAST, hashes[end - 1])
            at += 2
        if first + 1 < end:
            buckets[at] = _bucket(_FIRST_PAIR, extended(hashes[first], hashes[first + 1]))
            buckets[at + 1] = _bucket(_LAST_PAIR, extended(hashes[end - 2], hashes[end - 1]))
            at += 2
        begins[paragraph + 1] = at
    return buckets[:at], begins


def ngrams(text: Text) -> Ngrams:
    """Words, their stems, pairs and triples of words, and the words and pairs at both ends of each paragraph."""
    return Ngrams(*_ngrams(text.folded, text.word_starts, text.word_ends, text.first_word, text.hashes))


@njit(cache=True)
def wording(weights, scale, bias, buckets, begins):
    """What the n-grams of each paragraph say: ``(n,)`` their summed log-odds by the root of their number, and
    ``(n,)`` those of the most telling one.
    """
    n = len(begins) - 1
    summed, peak = np.full(n, np.float32(bias)), np.full(n, np.float32(-1.0))
    for paragraph in range(n):
        total, most = 0, -128
        first, end = begins[paragraph], begins[paragraph + 1]
        for at in range(first, end):
            weight = np.int64(weights[buckets[at]])
            total += weight
            most = max(most, weight)
        if end > first:
            summed[paragraph] += total * scale / np.sqrt(end - first)
            peak[paragraph] = max(most * scale, -1.0)
    return summed, peak
