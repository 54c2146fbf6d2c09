"""Evidence: what a source's past says of the paragraphs of its next article, added to the model's log-odds.

Each piece of evidence is a number that is 0 where nothing is known, so that a new source is judged by the model alone,
and that grows with the articles behind it. Their weighed sum is a logistic regression whose offset is the model's
log-odds; ``python -m bench.sources`` fits the weights, and measures them over publishers that they were not fitted on.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec
import numpy as np
from numpy.typing import NDArray

from monitor.scoring.sources.marks import (
    BEFORE,
    BEGIN,
    BEHIND,
    END,
    FORM,
    KINDS,
    LINE,
    MASKED,
    PLACE,
    Marks,
    all_kinds,
)
from monitor.scoring.sources.templates import SourceTemplates

Numbers = NDArray[np.float64]

#: Log-odds beyond which the model's judgement of one paragraph tells no more.
_FARTHEST = 4.0
#: By kind of mark, the articles that a source's past must have to weigh as much as the model's judgement of this one.
_PRIOR = {LINE: 0.5, MASKED: 1.0, BEGIN: 2.0, END: 2.0, FORM: 3.0, BEHIND: 1.0, BEFORE: 1.0, PLACE: 4.0}
_PRIORS = np.array([_PRIOR[kind] for kind in range(len(KINDS))])
_PHRASE_PRIOR = 2.0
#: Kinds of which it tells what the model thought of the paragraphs that had the same mark.
_JUDGED = (BEGIN, END, FORM, BEHIND, BEFORE, PLACE)
#: Words from which a line that stood in another article hardly does so by chance, and below which a paragraph is short.
_LONG, _SHORT = 8, 20
#: How much of a known line is felt one paragraph farther off.
_FELT = 0.7

#: The pieces of evidence on a paragraph, in the order of the columns of :func:`gather`.
NAMES = (
    *(f"{KINDS[kind]} was" for kind in _JUDGED),
    "begin recurs",
    "end recurs",
    "phrases recur",
    "long line known",
    "long masked line known",
    "short line known",
    "known line above",
    "known line below",
    "between known lines",
    "new short line among known ones",
    "new long line among known ones",
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
    return np.column_stack(
        (
            judged,
            recurs[:, [BEGIN, END]],
            _phrases_recur(source, marks, n),
            lacking * weight[:, LINE] * is_long,
            lacking * weight[:, MASKED] * is_long * only_masked,
            lacking * weight[:, LINE] * np.sqrt(share[:, LINE]) * ~is_long,
            above * (1 - weight[:, BEHIND]),
            below * (1 - weight[:, BEFORE]),
            np.minimum(above, below) * (1 - weight[:, [BEHIND, BEFORE]].max(1)),
            among_known * is_short,
            among_known * ~is_short,
        )
    )


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


@cache
def weights() -> Numbers:
    """The weight of each piece of evidence, in the order of :data:`NAMES`, from ``evidence.json``."""
    data = resources.files("monitor.scoring.sources").joinpath("evidence.json").read_bytes()
    by_name = msgspec.json.decode(data, type=dict[str, float])
    if tuple(by_name) != NAMES:
        raise ValueError("evidence.json has not the weights of this version; write it with python -m bench.sources")
    return np.array(list(by_name.values()))


def log_odds(source: SourceTemplates, marks: Marks, model_odds: Numbers) -> Numbers:
    """The log-odds that each paragraph is not of the story, by the model and by the source's past, ``(n,)``."""
    result: Numbers = model_odds + gather(source, marks, model_odds) @ weights()
    return result
