"""Repetition: which paragraphs repeat earlier ones, exactly, nearly, or split and joined differently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring import minhash
from monitor.scoring.runs import Run, Span, longest
from monitor.scoring.shingles import tokens
from monitor.settings import Thresholds

#: Words from which a paragraph can repeat another nearly; a shorter one repeats it exactly or not at all,
#: since a name or a figure is most of what it says.
_NEAR_WORDS = 6
#: Rows and bands of the index: pairs of a Jaccard similarity of 0.6 meet in a band with a probability
#: of 1 - (1 - 0.6²)³² > 0.999999, of 0.5 with 0.9999.
_ROWS = 2
#: How far an estimate from 64 permutations may stand below the true similarity: over three deviations.
_SLACK = 0.2
#: Candidates of one paragraph that are compared in full, the earliest and the likeliest half each; more
#: are met only where thousands of paragraphs are alike.
_CANDIDATES = 6


class Repetition(NamedTuple):
    """What repeats in an article.

    ``repeats``: for each paragraph the index of the earliest one that it repeats, or None.
    ``similarity``: the Jaccard similarity of the two, 1.0 when they say the same words; for a
    paragraph that was split or joined, the share of it that stands in the earlier ones.
    ``ratio``: the characters of paragraphs that repeat, by those of all, 0 to 1.
    ``runs``: paragraphs in a row that repeat earlier ones in a row, the longest first.
    """

    repeats: tuple[int | None, ...]
    similarity: tuple[float | None, ...]
    ratio: float
    runs: tuple[Run, ...]


class _Match(NamedTuple):
    """What one paragraph repeats: the earlier ones from ``span.first`` to ``span.last``."""

    span: Span
    similarity: float


def find(texts: Sequence[str], thresholds: Thresholds) -> Repetition:
    """What repeats in the paragraphs of one article. Linear in their length."""
    words = tokens(texts)
    matches: dict[int, _Match] = {}
    firsts: dict[str, int] = {}
    for i, text in enumerate(texts):
        key = " ".join(words[i]) or text
        first = firsts.setdefault(key, i)
        if first != i:
            matches[i] = _Match(Span(first, first), 1.0)
    distinct = [i for i in firsts.values() if len(words[i]) >= _NEAR_WORDS]
    if len(distinct) > 1:
        _Near(words, distinct, thresholds.near_duplicate).add_to(matches)
    lengths = [len(text) for text in texts]
    total = sum(lengths)
    return Repetition(
        repeats=tuple(matches[i].span.first if i in matches else None for i in range(len(texts))),
        similarity=tuple(matches[i].similarity if i in matches else None for i in range(len(texts))),
        ratio=sum(lengths[i] for i in matches) / total if total else 0.0,
        runs=longest({i: match.span for i, match in matches.items()}, lengths) if matches else (),
    )


class _Near:
    """The search for near repeats among the distinct paragraphs of one article."""

    def __init__(self, words: Sequence[Sequence[str]], distinct: Sequence[int], threshold: float) -> None:
        self.words = words
        self.distinct = distinct
        self.threshold = threshold
        self.pairs, self.owners = _number_pairs([words[i] for i in distinct])
        order = np.argsort(self.pairs, kind="stable")
        sorted_pairs = self.pairs[order]
        begins = np.concatenate(([True], sorted_pairs[1:] != sorted_pairs[:-1]))
        group = np.cumsum(begins) - 1
        owners = self.owners[order]
        #: For each pair of words the paragraph that has it first and the one that has it last.
        self.first_owner = np.empty_like(owners)
        self.first_owner[order] = owners[begins][group]
        last_owner = np.empty_like(owners)
        last_owner[order] = owners[np.concatenate((begins[1:], [True]))][group]
        sizes = np.bincount(self.owners, minlength=len(distinct))
        #: The share of a paragraph's pairs that stand in an earlier paragraph, and in any other one.
        self.earlier = np.bincount(self.owners, self.first_owner < self.owners, len(distinct)) / sizes
        self.elsewhere = np.maximum(
            self.earlier, np.bincount(self.owners, last_owner > self.owners, len(distinct)) / sizes
        )
        self.sizes = sizes

    def add_to(self, matches: dict[int, _Match]) -> None:
        """Adds what each paragraph nearly repeats; then what those exactly equal to it repeat."""
        # Of two sets whose Jaccard similarity is t, each has at least the share t in common with the other.
        # A share of pairs counted with their repeats can fall below that of the set: hence nine tenths.
        low = 0.9 * self.threshold
        later = self.earlier >= low
        if not later.any():
            return
        found = self._similar(np.flatnonzero(self.elsewhere >= low))
        for p, match in self._resplit(np.flatnonzero(later), found).items():
            found.setdefault(p, match)
        renamed = {
            self.distinct[p]: _Match(Span(self.distinct[m.span.first], self.distinct[m.span.last]), m.similarity)
            for p, m in found.items()
        }
        matches.update(renamed)
        for i, match in list(matches.items()):
            if match.similarity == 1.0 and (through := renamed.get(match.span.first)) is not None:
                matches[i] = through

    def _similar(self, candidates: NDArray[np.intp]) -> dict[int, _Match]:
        """The earliest paragraph that each of the candidates nearly repeats, found by MinHash and verified."""
        found = {}
        sets: dict[int, frozenset[tuple[str, str]]] = {}
        for p, others in self._meeting(candidates).items():
            for other in others:
                similarity = self._jaccard(p, other, sets)
                if similarity >= self.threshold and not self._other_figures(p, other):
                    found[p] = _Match(Span(other, other), min(similarity, 0.9999))
                    break
        return found

    def _meeting(self, candidates: NDArray[np.intp]) -> dict[int, list[int]]:
        """For each candidate the earlier ones to compare it with, in order, at most ``_CANDIDATES``."""
        if len(candidates) < 2:
            return {}
        sketches = minhash.of_tokens([self.words[self.distinct[p]] for p in candidates])
        # Two of each bucket stand for it, its first and the one before: so a bucket of thousands stays linear.
        width = len(candidates)
        met = []
        for column in range(0, sketches.shape[1], _ROWS):
            band = sketches[:, column].astype(np.uint64) << np.uint64(32) | sketches[:, column + 1]
            order = np.argsort(band, kind="stable")
            same = band[order][1:] == band[order][:-1]
            met.append(order[1:][same] * width + order[:-1][same])
            begins = np.concatenate(([True], ~same))
            firsts = order[begins][np.cumsum(begins) - 1]
            met.append((order * width + firsts)[order != firsts])
        left, right = np.divmod(np.unique(np.concatenate(met)), width)
        estimate = np.concatenate(
            [
                (sketches[left[k : k + 65_536]] == sketches[right[k : k + 65_536]]).mean(axis=1)
                for k in range(0, len(left), 65_536)
            ]
            or [np.empty(0)]
        )
        keep = estimate >= self.threshold - _SLACK
        meeting: dict[int, list[int]] = {}
        by_left: dict[int, list[tuple[int, float]]] = {}
        for a, b, e in zip(left[keep].tolist(), right[keep].tolist(), estimate[keep].tolist(), strict=True):
            by_left.setdefault(a, []).append((b, e))
        for a, found in by_left.items():
            if len(found) > _CANDIDATES:
                likeliest = sorted(found, key=lambda pair: -pair[1])[: _CANDIDATES // 2]
                found = sorted({*found[: _CANDIDATES // 2], *likeliest})
            meeting[int(candidates[a])] = [int(candidates[b]) for b, _ in found]
        return meeting

    def _jaccard(self, p: int, q: int, sets: dict[int, frozenset[tuple[str, str]]]) -> float:
        for index in (p, q):
            if index not in sets:
                sets[index] = frozenset(pairwise(self.words[self.distinct[index]]))
        common = len(sets[p] & sets[q])
        return common / (len(sets[p]) + len(sets[q]) - common)

    def _other_figures(self, p: int, q: int) -> bool:
        """Whether each of two paragraphs has a number that the other lacks: a template filled in anew."""
        mine, theirs = (
            Counter(word for word in self.words[self.distinct[index]] if word[0].isdigit()) for index in (p, q)
        )
        return bool(mine - theirs) and bool(theirs - mine)

    def _resplit(self, later: NDArray[np.intp], found: dict[int, _Match]) -> dict[int, _Match]:
        """What repeats earlier paragraphs that were joined or split: each side stands in the other.

        A quotation pulled out of a paragraph stands in it as well, but does not make it up: such a
        one is not found.
        """
        sources: dict[int, Counter[int]] = {}
        covered: Counter[int] = Counter()
        for p in later.tolist():
            if p in found or self.earlier[p] < self.threshold:
                continue
            begin, end = np.searchsorted(self.owners, (p, p + 1))
            of = self.first_owner[begin:end]
            sources[p] = Counter(of[of < p].tolist())
            covered.update(sources[p])
        whole = {q for q, pairs in covered.items() if pairs >= self.threshold * self.sizes[q]}
        result = {}
        for p, counts in sources.items():
            within = sorted(q for q in counts if q in whole)
            share = sum(counts[q] for q in within) / self.sizes[p]
            if share >= self.threshold:
                result[p] = _Match(Span(within[0], within[-1]), min(float(share), 0.9999))
        return result


def _number_pairs(texts: Sequence[Sequence[str]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every pair of neighbouring words as a number, equal for equal pairs, and the text that has it."""
    known: dict[str, int] = {}
    of_words = np.array([known.setdefault(word, len(known)) for words in texts for word in words], dtype=np.int64)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    pairs = of_words[:-1] * len(known) + of_words[1:]
    keep = np.ones(len(pairs), dtype=bool)
    keep[np.cumsum(lengths)[:-1] - 1] = False  # the last word of a text begins no pair
    return pairs[keep], np.repeat(np.arange(len(texts), dtype=np.int64), lengths - 1)
