"""MinHash: sketches of paragraphs and texts that interchange with datasketch's, and which paragraphs meet by them.

A sketch made here equals, bit by bit, the one datasketch 2 makes with its default scheme::

    sketch = datasketch.MinHash(num_perm=PERMUTATIONS, seed=SEED, hashfunc=hash_shingle)
    sketch.update_batch(shingles(text, paragraph))

Source: Broder, On the resemblance and containment of documents, 1997; the permutations are
datasketch's ``affine32``.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.compiled import compiled
from monitor.scoring.text.text import Text
from monitor.scoring.text.words import hash_word

Integers = NDArray[np.int64]
Signatures = NDArray[np.uint32]

PERMUTATIONS = 64
SEED = 1
_MULTIPLIER = 0x9E3779B97F4A7C15  # 2⁶⁴ by the golden ratio
#: Rows of a band of the index: pairs of a Jaccard similarity of 0.6 meet in one of the 32 bands with a probability of
#: 1 - (1 - 0.6²)³² > 0.999999, of 0.5 with 0.9999.
_ROWS = 2
#: How far an estimate from 64 permutations may stand below the true similarity: over three deviations.
_SLACK = 0.2
#: Candidates of one paragraph that are compared in full, the earliest and the likeliest half each; more
#: are met only where thousands of paragraphs are alike.
_CANDIDATES = 6


def shingles(text: Text, paragraph: int) -> list[bytes]:
    """The pairs of neighbouring words as bytes, for datasketch; a single word where there is but one."""
    words = text.forms(paragraph)
    if len(words) == 1:
        return [words[0].encode("utf-8", "surrogatepass")]
    return [f"{first} {second}".encode("utf-8", "surrogatepass") for first, second in pairwise(words)]


def hash_shingle(shingle: bytes) -> int:
    """32 bits of one shingle, of its words' hashes, the first multiplied so that their order counts."""
    first, _, second = shingle.decode("utf-8", "surrogatepass").partition(" ")
    if not second:
        return hash_word(first) >> 32
    return (hash_word(first) * _MULTIPLIER + hash_word(second) & 0xFFFF_FFFF_FFFF_FFFF) >> 32


def signatures(text: Text, permutations: int = PERMUTATIONS) -> Signatures:
    """One row a paragraph, ``permutations`` wide; all ones in a row where the paragraph has no words."""
    a, b = _permutations(permutations)
    return _sign(text.words.hashes, text.words.firsts, a, b)


def signature(text: Text, paragraphs: NDArray[np.bool_], permutations: int = PERMUTATIONS) -> Signatures:
    """The sketch of the chosen paragraphs taken together, ``(permutations,)``: of all the pairs that stand in one."""
    rows = signatures(text, permutations)[paragraphs]
    sketch: Signatures = rows.min(axis=0, initial=0xFFFFFFFF)
    return sketch


@compiled
def _sign(hashes: NDArray[np.uint64], firsts: Integers, a: Signatures, b: Signatures) -> Signatures:
    rows = np.full((len(firsts) - 1, len(a)), np.uint32(0xFFFFFFFF), np.uint32)
    for p in range(len(rows)):
        row = rows[p]
        first, last = firsts[p], firsts[p + 1]
        for k in range(first, max(last - 1, min(first + 1, last))):
            pair = hashes[k]
            if last - first > 1:
                pair = pair * np.uint64(_MULTIPLIER) + hashes[k + 1]
            mixed = _mix(np.uint32(pair >> np.uint64(32)))
            for i in range(len(a)):
                row[i] = min(row[i], np.uint32(mixed * a[i] + b[i]))
    return rows


@compiled
def _mix(h: np.uint32) -> np.uint32:
    """MurmurHash3's finalizer, which datasketch applies before it permutes."""
    h = np.uint32(h ^ (h >> np.uint32(16)))
    h = np.uint32(h * np.uint32(0x85EBCA6B))
    h = np.uint32(h ^ (h >> np.uint32(13)))
    h = np.uint32(h * np.uint32(0xC2B2AE35))
    return np.uint32(h ^ (h >> np.uint32(16)))


@lru_cache(maxsize=8)
def _permutations(count: int) -> tuple[Signatures, Signatures]:
    """Factors and summands of datasketch's scheme ``affine32``: ``hash * a + b`` modulo 2 ** 32, each ``a`` odd.

    Drawn here as datasketch draws them, because importing it takes 0.6 s (it imports scipy); the tests compare.
    """
    draw = np.random.RandomState(SEED)
    a = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    b = draw.randint(0, 1 << 32, count, dtype=np.uint32)
    return a, b


def meeting(text: Text, later: NDArray[np.bool_], least: float) -> tuple[Integers, Integers]:
    """Of the paragraphs ``later``, each with the earlier ones that are like it by an estimate of ``least`` or nearly.

    Two arrays: the later and the earlier of each two, in order. At most six for each later one.
    """
    sketches = signatures(text)
    width = len(sketches)
    met = []
    for column in range(0, sketches.shape[1], _ROWS):
        band = sketches[:, column].astype(np.uint64) << np.uint64(32) | sketches[:, column + 1]
        order = np.argsort(band, kind="stable")
        same = band[order][1:] == band[order][:-1]
        # Two of each bucket stand for it, its first and the one before: so a bucket of thousands stays linear.
        met.append(order[1:][same] * width + order[:-1][same])
        begins = np.concatenate(([True], ~same))
        firsts = order[begins][np.cumsum(begins) - 1]
        met.append((order * width + firsts)[order != firsts])
    left, right = np.divmod(np.unique(np.concatenate(met)), width)
    chosen = later[left]
    left, right = left[chosen], right[chosen]
    estimate = _estimates(sketches, left, right)
    keep = estimate >= least - _SLACK
    by_left: dict[int, list[tuple[int, float]]] = {}
    for a, b, e in zip(left[keep].tolist(), right[keep].tolist(), estimate[keep].tolist(), strict=True):
        by_left.setdefault(a, []).append((b, e))
    met_likeliest = [(a, b) for a, estimated in by_left.items() for b in _likeliest(estimated)]
    both = np.array(met_likeliest, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _likeliest(estimated: list[tuple[int, float]]) -> list[int]:
    if len(estimated) > _CANDIDATES:
        likeliest = sorted(estimated, key=lambda pair: -pair[1])[: _CANDIDATES // 2]
        estimated = sorted({*estimated[: _CANDIDATES // 2], *likeliest})
    return [b for b, _ in estimated]


@compiled
def _estimates(sketches: Signatures, left: Integers, right: Integers) -> NDArray[np.float64]:
    """The share of equal values in two rows each: an estimate of the Jaccard similarity."""
    result = np.zeros(len(left))
    for k in range(len(left)):
        for i in range(sketches.shape[1]):
            result[k] += sketches[left[k], i] == sketches[right[k], i]
        result[k] /= sketches.shape[1]
    return result
