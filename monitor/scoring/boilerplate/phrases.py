"""The phrases of ``phrases.json``, found by hash: what captions, links and calls say in many languages.

The file names, for each kind and language, words and phrases that stand more often around a story
than in it. It is meant to be added to: the network knows the kinds, not the phrases. Those of the kind
``notice`` are formulas of disclaimers, of consent, of calls to subscribe and of press releases.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from monitor.scoring.boilerplate.ngrams import Floats, extended
from monitor.scoring.compiled import compiled
from monitor.scoring.text.text import Text

#: The kind whose phrases are counted by themselves; the last of the file.
NOTICE = "notice"

#: Words of a phrase that are compared; the rest of a longer one is left out. A CJK character is a word.
WORDS = 6

#: The most words in phrases of a kind that one paragraph is said to have.
_MOST = 8

#: The hashes of phrases and of their first words stand in a table of this many places, a sixth of which is taken, each
#: at the first free one from the place that its lowest bits name.
_PLACES = 1 << 15
#: Lowest bits of a word by which is told that no phrase begins with it, as with nine of ten: in 16 KB, which the
#: processor keeps at hand.
_FIRST_WORDS = 1 << 14


class Phrases(NamedTuple):
    """The hashes of phrases, and for each the kinds it belongs to, a bit each; no bit where a phrase only begins so."""

    kinds: tuple[str, ...]
    names: list[str]  # of the features of each
    hashes: NDArray[np.uint64]  # (_PLACES,), 0 where free
    bits: NDArray[np.uint8]  # (_PLACES,)
    begins: NDArray[np.bool_]  # (_FIRST_WORDS,): whether a phrase may begin with a word whose lowest bits are these


@compiled
def place_of(hashes: NDArray[np.uint64], hash_: np.uint64) -> np.int64:
    """The place of a hash in a table of hashes, or the free place where it would stand."""
    place = np.int64(hash_ & np.uint64(len(hashes) - 1))
    while hashes[place] != np.uint64(0) and hashes[place] != hash_:
        place = (place + 1) & (len(hashes) - 1)
    return place


@compiled
def _enter(hashes: NDArray[np.uint64], words: NDArray[np.uint32]) -> np.int64:
    """The place of a phrase in the table of hashes, in which it and what it begins with stand from then on."""
    hash_, place = np.uint64(0), np.int64(0)
    for word in words:
        hash_ = extended(hash_, word)
        place = place_of(hashes, hash_)
        hashes[place] = hash_
    return place


@cache
def phrases() -> Phrases:
    """What ``phrases.json`` holds, read once."""
    file = resources.files("monitor.scoring.boilerplate").joinpath("phrases.json")
    kinds = msgspec.json.decode(file.read_bytes(), type=dict[str, dict[str, list[str]]])
    if list(kinds)[-1] != NOTICE:
        raise ValueError(f"phrases.json: the last kind is {list(kinds)[-1]!r}; put {NOTICE!r} behind it")
    listed = [
        (bit, phrase)
        for bit, languages in enumerate(kinds.values())
        for phrases_of_language in languages.values()
        for phrase in phrases_of_language
    ]
    hashes, bits = np.zeros(_PLACES, np.uint64), np.zeros(_PLACES, np.uint8)
    begins = np.zeros(_FIRST_WORDS, np.bool_)
    words = Text.of_lines([phrase for _, phrase in listed]).words
    for number, (bit, phrase) in enumerate(listed):
        first, end = words.firsts[number : number + 2].tolist()
        if first == end:
            raise ValueError(f"phrases.json: {phrase!r} holds no word; take it out")
        begins[words.shapes[first] % _FIRST_WORDS] = True
        bits[_enter(hashes, words.shapes[first : min(end, first + WORDS)])] |= np.uint8(1 << bit)
    names = [f"{what} {kind}" for what in ("says", "begins", "times") for kind in kinds]
    return Phrases(tuple(kinds), names, hashes, bits, begins)


@compiled
def _count(
    firsts: NDArray[np.int64],
    words: NDArray[np.uint32],
    hashes: NDArray[np.uint64],
    bits: NDArray[np.uint8],
    begins: NDArray[np.bool_],
    kinds: int,
) -> tuple[Floats, NDArray[np.int64]]:
    """``(n, 3 * kinds)``: of each kind the words in its phrases by the root of the paragraph's words, the words of the
    phrase that the paragraph begins with, and how many phrases there are. ``(n,)``: the phrases of the last kind that
    stand behind one another.
    """
    n = len(firsts) - 1
    features, formulas = np.zeros((n, 3 * kinds), np.float32), np.zeros(n, np.int64)
    for paragraph in range(n):
        first, end = firsts[paragraph], firsts[paragraph + 1]
        row = features[paragraph]
        free = first
        for start in range(first, end):
            if not begins[words[start] & np.uint32(_FIRST_WORDS - 1)]:
                continue
            hash_ = np.uint64(0)
            length, longest = 0, np.int64(0)
            for word in range(start, min(end, start + WORDS)):
                hash_ = extended(hash_, words[word])
                place = place_of(hashes, hash_)
                if not hashes[place]:
                    break  # no phrase begins like that
                if bits[place]:
                    length, longest = word + 1 - start, place
            if bits[longest] >> (kinds - 1) & 1 and start >= free and length:
                formulas[paragraph] += 1
                free = start + length
            if length:
                for kind in range(kinds):
                    if bits[longest] >> kind & 1:
                        row[kind] += length
                        row[2 * kinds + kind] += 1
                        if start == first:
                            row[kinds + kind] = length
        for kind in range(kinds):
            row[kind] = min(row[kind], _MOST) / np.sqrt(max(end - first, 1))
            row[2 * kinds + kind] = min(row[2 * kinds + kind], 4)
    return features, formulas


class PhraseFeatures(NamedTuple):
    """What ``n`` paragraphs say in phrases."""

    table: Floats  # (n, j)
    names: list[str]  # (j,)
    formulas: NDArray[np.int64]  # (n,): phrases of NOTICE, of those that overlap the first


def phrase_features(text: Text) -> PhraseFeatures:
    """What each paragraph says in phrases."""
    known = phrases()
    table, formulas = _count(
        text.words.firsts, text.words.shapes, known.hashes, known.bits, known.begins, len(known.kinds)
    )
    return PhraseFeatures(table, known.names, formulas)
