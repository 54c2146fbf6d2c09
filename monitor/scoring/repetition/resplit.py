"""Resplit: paragraphs that repeat earlier ones which were joined or split otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from monitor.scoring.repetition.pairs import Pairs
from monitor.scoring.repetition.runs import GAP, Match, Span
from monitor.scoring.text.text import Text
from monitor.scoring.text.words import FIGURE

#: The share of a split or joined paragraph that must stand on the other side, both ways.
COVERED = 0.8
#: Words from which a piece of a paragraph is looked for.
PIECE_WORDS = 3


def find_resplit(text: Text, known: Pairs, later: Sequence[int]) -> dict[int, Match]:
    """Of the paragraphs ``later``, whose pairs of words stand in earlier ones, those that make earlier ones up and are
    made up of them.

    A quotation pulled out of a paragraph stands in it as well, but does not make it up: such a one is not found.
    """
    result: dict[int, Match] = {}
    group: list[int] = []
    for p in later:
        if group and p - group[-1] > GAP + 1:
            result |= _Group(text, known, group).matches()
            group = []
        group.append(p)
    return result | _Group(text, known, group).matches()


class _Group:
    """Paragraphs near each other, with the earlier ones in which their pairs of words stand."""

    def __init__(self, text: Text, known: Pairs, group: Sequence[int]) -> None:
        self.text = text
        self.known = known
        self.pairs: dict[int, frozenset[int]] = {}
        self.group = group

    def matches(self) -> dict[int, Match]:
        """Those that make up earlier paragraphs and are made up of them."""
        earlier = {p: self._earlier(p) for p in self.group}
        if not earlier:
            return {}
        together = frozenset().union(*map(self._pairs, self.group))
        candidates = {q for counts in earlier.values() for q, _ in counts}
        contained = {q for q in candidates if len(self._pairs(q) & together) >= COVERED * len(self._pairs(q))}
        made_up_of = {p: [q for q, _ in counts if q in contained] for p, counts in earlier.items()}
        pieces = Counter(q for several in made_up_of.values() for q in several)
        alone = [(p, several[0]) for p, several in made_up_of.items() if len(several) == 1]
        as_long = Counter(q for p, q in alone if self._is_as_long(p, q))
        result = {}
        for p, several in made_up_of.items():
            # One alone that is no piece of several is a quotation, or nearly the same. Of several of which two could be
            # the whole none is a piece: "Banks: shut on Friday", "Shops: shut on Friday", "Pools: shut on Friday".
            if not several or (len(several) == 1 and (pieces[several[0]] < 2 or as_long[several[0]] > 1)):
                continue
            if not self._figures(p) <= frozenset().union(*map(self._figures, several)):
                continue
            share = len(self._pairs(p) & frozenset().union(*map(self._pairs, several))) / len(self._pairs(p))
            if share >= COVERED and max(several) - min(several) < len(several) + GAP:
                result[p] = Match(Span(min(several), max(several)), min(share, 0.9999), resplit=True)
        return result

    def _is_as_long(self, p: int, q: int) -> bool:
        """Whether there is enough in a paragraph for it to be the other."""
        return len(self._pairs(p)) >= COVERED * len(self._pairs(q))

    def _earlier(self, p: int) -> list[tuple[int, int]]:
        """The first earlier paragraphs in which the pairs of ``p`` stand, with how many, most first.

        Together they are not much longer than ``p``: so the search stays linear.
        """
        known = self.known
        firsts = (int(known.paragraphs[known.begins[k]]) for k in self._pairs(p))
        room = 4 * len(self._pairs(p)) + 64
        sources = []
        for q, count in sorted(Counter(q for q in firsts if q < p).items(), key=lambda item: (-item[1], item[0])):
            room -= len(self._pairs(q))
            if room < 0 or count < min(PIECE_WORDS - 1, len(self._pairs(q))):
                break
            sources.append((q, count))
        return sources

    def _pairs(self, p: int) -> frozenset[int]:
        if p not in self.pairs:
            first, last = self.known.firsts[p : p + 2].tolist()
            self.pairs[p] = frozenset(self.known.pairs[first:last].tolist())
        return self.pairs[p]

    def _figures(self, p: int) -> frozenset[int]:
        words = self.text.words
        first, last = words.firsts[p : p + 2].tolist()
        return frozenset(words.hashes[first:last][words.kinds[first:last] & FIGURE > 0].tolist())
