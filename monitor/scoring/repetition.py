"""Repetition: which paragraphs repeat earlier ones, exactly, nearly, or split and joined differently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring import minhash
from monitor.scoring.runs import GAP, Run, Span, longest
from monitor.scoring.shingles import MULTIPLIER, Tokens, read, rolled
from monitor.scoring.thresholds import Thresholds

#: Words from which a paragraph can repeat another nearly; a shorter one repeats it exactly or not at all,
#: since a name or a figure is most of what it says. A piece of a split paragraph may be shorter.
_NEAR_WORDS = 6
_PIECE_WORDS = 3
#: Words from which a repeated paragraph vouches for the one beside it.
_BESIDE_WORDS = 7
#: The share of a split or joined paragraph that must stand on the other side, both ways.
_COVERED = 0.8
#: Rows and bands of the index: pairs of a Jaccard similarity of 0.6 meet in a band with a probability
#: of 1 - (1 - 0.6²)³² > 0.999999, of 0.5 with 0.9999.
_ROWS = 2
#: How far an estimate from 64 permutations may stand below the true similarity: over three deviations.
_SLACK = 0.2
#: So few paragraphs are compared with all others, which is sooner done than an index: 0.15 ms instead of 1.3.
_FEW = 64
#: Of them so many are compared at once that they, by the pairs of words that stand in several paragraphs, are no
#: more: it takes 25 bytes for each.
_AT_ONCE = 1_000_000
#: Candidates of one paragraph that are compared in full, the earliest and the likeliest half each; more
#: are met only where thousands of paragraphs are alike.
_CANDIDATES = 6


class Repetition(NamedTuple):
    """What repeats in an article.

    ``repeats``: for each paragraph the index of the earliest one that it repeats, or None.
    ``similarity``: the Jaccard similarity of the two, 1.0 when they say the same words; for a
    paragraph that was split or joined, the share of it that stands in the earlier ones.
    ``ratio``: the characters of paragraphs that repeat, by those of all, 0 to 1.
    ``run``: the longest run of paragraphs in a row that repeat earlier ones in a row; None where less
    repeats than could make a body, by the threshold ``repeated_body_share``.
    """

    repeats: tuple[int | None, ...]
    similarity: tuple[float | None, ...]
    ratio: float
    run: Run | None


class _Match(NamedTuple):
    """What one paragraph repeats: the earlier ones from ``span.first`` to ``span.last``."""

    span: Span
    similarity: float


def find(texts: Sequence[str], thresholds: Thresholds) -> Repetition:
    """What repeats in the paragraphs of one article. Linear in their length."""
    tokens = read(texts)
    hashes = tokens.hashes()
    counts = (tokens.firsts[1:] - tokens.firsts[:-1]).tolist()
    keys = rolled(hashes, tokens.firsts[:-1], tokens.firsts[1:]).tolist()
    matches: dict[int, _Match] = {}
    firsts: dict[int | str, int] = {}
    for i, (key, count) in enumerate(zip(keys, counts, strict=True)):
        first = firsts.setdefault(key if count else texts[i], i)
        if first != i and (texts[i] == texts[first] or tokens.words(i) == tokens.words(first)):
            matches[i] = _Match(Span(first, first), 1.0)
    distinct = [i for i in firsts.values() if counts[i] >= _PIECE_WORDS]
    if len(distinct) > 1:
        _Near(tokens, hashes, distinct, thresholds).add_to(matches)
    lengths = [len(text) for text in texts]
    total, repeated = sum(lengths), sum(lengths[i] for i in matches)
    spans = {i: match.span for i, match in matches.items()}
    return Repetition(
        repeats=tuple(matches[i].span.first if i in matches else None for i in range(len(texts))),
        similarity=tuple(matches[i].similarity if i in matches else None for i in range(len(texts))),
        ratio=repeated / total if total else 0.0,
        run=longest(spans, lengths) if repeated >= thresholds.repeated_body_share * total else None,
    )


class _Near:
    """The search for near repeats among the distinct paragraphs of one article."""

    def __init__(
        self, tokens: Tokens, hashes: NDArray[np.uint64], distinct: Sequence[int], thresholds: Thresholds
    ) -> None:
        self.tokens = tokens
        self.distinct = distinct
        self.alone = thresholds.near_duplicate
        self.shortened = thresholds.near_duplicate_shortened
        self.in_run = thresholds.near_duplicate_in_run
        self.count = len(distinct)
        self.words: dict[int, list[str]] = {}
        self.sets: dict[int, frozenset[tuple[str, str]]] = {}
        self.figures: dict[int, list[str]] = {}
        #: Each paragraph's distinct pairs of words, equal pairs together: their paragraphs, in order, and where
        #: another pair begins.
        self.owners, self.begins = _pairs(tokens, hashes, distinct)
        self.sizes = np.bincount(self.owners, minlength=self.count)
        #: The share of a paragraph's pairs that stand in an earlier paragraph.
        self.earlier = np.bincount(self.owners[~self.begins], minlength=self.count) / self.sizes

    def add_to(self, matches: dict[int, _Match]) -> None:
        """Adds what each paragraph nearly repeats; then what those exactly equal to it repeat."""
        # Of two sets whose Jaccard similarity is t, each has at least the share t in common with the other.
        later = self.earlier >= self.in_run
        if not later.any():
            return
        found, doubtful = self._similar(np.flatnonzero(later & (self.sizes >= _NEAR_WORDS - 1)))
        found = self._resplit(np.flatnonzero(later & (self.earlier >= _COVERED)), found) | found
        renamed = {self.distinct[p]: self._renamed(match) for p, match in found.items()}
        for i, match in list(matches.items()):
            matches[i] = renamed.get(match.span.first, match)
        matches.update(renamed)
        counts = np.diff(self.tokens.firsts)
        _add_in_runs(matches, {self.distinct[p]: self._renamed(m) for p, m in doubtful.items()}, counts)

    def _renamed(self, match: _Match) -> _Match:
        return _Match(Span(self.distinct[match.span.first], self.distinct[match.span.last]), match.similarity)

    def _similar(self, later: NDArray[np.intp]) -> tuple[dict[int, _Match], dict[int, _Match]]:
        """What each of the paragraphs ``later`` nearly repeats: the earliest that surely is the same; and of those
        without one, the likest that may be, if its neighbours repeat too.
        """
        found: dict[int, _Match] = {}
        doubtful: dict[int, _Match] = {}
        if not len(later):
            return found, doubtful
        for p, others in self._compared(later) if len(later) <= _FEW else self._met(later):
            best = self.in_run
            for other, similarity in others:
                if similarity < best or self._other_figures(p, other):
                    continue
                match = _Match(Span(other, other), min(similarity, 0.9999))
                if similarity >= self.alone or (similarity >= self.shortened and self._shortened(p, other)):
                    found[p] = match
                    break
                doubtful[p], best = match, similarity
        return found, {p: match for p, match in doubtful.items() if p not in found}

    def _shared(self) -> NDArray[np.bool_]:
        """Which of the paragraphs' pairs of words stand in another paragraph too."""
        shared = ~self.begins
        shared[:-1] |= shared[1:]
        return shared

    def _first_owners(self) -> NDArray[np.int64]:
        """For each of the paragraphs' pairs of words the first paragraph in which it stands."""
        first: NDArray[np.int64] = self.owners[self.begins][np.cumsum(self.begins) - 1]
        return first

    def _compared(self, later: NDArray[np.intp]) -> Iterator[tuple[int, Iterable[tuple[int, float]]]]:
        """For each of a few paragraphs the earlier ones like it, in order, with the Jaccard similarity."""
        shared = self._shared()
        owners = self.owners[shared]
        pair = np.cumsum(self.begins[shared]) - 1
        step = max(1, _AT_ONCE // len(owners))
        for some in (later[k : k + step] for k in range(0, len(later), step)):
            rows = np.full(self.count, -1)
            rows[some] = np.arange(len(some))
            row = rows[owners]
            of = np.flatnonzero(row >= 0)
            has = np.zeros((len(some), len(owners)), dtype=bool)
            has[row[of], pair[of]] = True
            which, where = np.nonzero(has[:, pair])
            shape = len(some), self.count
            common = np.bincount(which * self.count + owners[where], minlength=shape[0] * shape[1]).reshape(shape)
            similarity = common / (self.sizes[some][:, np.newaxis] + self.sizes - common)
            before = np.arange(self.count) < some[:, np.newaxis]
            like = np.nonzero(before & (similarity >= self.in_run) & (self.sizes >= _NEAR_WORDS - 1))
            found: dict[int, list[tuple[int, float]]] = {}
            for k, other, value in zip(*(part.tolist() for part in like), similarity[like].tolist(), strict=True):
                found.setdefault(k, []).append((other, value))
            yield from ((int(some[k]), others) for k, others in found.items())

    def _met(self, later: NDArray[np.intp]) -> Iterator[tuple[int, Iterable[tuple[int, float]]]]:
        """As :meth:`_compared`, of any number: those that MinHash's index finds, at most ``_CANDIDATES`` for each."""
        shared = self._shared()
        elsewhere = np.bincount(self.owners[shared], minlength=self.count) / self.sizes
        meeting = self._meeting(np.flatnonzero((elsewhere >= self.in_run) & (self.sizes >= _NEAR_WORDS - 1)))
        for p in later.tolist():
            yield p, ((other, self._jaccard(p, other)) for other in meeting.get(p, ()))

    def _meeting(self, candidates: NDArray[np.intp]) -> dict[int, list[int]]:
        """For each candidate the earlier ones to compare it with, in order, at most ``_CANDIDATES``."""
        sketches = minhash.of_tokens([self._words(p) for p in candidates.tolist()])
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
        keep = estimate >= self.in_run - _SLACK
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

    def _words(self, p: int) -> list[str]:
        if p not in self.words:
            self.words[p] = self.tokens.words(self.distinct[p])
        return self.words[p]

    def _set(self, p: int) -> frozenset[tuple[str, str]]:
        if p not in self.sets:
            self.sets[p] = frozenset(pairwise(self._words(p)))
        return self.sets[p]

    def _jaccard(self, p: int, q: int) -> float:
        mine, theirs = self._set(p), self._set(q)
        common = len(mine & theirs)
        return common / (len(mine) + len(theirs) - common)

    def _other_figures(self, p: int, q: int) -> bool:
        """Whether each of two paragraphs has a number that the other lacks: a template filled in anew."""
        mine, theirs = self._figures(p), self._figures(q)
        if "".join(mine) == "".join(theirs):
            return False  # as 1 000 and 1,000 are the same
        return bool(Counter(mine) - Counter(theirs)) and bool(Counter(theirs) - Counter(mine))

    def _figures(self, p: int) -> list[str]:
        if p not in self.figures:
            self.figures[p] = [word for word in self._words(p) if word[0].isdigit()]
        return self.figures[p]

    def _shortened(self, p: int, q: int) -> bool:
        """Whether one of two paragraphs is the other with a word or two dropped from its middle, or one in ten.

        What stands before or behind it ("Read more:", a number, who said it) makes it another line.
        """
        short, long = sorted((self._words(p), self._words(q)), key=len)
        if short[0] != long[0] or short[-1] != long[-1] or len(long) - len(short) > max(2, 0.1 * len(long)):
            return False
        rest = iter(long)
        return all(word in rest for word in short)

    def _resplit(self, later: NDArray[np.intp], found: dict[int, _Match]) -> dict[int, _Match]:
        """What repeats earlier paragraphs that were joined or split: each side stands in the other.

        A quotation pulled out of a paragraph stands in it as well, but does not make it up: such a
        one is not found.
        """
        if not self._may_be_made_up(later):
            return {}
        first_owner = self._first_owners()
        order = np.argsort(self.owners, kind="stable")
        ends = np.cumsum(self.sizes)
        result: dict[int, _Match] = {}
        group: list[tuple[int, Counter[int]]] = []
        for p in later.tolist():
            of = first_owner[order[ends[p] - self.sizes[p] : ends[p]]]
            if group and self.distinct[p] - self.distinct[group[-1][0]] > GAP + 1:
                result |= self._made_up(group)
                group = []
            group.append((p, Counter(of[of < p].tolist())))
        result |= self._made_up(group)
        return {p: match for p, match in result.items() if p not in found}

    def _may_be_made_up(self, later: NDArray[np.intp]) -> bool:
        """Whether any of the paragraphs ``later`` has enough in common with several, or several with one, as
        :meth:`_made_up` asks; of 1,048 pages 463 have such paragraphs, 71 need a closer look.
        """
        if not len(later):
            return False
        asked = np.zeros(self.count, dtype=bool)
        asked[later] = True
        group = np.cumsum(self.begins) - 1
        held = np.zeros(len(group), dtype=bool)
        held[group[asked[self.owners]]] = True
        covered = np.bincount(self.owners[held[group]], minlength=self.count) >= _COVERED * self.sizes
        first_owner = self._first_owners()
        of = asked[self.owners] & covered[first_owner] & (first_owner < self.owners)
        both, common = np.unique(self.owners[of] * self.count + first_owner[of], return_counts=True)
        p, q = np.divmod(both, self.count)
        enough = (common >= np.minimum(_PIECE_WORDS - 1, self.sizes[q])) & (self.sizes[q] <= 4 * self.sizes[p] + 64)
        return any(bool((np.bincount(side[enough]) > 1).any()) for side in (p, q))

    def _made_up(self, group: Sequence[tuple[int, Counter[int]]]) -> dict[int, _Match]:
        """Of paragraphs near each other those that make up earlier ones and are made up of them."""
        together = frozenset().union(*(self._set(p) for p, _ in group))
        whole: dict[int, bool] = {}
        pieces: Counter[int] = Counter()
        parts: dict[int, list[int]] = {}
        for p, counts in group:
            parts[p] = []
            room = 4 * int(self.sizes[p]) + 64  # what makes a paragraph up is not much longer than it: stays linear
            for q, pairs in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
                room -= int(self.sizes[q])
                if room < 0 or pairs < min(_PIECE_WORDS - 1, self.sizes[q]):
                    break
                if q not in whole:
                    whole[q] = len(self._set(q) & together) >= _COVERED * self.sizes[q]
                if whole[q]:
                    parts[p].append(q)
                    pieces[q] += 1
        result = {}
        for p, within in parts.items():
            if not within or (len(within) == 1 and pieces[within[0]] < 2):
                continue
            if not set(self._figures(p)) <= {figure for q in within for figure in self._figures(q)}:
                continue
            share = len(self._set(p) & frozenset().union(*map(self._set, within))) / int(self.sizes[p])
            if share >= _COVERED and max(within) - min(within) < len(within) + GAP:
                result[p] = _Match(Span(min(within), max(within)), min(share, 0.9999))
        return result


def _add_in_runs(matches: dict[int, _Match], doubtful: Mapping[int, _Match], counts: NDArray[np.intp]) -> None:
    """Adds the doubtful matches beside which other paragraphs repeat likewise, forwards and then backwards.

    A short line beside them says nothing: headings and questions recur above paragraphs that differ.
    """
    for direction in (1, -1):
        for i in sorted(doubtful, reverse=direction < 0):
            j = doubtful[i].span.first
            for k in range(1, GAP + 2):
                beside = matches.get(i - direction * k)
                if (
                    i not in matches
                    and beside is not None
                    and counts[i - direction * k] >= _BESIDE_WORDS
                    and 0 < direction * (j - beside.span.first) <= GAP + 1
                ):
                    matches[i] = doubtful[i]


def _pairs(
    tokens: Tokens, hashes: NDArray[np.uint64], texts: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Of the distinct pairs of neighbouring words in each text, equal ones together: the place of their text in
    ``texts``, in order, and whether another pair begins. ``hashes`` are the words'.
    """
    counts = tokens.firsts[1:] - tokens.firsts[:-1]
    places = np.full(len(counts), -1)
    places[texts] = np.arange(len(texts))
    place = places.repeat(counts)
    of = ((place[1:] == place[:-1]) & (place[1:] >= 0)).nonzero()[0]
    # One sort of one array: a pair's hash above its text's place, in 50 bits or more.
    bits = np.uint64(len(texts).bit_length())
    keys = np.sort((hashes[of] * np.uint64(MULTIPLIER) + hashes[of + 1]) << bits | place[of].astype(np.uint64))
    keys = keys[_new(keys)]
    return (keys & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64), _new(keys >> bits)


def _new(values: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which of some values in order differ from the one before."""
    new = np.ones(len(values), np.bool_)
    new[1:] = values[1:] != values[:-1]
    return new
