"""Repetition: which paragraphs repeat earlier ones, exactly, nearly, or split and joined differently."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.repetition import pairs
from monitor.scoring.repetition.minhash import meeting
from monitor.scoring.repetition.pairs import Alike, Pairs
from monitor.scoring.repetition.resplit import COVERED, PIECE_WORDS, find_resplit
from monitor.scoring.repetition.runs import GAP, Match, Run, Span, longest
from monitor.scoring.repetition.within import lines_to_split
from monitor.scoring.text.paragraphs import MOST, Paragraph
from monitor.scoring.text.sentences import holds_sentence
from monitor.scoring.text.text import Text
from monitor.scoring.thresholds import Thresholds

#: Words from which a paragraph can repeat another nearly; a shorter one repeats it exactly or not at all,
#: since a name or a figure is most of what it says. A piece of a split paragraph may be shorter.
_NEAR_WORDS = 6
#: Words from which a repeated paragraph vouches for the one beside it.
_BESIDE_WORDS = 7
#: Where more paragraphs than this may repeat another, those like each other are met by MinHash, which looks at the
#: likeliest however many have their pairs of words in common. Below, the index of pairs does the same in a tenth of it.
_MANY = 256
#: Words of a sentence in which one or two may be replaced, and how many may be.
_SENTENCE_WORDS = 12
_REPLACED = 2


class Repetition(NamedTuple):
    """What repeats in an article.

    ``repeats``: for each paragraph the index of the earliest one that it repeats, or Npair.
    ``similarity``: the Jaccard similarity of the two, 1.0 when they say the same words; for a
    paragraph that was split or joined, the share of it that stands in the earlier ones.
    ``ratio``: the characters of paragraphs that repeat, by those of all, 0 to 1.
    ``run``: the longest run of paragraphs in a row that repeat earlier ones in a row; None where less
    repeats than could make a body, by the threshold ``repeated_body_share``.
    ``to_split``: the lines in which sentences stand again, with the places of their sentences.
    """

    repeats: tuple[int | None, ...]
    similarity: tuple[float | None, ...]
    ratio: float
    run: Run | None
    to_split: dict[int, list[Paragraph]]


def read(raw: str, thresholds: Thresholds) -> tuple[Text, Repetition]:
    """A text, and what repeats in it. Lines in which sentences stand again are split into their sentences."""
    text = Text.read(raw)
    repetition = find(text, thresholds)
    if repetition.to_split:
        places = [place for i, line in enumerate(text.paragraphs) for place in repetition.to_split.get(i, [line])]
        if len(places) <= MOST:
            text = text.with_paragraphs(places)
            repetition = find(text, thresholds)
    return text, repetition


def find(text: Text, thresholds: Thresholds) -> Repetition:
    """What repeats in the paragraphs of one article. Linear in their length.

    >>> body = ["The ferry left the old harbour on Monday for the first time.", "It took two hours."]
    >>> find(Text.of_lines([*body, "Advertisement", *body]), Thresholds()).repeats
    (None, None, None, 0, 1)
    """
    equals, known = pairs.survey(text.words, PIECE_WORDS)
    matches = _exact(text, equals)
    _add_near(matches, text, known, thresholds)
    to_split = lines_to_split(text, known, matches)
    repeats: list[int | None] = [None] * len(text)
    similarity: list[float | None] = [None] * len(text)
    for i, match in matches.items():
        repeats[i], similarity[i] = match.span.first, match.similarity
    lengths = [end - start for start, end in text.paragraphs]
    total, repeated = sum(lengths), sum(lengths[i] for i in matches)
    return Repetition(
        repeats=tuple(repeats),
        similarity=tuple(similarity),
        ratio=repeated / total if total else 0.0,
        run=longest(matches, lengths) if repeated >= thresholds.repeated_body_share * total else None,
        to_split=to_split,
    )


def _exact(text: Text, equals: NDArray[np.int64]) -> dict[int, Match]:
    """The paragraphs that say the same words as an earlier one, by ``equals``; those without words, the same signs."""
    matches: dict[int, Match] = {}
    signs: dict[str, int] = {}
    for i, first in enumerate(equals.tolist()):
        earliest = signs.setdefault(text.passages[i], i) if first < 0 else first
        if earliest != i:
            matches[i] = Match(Span(earliest, earliest), 1.0)
    return matches


def _add_near(matches: dict[int, Match], text: Text, known: Pairs, thresholds: Thresholds) -> None:
    """Adds what each paragraph nearly repeats; then what those exactly equal to it repeat."""
    # Of two sets whose Jaccard similarity is t, each has at least the share t in common with the other.
    later = known.shares >= thresholds.near_duplicate_in_run
    if not later.any():
        return
    similar, doubtful = _similar(text, known, later & (text.counts >= _NEAR_WORDS), thresholds)
    covered = (known.shares >= COVERED).nonzero()[0].tolist()
    similar = find_resplit(text, known, [p for p in covered if p not in similar]) | similar
    for i, match in list(matches.items()):
        matches[i] = similar.get(match.span.first, match)
    matches.update(similar)
    _add_in_runs(matches, doubtful, text.counts)


def _similar(
    text: Text, known: Pairs, later: NDArray[np.bool_], thresholds: Thresholds
) -> tuple[dict[int, Match], dict[int, Match]]:
    """What each of the paragraphs ``later`` nearly repeats: the earliest that surely is the same; and of those
    without one, the likest that may be, if its neighbours repeat too.
    """
    similar: dict[int, Match] = {}
    doubtful: dict[int, Match] = {}
    is_sentence = cache(lambda paragraph: holds_sentence(text.passages[paragraph]))
    for pair in _alike(text, known, later, thresholds.near_duplicate_in_run):
        p, q = int(pair.later), int(pair.earlier)
        if p in similar or text.counts[q] < _NEAR_WORDS or pair.other_figures:
            continue
        match = Match(Span(q, q), min(float(pair.similarity), 0.9999))
        if pair.similarity >= thresholds.near_duplicate or _is_edited(text, pair, is_sentence, thresholds):
            similar[p] = match
            doubtful.pop(p, None)
        elif p not in doubtful or pair.similarity >= doubtful[p].similarity:
            doubtful[p] = match
    return similar, doubtful


def _alike(text: Text, known: Pairs, later: NDArray[np.bool_], least: float) -> list[Alike]:
    """The paragraphs ``later``, the earlier ones like each of them, in order, and how they differ."""
    if np.count_nonzero(later) <= _MANY:
        return pairs.alike(text.words, known, later, least)
    return pairs.compare(text.words, known, *meeting(text, later, least), least)


def _is_edited(text: Text, pair: Alike, is_sentence: Callable[[int], bool], thresholds: Thresholds) -> bool:
    """Whether one of two paragraphs is the other with a word or two dropped from its middle, or one in ten; or, in a
    sentence, with a word or two replaced, none of them a name or a figure.

    What stands before or behind it ("Read more:", a number, who said it) makes it another line.
    """
    if pair.similarity < thresholds.near_duplicate_shortened:
        return False
    most = int(max(text.counts[pair.later], text.counts[pair.earlier]))
    if not pair.differs.replaced:
        return pair.differs.framed and pair.differs.dropped <= max(2, 0.1 * most)
    return (
        pair.differs.opened
        and not pair.differs.named
        and not pair.differs.dropped
        and pair.differs.replaced <= _REPLACED
        and most >= _SENTENCE_WORDS
        and is_sentence(pair.later)
        and is_sentence(pair.earlier)
    )


def _add_in_runs(matches: dict[int, Match], doubtful: Mapping[int, Match], counts: NDArray[np.int64]) -> None:
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
