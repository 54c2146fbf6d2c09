"""Evidence: what a source's past says of the paragraphs of its next article, added to the model's log-odds.

Each piece of evidence is a number that is 0 where nothing is known, and that grows with the articles behind it. Beside
them stands what they are seen with: what the model thinks, how long the paragraph is, where it stands, and how much is
known of the source and of the article. A new source is judged by the model alone. ``weighing.py`` weighs them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.sources.marks import BEGIN, END, KINDS, LINE, MASKED, PLACE, Marks, all_kinds
from monitor.scoring.sources.templates import SourceTemplates
from monitor.scoring.sources.weighing import weights
from monitor.scoring.text.words import Integers

Numbers = NDArray[np.float64]

#: Log-odds beyond which the model's judgement of one paragraph tells no more.
_FARTHEST = 4.0
#: By kind of mark, the articles that a source's past must have to weigh as much as the model's judgement of this one.
_PRIOR = {LINE: 0.5, MASKED: 1.0, BEGIN: 2.0, END: 2.0, PLACE: 4.0}
_PRIORS = np.array([_PRIOR[kind] for kind in range(len(KINDS))])
_PHRASE_PRIOR = 2.0
#: Kinds of which it tells what the model thought of the paragraphs that had the same mark.
_JUDGED = (BEGIN, PLACE)
#: Words from which a line that stood in another article hardly does so by chance, and below which a paragraph is short.
_LONG, _SHORT = 8, 20
#: How much of a known line is felt one paragraph farther off.
_FELT = 0.7

#: How far behind the story a line must have stood for what is below it to be surely outside.
_OUTSIDE = 2.0
#: Words beyond which a paragraph's length, and articles beyond which a source's past tells no more.
_MOST_WORDS, _MOST_ARTICLES = 80, 20

#: How often the line recurs, as it is or masked: 0 where it is new.
KNOWN = "line recurs"
#: The pieces of evidence.
PIECES = (
    *(f"{KINDS[kind]} was" for kind in _JUDGED),
    "begin recurs",
    "end recurs",
    "phrases recur",
    "phrases recur, for what the model lacks",
    "long line known",
    "long masked line known",
    "short line known",
    "known line above",
    "known line below",
    "between known lines",
    "new short line among known ones",
    "new long line among known ones",
    "story ended above",
    "story begins below",
)
#: The columns of :func:`gather`: the pieces, and what they are seen with.
NAMES = (
    *PIECES,
    KNOWN,
    "model",
    "words",
    "articles",
    "share of story above",
    "share of story below",
    "share of lines known",
    "line above",
    "line below",
    "article",
)


def gather(source: SourceTemplates, marks: Marks, model_odds: Numbers) -> Numbers:
    """The evidence on each of ``n`` paragraphs, ``(n, len(NAMES))``, from marks and the model's log-odds ``(n,)``."""
    n = len(model_odds)
    if not source.articles or not n:
        return np.zeros((n, len(NAMES)))
    own = model_odds.clip(-_FARTHEST, _FARTHEST)
    articles, odds = source.counts.look_up(all_kinds(marks.written, marks.words))
    weight = articles / (articles + _PRIORS)
    share = articles / source.articles
    judged = (weight * (odds.clip(-_FARTHEST, _FARTHEST) - own[:, None]))[:, list(_JUDGED)]
    recurs = np.sqrt(share * weight)
    known = recurs[:, [LINE, MASKED]].max(1)
    above, below = _nearness(known), _nearness(known[::-1])[::-1]
    is_long, is_short = marks.words >= _LONG, marks.words < _SHORT
    # A line of the source's own is no story however sure the model is: the evidence is what the model lacks.
    lacking = _FARTHEST - own
    only_masked = weight[:, LINE] == 0
    # Where all that the model calls boilerplate came before, a line that did not is rather of the story.
    suspects = own > 0
    among_known = known[suspects].sum() / (suspects.sum() + 1) * (known == 0)
    side = np.where(only_masked, weight[:, MASKED] * odds[:, MASKED], weight[:, LINE] * odds[:, LINE])
    ended_above, begins_below = _farthest_above(side), _farthest_above(-side[::-1])[::-1]
    # Only where the story may stand, though.
    among_known *= 1 - np.maximum(ended_above, begins_below).clip(0, _OUTSIDE) / _OUTSIDE
    phrases_recur = _phrases_recur(source, marks, n)
    return np.column_stack(
        (
            judged,
            recurs[:, [BEGIN, END]],
            phrases_recur,
            lacking * phrases_recur,
            lacking * weight[:, LINE] * is_long,
            lacking * weight[:, MASKED] * is_long * only_masked,
            lacking * weight[:, LINE] * np.sqrt(share[:, LINE]) * ~is_long,
            above,
            below,
            np.minimum(above, below),
            among_known * is_short,
            among_known * ~is_short,
            ended_above,
            begins_below,
            known,
            own,
            np.minimum(marks.words, _MOST_WORDS),
            np.full(n, min(source.articles, _MOST_ARTICLES)),
            *_surroundings(own, known > 0, marks.words),
        )
    )


def _surroundings(own: Numbers, is_known: NDArray[np.bool_], words: Integers) -> Sequence[Numbers]:
    """The last six columns of :func:`gather`, a known line being taken for boilerplate whatever the model says."""
    odds = np.where(is_known, _FARTHEST, own)
    story = np.where(odds < 0, words, 0)
    share = story / (story.sum() + 1)
    above = np.cumsum(share) - share
    return (
        above,
        1 - above - share,
        np.full(len(odds), is_known.mean()),
        np.append(0, odds[:-1]),
        np.append(odds[1:], 0),
        np.full(len(odds), odds.mean()),
    )


def _farthest_above(side: Numbers) -> Numbers:
    """How far behind its story the farthest line above each paragraph used to stand, ``(n,)``; 0 where none did."""
    farthest = np.zeros(len(side))
    farthest[1:] = np.maximum.accumulate(side.clip(0))[:-1]
    return farthest


def _phrases_recur(source: SourceTemplates, marks: Marks, n: int) -> Numbers:
    """How much of each paragraph is phrases that the source used in other articles, ``(n,)``."""
    articles, _ = source.counts.look_up(marks.phrases)
    recurs = np.sqrt(articles / (articles + _PHRASE_PRIOR) * articles / source.articles)
    return np.bincount(marks.paragraphs, recurs, n) / (np.bincount(marks.paragraphs, minlength=n) + 1)


def _nearness(known: Numbers) -> Numbers:
    """How well known the lines above each paragraph are, the nearer the more, ``(n,)``."""
    nearness = np.zeros(len(known))
    felt = 0.0
    for i, value in enumerate(known.tolist()):
        nearness[i] = felt
        felt = max(value, felt * _FELT)
    return nearness


def log_odds(source: SourceTemplates, marks: Marks, model_odds: Numbers) -> Numbers:
    """The log-odds that each paragraph is not of the story, by the model and by the source's past, ``(n,)``."""
    if not source.articles:
        return model_odds
    evidence = gather(source, marks, model_odds)
    return model_odds + weights(NAMES).added(evidence, is_known(evidence))


def is_known(evidence: Numbers) -> NDArray[np.bool_]:
    """Which paragraphs are lines that the source sent before, by their evidence, ``(n,)``."""
    known: NDArray[np.bool_] = evidence[:, len(PIECES)] > 0
    return known
