"""Runs: paragraphs in a row that repeat earlier ones in a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

#: Paragraphs that may stand between two of a run, on either side, without ending it: link lines, advertisements.
GAP = 4
#: Of the places where one paragraph stood before, the first and so many of the last are tried.
_LAST_PLACES = 2


class Span(NamedTuple):
    """Paragraphs from ``first`` to ``last``, both within."""

    first: int
    last: int


class Run(NamedTuple):
    """Paragraphs ``later`` repeat paragraphs ``earlier``, in the same order.

    ``paragraphs`` are the indices of those that do; others may stand between them.
    ``length`` counts them, or the earlier ones where two of these are joined into one.
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
    characters: int
    before: _Link | None


def longest(matches: Mapping[int, Span], lengths: Sequence[int]) -> Run | None:
    """The run with most characters, the first of several, or None where nothing repeats.

    ``matches``: for each paragraph that repeats, the earlier ones it repeats. A run follows any
    place where its paragraphs stood before, also where a single one stood still earlier.
    """
    links = _chain(matches, lengths)
    most = max((link.characters for link in links), default=0)
    taken: set[int] = set()
    runs = []
    for link in links:
        if link.characters == most and link.later not in taken:
            run = _run(link, lengths, taken)
            taken.update(run.paragraphs)
            runs.append(run)
    return min(runs, key=lambda run: (-run.characters, run.later), default=None)


def _chain(matches: Mapping[int, Span], lengths: Sequence[int]) -> list[_Link]:
    """For every repeated paragraph and every place where it stood before, the best run that ends there."""
    places: dict[int, list[int]] = {}
    ending: dict[int, _Link] = {}
    links = []
    for i in sorted({*matches, *(match.first for match in matches.values())}):
        match = matches.get(i)
        kind = i if match is None else match.first
        stood = places.setdefault(kind, [])
        if match is not None:
            if match.first != match.last:
                spans = [match]
            else:
                known = stood if len(stood) <= 1 + _LAST_PLACES else stood[:1] + stood[-_LAST_PLACES:]
                spans = [Span(j, j) for j in known] or [match]
            new = [_link(i, span, lengths[i], ending) for span in spans]
            links.extend(new)
            ending.update((link.earlier.last, link) for link in new)
        stood.append(i)
    return links


def _link(later: int, earlier: Span, length: int, ending: Mapping[int, _Link]) -> _Link:
    """A repeated paragraph at the end of the best run that it goes on with, or of none."""
    best: _Link | None = None
    for j in range(earlier.first, earlier.first - GAP - 2, -1):
        before = ending.get(j)
        if (
            before is not None
            and (best is None or before.characters > best.characters)
            and later - before.later <= GAP + 1
            and (j < earlier.first or before.earlier == earlier)
        ):
            best = before
    return _Link(later, earlier, length if best is None else length + best.characters, best)


def _run(link: _Link, lengths: Sequence[int], taken: set[int]) -> Run:
    chain = []
    at: _Link | None = link
    while at is not None and at.later not in taken:
        chain.append(at)
        at = at.before
    chain.reverse()
    return Run(
        later=Span(chain[0].later, chain[-1].later),
        earlier=Span(chain[0].earlier.first, chain[-1].earlier.last),
        paragraphs=tuple(step.later for step in chain),
        length=max(len(chain), len({j for step in chain for j in range(step.earlier.first, step.earlier.last + 1)})),
        characters=sum(lengths[step.later] for step in chain),
    )
