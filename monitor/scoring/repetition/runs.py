"""Runs: paragraphs in a row that repeat earlier ones in a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

#: Paragraphs that may stand between two of a run, on either side, without ending it: link lines, advertisements.
GAP = 4
#: Of the places where one paragraph stood before, the first and so many of the last are tried.
_LAST_PLACES = 2


class Span(NamedTuple):
    """Paragraphs from ``first`` to ``last``, both within."""

    first: int
    last: int


class Match(NamedTuple):
    """What one paragraph repeats: the earlier ones from ``span.first`` to ``span.last``.

    ``resplit`` says that it is one of several into which they were split, or all of them in one.
    """

    span: Span
    similarity: float
    resplit: bool = False


class Run(NamedTuple):
    """Paragraphs ``later`` repeat paragraphs ``earlier``, in the same order.

    ``paragraphs`` are the indices of those that do; others may stand between them.
    ``length`` counts the different ones among them, or among the earlier ones where two of these are joined into one: a
    line that recurs is one.
    ``characters`` is the length of the later ones.
    """

    later: Span
    earlier: Span
    paragraphs: tuple[int, ...]
    length: int
    characters: int


class _Link(NamedTuple):
    """One repeated paragraph at the end of a run, and the link before it."""

    later: int
    earlier: Span
    resplit: bool
    characters: int
    before: _Link | None


def longest(matches: Mapping[int, Match], lengths: Sequence[int]) -> Run | None:
    """The run with most characters, the first of several, or None where nothing repeats.

    A run follows any place where its paragraphs stood before, also where a single one stood still earlier.

    >>> again = {4: Match(Span(0, 0), 1.0), 5: Match(Span(1, 1), 1.0), 7: Match(Span(2, 2), 1.0)}
    >>> longest(again, [60, 70, 80, 90, 60, 70, 5, 80])
    Run(later=Span(first=4, last=7), earlier=Span(first=0, last=2), paragraphs=(4, 5, 7), length=3, characters=210)
    """
    chain = _Chain(matches, lengths)
    links = chain.links()
    most = max((link.characters for link in links), default=0)
    taken: set[int] = set()
    runs = []
    for link in links:
        if link.characters == most and link.later not in taken:
            run = chain.run(link, taken)
            taken.update(run.paragraphs)
            runs.append(run)
    return min(runs, key=lambda run: (-run.characters, run.later), default=None)


class _Chain:
    """Repeated paragraphs, each linked to the one before it in the best run that it goes on with."""

    def __init__(self, matches: Mapping[int, Match], lengths: Sequence[int]) -> None:
        self.matches = matches
        self.lengths = lengths
        self.ends = [0, *accumulate(lengths)]
        #: The best run whose earlier paragraphs end with this one.
        self.ending: dict[int, _Link] = {}

    def links(self) -> list[_Link]:
        """For every repeated paragraph and every place where it stood before, the best run that ends there."""
        places: dict[int, list[int]] = {}
        links = []
        for i in sorted({*self.matches, *(match.span.first for match in self.matches.values())}):
            match = self.matches.get(i)
            stood = places.setdefault(self._kind(i), [])
            if match is not None:
                if match.resplit:
                    spans = [match.span]
                else:
                    known = stood if len(stood) <= 1 + _LAST_PLACES else stood[:1] + stood[-_LAST_PLACES:]
                    spans = [Span(j, j) for j in known] or [match.span]
                new = [self._link(i, span, match.resplit) for span in spans]
                links.extend(new)
                self.ending.update((link.earlier.last, link) for link in new)
            stood.append(i)
        return links

    def _kind(self, i: int) -> int:
        """The earliest paragraph that says the same."""
        match = self.matches.get(i)
        return i if match is None or match.resplit else match.span.first

    def _link(self, later: int, earlier: Span, resplit: bool) -> _Link:
        """A repeated paragraph at the end of the best run that it goes on with, or of none."""
        best: _Link | None = None
        length = self.lengths[later]
        for j in range(earlier.first, earlier.first - GAP - 2, -1):
            before = self.ending.get(j)
            if (
                before is not None
                and (best is None or before.characters > best.characters)
                and later - before.later <= GAP + 1
                and (j < earlier.first or (resplit and before.resplit and before.earlier == earlier))
                and self._between(before, later, earlier) <= before.characters + length
            ):
                best = before
        return _Link(later, earlier, resplit, length if best is None else length + best.characters, best)

    def _between(self, before: _Link, later: int, earlier: Span) -> int:
        """The characters that stand between two links on either side, and so are others there and here.

        A form's questions recur with other answers between them, and are no body.
        """
        characters_later = self.ends[later] - self.ends[before.later + 1]
        characters_earlier = self.ends[earlier.first] - self.ends[min(before.earlier.last + 1, earlier.first)]
        return min(characters_later, characters_earlier)

    def run(self, link: _Link, taken: set[int]) -> Run:
        """The run that ends with a link, as far as its paragraphs are in no other."""
        chain = []
        at: _Link | None = link
        while at is not None and at.later not in taken:
            chain.append(at)
            at = at.before
        chain.reverse()
        later = {self._kind(step.later) for step in chain}
        earlier = {self._kind(j) for step in chain for j in range(step.earlier.first, step.earlier.last + 1)}
        return Run(
            later=Span(chain[0].later, chain[-1].later),
            earlier=Span(chain[0].earlier.first, chain[-1].earlier.last),
            paragraphs=tuple(step.later for step in chain),
            length=max(len(later), len(earlier)),
            characters=sum(self.lengths[step.later] for step in chain),
        )
