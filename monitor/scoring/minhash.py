"""MinHash: sketches of texts, all in one pass, that interchange with datasketch's.

A sketch made here equals, bit by bit, the one datasketch 2 makes with its default scheme::

    sketch = datasketch.MinHash(num_perm=PERMUTATIONS, seed=SEED, hashfunc=hash_shingle)
    sketch.update_batch(shingles(text))

Source: Broder, On the resemblance and containment of documents, 1997; the permutations are
datasketch's ``affine32``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import xxhash
from numpy.typing import NDArray

from monitor.scoring.shingles import tokens

PERMUTATIONS = 64
SEED = 1
#: Shingles handled at a time: 64 permutations of them take 2 MB, which a processor's cache holds.
_CHUNK = 8_192
_MULTIPLIER = 0x9E3779B1  # the golden ratio's prime, as in xxHash


def shingles(text: str) -> list[bytes]:
    """The pairs of neighbouring words as bytes, for datasketch; a single word where there is but one."""
    words = tokens([text])[0]
    if len(words) == 1:
        return [words[0].encode()]
    return [f"{first} {second}".encode() for first, second in pairwise(words)]


def hash_shingle(shingle: bytes) -> int:
    """32 bits of one shingle: its words' xxh32, the first multiplied so that their order counts."""
    first, _, second = shingle.partition(b" ")
    if not second:
        return xxhash.xxh32_intdigest(first)
    return (xxhash.xxh32_intdigest(first) * _MULTIPLIER + xxhash.xxh32_intdigest(second)) & 0xFFFFFFFF


def signatures(texts: Sequence[str], permutations: int = PERMUTATIONS) -> NDArray[np.uint32]:
    """One row a text, ``permutations`` wide; all ones in a row where the text has no words."""
    return of_tokens(tokens(texts), permutations)


def of_tokens(texts: Sequence[Sequence[str]], permutations: int = PERMUTATIONS) -> NDArray[np.uint32]:
    """As :func:`signatures`, of texts that are already split into words."""
    hashes, starts = _hash_all(texts)
    result = np.full((len(texts), permutations), 0xFFFFFFFF, dtype=np.uint32)
    a, b = _permutations(permutations)
    lengths = np.diff(starts)
    filled = np.flatnonzero(lengths)
    first = 0
    while first < len(filled):
        # As many texts as fit a chunk, and one at least.
        begin = starts[filled[first]]
        last = max(int(np.searchsorted(starts[filled + 1], begin + _CHUNK, side="right")), first + 1)
        rows = filled[first:last]
        block = hashes[begin : starts[rows[-1] + 1]]
        offsets = starts[rows] - begin
        result[rows] = np.minimum.reduceat(block[:, np.newaxis] * a + b, offsets, axis=0)
        first = last
    return result


def _hash_all(texts: Sequence[Sequence[str]]) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
    """Every shingle's mixed hash, text after text, and where each text's begin (one entry more than texts)."""
    known: dict[str, int] = {}
    of_words: list[int] = []
    lengths = np.fromiter(map(len, texts), dtype=np.intp, count=len(texts))
    for words in texts:
        for word in words:
            if word not in known:
                known[word] = xxhash.xxh32_intdigest(word.encode())
        of_words.extend(map(known.__getitem__, words))
    hashes = np.array(of_words, dtype=np.uint32)
    pairs = hashes.copy()
    pairs[:-1] = hashes[:-1] * np.uint32(_MULTIPLIER) + hashes[1:]
    ends = np.cumsum(lengths)
    keep = np.ones(len(hashes), dtype=bool)
    keep[ends[lengths > 1] - 1] = False  # the last word of a text begins no pair
    alone = ends[lengths == 1] - 1
    pairs[alone] = hashes[alone]
    counts = np.where(lengths > 1, lengths - 1, lengths)
    starts = np.concatenate(([0], np.cumsum(counts)))
    return _mix(pairs[keep]), starts


def _mix(h: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """MurmurHash3's finalizer, which datasketch applies before it permutes."""
    h = h ^ (h >> np.uint32(16))
    h = h * np.uint32(0x85EBCA6B)
    h = h ^ (h >> np.uint32(13))
    h = h * np.uint32(0xC2B2AE35)
    return h ^ (h >> np.uint32(16))


@lru_cache(maxsize=8)
def _permutations(count: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Factors and summands of datasketch's scheme ``affine32``: ``hash * a + b`` modulo 2 ** 32, each ``a`` odd.

    Drawn here as datasketch draws them, because importing it takes 0.6 s (it imports scipy); the tests compare.
    """
    draw = np.random.RandomState(SEED)
    a = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    b = draw.randint(0, 1 << 32, count, dtype=np.uint32)
    return a, b
