"""The phrases of ``phrases.json``, found by hash: what captions, links and calls say in many languages.

The file names, for each kind and language, words and phrases that stand more often around a story
than in it. It is meant to be added to: the network knows the kinds, not the phrases. Those of the kind
``notice`` are no features of the network's: they are formulas of disclaimers, of consent and of calls to
subscribe, each of which tells by itself that a paragraph is no part of a story.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from monitor.scoring.boilerplate.reading import Hashes, Reading, read
from monitor.scoring.shingles import MULTIPLIER

#: Words of a phrase that are compared; the rest of a longer one is left out. A CJK character is a word.
WORDS = 4

#: The kind whose phrases each tell by themselves.
NOTICE = "notice"

#: The hash of no words.
_NONE = np.zeros(1, np.uint64)

#: The most words in phrases of a kind that one paragraph is said to have.
_MOST = 6


class Phrases(NamedTuple):
    """The phrases' hashes in order, and to which kinds each belongs, a bit for each; NOTICE has the bit behind them."""

    kinds: tuple[str, ...]
    hashes: NDArray[np.uint64]
    bits: NDArray[np.uint8]
    #: By the first 16 bits of a hash, whether a phrase may begin with the word, and whether it may be a phrase's:
    #: three words of four are done with, and 29 of 30 hashes need not be searched for.
    opens: NDArray[np.bool_]
    listed: NDArray[np.bool_]


def _table(first_bits: NDArray[np.unsignedinteger]) -> NDArray[np.bool_]:
    """For each 16 bits whether they are among the given ones."""
    table = np.zeros(1 << 16, np.bool_)
    table[first_bits] = True
    return table


def _longer(hashes: NDArray[np.uint64], word: Hashes) -> NDArray[np.uint64]:
    """The hashes of some words, each with one more behind them.

    Of 64 bits: of 32, one paragraph in a thousand pages was taken for a notice by chance.
    """
    return (hashes ^ word) * np.uint64(MULTIPLIER)


@cache
def phrases() -> Phrases:
    """What ``phrases.json`` holds, read once."""
    file = resources.files("monitor.scoring.boilerplate").joinpath("phrases.json")
    kinds = msgspec.json.decode(file.read_bytes(), type=dict[str, dict[str, list[str]]])
    notices = kinds.pop(NOTICE)
    known = [
        (phrase, bit)
        for bit, languages in enumerate((*kinds.values(), notices))
        for some in languages.values()
        for phrase in some
    ]
    reading = read([phrase for phrase, _ in known])
    if not reading.words.all():
        raise ValueError(f"phrases.json: {known[int(reading.words.argmin())][0]!r} holds no word; take it out")
    first = np.cumsum(reading.words) - reading.words
    word = reading.word[first]
    hashes = _longer(_NONE, word)
    for many in range(1, WORDS):
        goes_on = reading.words > many
        hashes[goes_on] = _longer(hashes[goes_on], reading.word[first[goes_on] + many])
    distinct, which = np.unique(hashes, return_inverse=True)
    bits = np.zeros(len(distinct), np.uint8)
    np.bitwise_or.at(bits, which, np.array([1 << bit for _, bit in known], np.uint8))
    opens, listed = _table(word >> np.uint32(16)), _table(distinct >> np.uint64(48))
    return Phrases(tuple(kinds), distinct, bits, opens, listed)


class Said(NamedTuple):
    """What ``n`` paragraphs say in phrases, ``j`` features: for each kind the words in its phrases, and those of the
    phrase that the paragraph begins with.
    """

    features: NDArray[np.float64]  # (j, n)
    names: list[str]  # (j,)
    notice: NDArray[np.bool_]  # (n,): whether it holds a phrase of NOTICE


def said(reading: Reading) -> Said:
    """What each paragraph says in phrases."""
    known, n = phrases(), len(reading.words)
    kinds = len(known.kinds)
    opening = np.ones(len(reading.line), np.bool_)
    opening[1:] = reading.line[1:] != reading.line[:-1]
    at = known.opens.take(reading.word >> np.uint32(16)).nonzero()[0]
    hashes, left = _longer(_NONE, reading.word.take(at)), reading.words.cumsum().take(reading.line.take(at)) - at
    begun, told = [at], [hashes]
    for many in range(1, WORDS):
        goes_on = (left > many).nonzero()[0]
        at, left = at.take(goes_on), left.take(goes_on)
        hashes = _longer(hashes.take(goes_on), reading.word.take(at + many))
        begun.append(at)
        told.append(hashes)
    hashes = np.concatenate(told)
    maybe = known.listed.take(hashes >> np.uint64(48)).nonzero()[0]
    hashes = hashes.take(maybe)
    place = np.minimum(known.hashes.searchsorted(hashes), len(known.hashes) - 1)
    same = known.hashes.take(place) == hashes
    place, hit = place[same], maybe[same]
    at = np.concatenate(begun).take(hit)
    length = np.arange(1, WORDS + 1).repeat([len(part) for part in told]).take(hit)
    marks = known.bits.take(place)
    notice = np.zeros(n, np.bool_)
    notice[reading.line.take(at[marks >> np.uint8(kinds) > 0])] = True
    hit, kind = (marks[:, None] >> np.arange(kinds, dtype=np.uint8) & 1).nonzero()
    at, length = at.take(hit), length.take(hit)
    cell = kind * n + reading.line[at]
    spoken = np.bincount(cell, weights=length, minlength=kinds * n).reshape(kinds, n)
    first = np.zeros(kinds * n)
    # The longest phrase comes last, and stays.
    first[cell[opening[at]]] = length[opening[at]]
    words = np.sqrt(np.maximum(reading.words, 1))
    features = np.concatenate((np.minimum(spoken, _MOST) / words, first.reshape(kinds, n)))
    return Said(features, [f"{what} {kind}" for what in ("says", "begins") for kind in known.kinds], notice)
