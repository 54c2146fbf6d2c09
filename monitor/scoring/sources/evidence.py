"""Evidence: what a source's past says of the paragraphs of its next article, added to the model's log-odds.

Each piece of evidence is a number that is 0 where nothing is known, so that a new source is judged by the model alone,
and that grows with the articles behind it. Their sum, weighed, is a logistic regression whose offset is the model's
log-odds; ``python -m bench.sources`` fits the weights over publishers that it is not judged on.
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
    FIRST_WORD,
    LAST_WORD,
    FORM,
    BEHIND,
    END,
    KINDS,
    LINE,
    MASKED,
    PLACE,
    Marks,
    all_kinds,
)
from monitor.scoring.sources.templates import SourceTemplates

Evidence = NDArray[np.float64]

#: Log-odds beyond which the model's judgement of one paragraph tells no more.
_FARTHEST = 4.0
#: Articles that a source's past must have to weigh as much as the model's judgement of this one.
_PRIOR = {LINE: 0.5, MASKED: 1.0, BEGIN: 2.0, END: 2.0, FIRST_WORD: 2.0, LAST_WORD: 2.0, FORM: 3.0, BEHIND: 1.0, BEFORE: 1.0, PLACE: 4.0}
_PHRASE_PRIOR = 2.0
_RECURRING = (LINE, MASKED, BEGIN, END, FIRST_WORD, LAST_WORD)
#: Paragraphs to the next known line beyond which it tells nothing.
_FAR = 8
#: Words of a paragraph below which it is short.
_SHORT = 20
#: Words from which a line that stood in another article is hardly there by chance.
_LONG = 8

NAMES = (
    *(f"{kind} was" for kind in KINDS),
    "phrases were",
    *(f"{KINDS[kind]} recurs" for kind in _RECURRING),
    "phrases recur",
    "long line known",
    "long masked line known",
    "short line known",
    "known line above",
    "known line below",
    "between known lines",
    "new line, short",
    "new line, long",
)


def gather(templates: SourceTemplates, marks: Marks, model_odds: NDArray[np.float64]) -> Evidence:
    """The evidence on each of ``n`` paragraphs, ``(n, len(NAMES))``, from marks and the model's log-odds ``(n,)``."""
    n = len(model_odds)
    if not templates.articles or not n:
        return np.zeros((n, len(NAMES)))
    own = np.clip(model_odds, -_FARTHEST, _FARTHEST)
    articles, odds = templates.counts.look_up(all_kinds(marks.written, marks.words))
    weight = articles / (articles + np.array([_PRIOR[kind] for kind in range(len(KINDS))]))
    was = weight * (np.clip(odds, -_FARTHEST, _FARTHEST) - own[:, None])
    share = articles / templates.articles
    recurs = np.sqrt(share * weight)[:, list(_RECURRING)]
    phrases = _of_phrases(templates, marks, own)
    line = recurs[:, :2].max(1)
    above, below = _nearness(line)
    unknown = (line.mean() if n else 0.0) * (line == 0)
    short = marks.words < _SHORT
    lacking = _FARTHEST - own
    long = marks.words >= _LONG
    known = (
        weight[:, LINE] * lacking * long,
        weight[:, MASKED] * lacking * long * (weight[:, LINE] == 0),
        np.sqrt(share[:, LINE]) * weight[:, LINE] * lacking * ~long,
    )
    columns = (was, phrases[:, :1], recurs, phrases[:, 1:], *known, above, below, np.minimum(above, below))
    return np.column_stack((*columns, unknown * short, unknown * ~short))


def _of_phrases(templates: SourceTemplates, marks: Marks, own: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each paragraph what the model thought of its phrases elsewhere, and how often they recur, ``(n, 2)``."""
    n = len(own)
    articles, odds = templates.counts.look_up(marks.phrases)
    weight = articles / (articles + _PHRASE_PRIOR)
    was = weight * (np.clip(odds, -_FARTHEST, _FARTHEST) - own[marks.paragraphs])
    recurs = np.sqrt(weight * articles / templates.articles)
    many = np.bincount(marks.paragraphs, minlength=n) + 1
    return np.column_stack([np.bincount(marks.paragraphs, values, minlength=n) / many for values in (was, recurs)])


def _nearness(known: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How well known the nearest known line above and below each paragraph is, halved with each paragraph between."""
    above, below = np.zeros(len(known)), np.zeros(len(known))
    for nearness, lines in ((above, known), (below[::-1], known[::-1])):
        last = 0.0
        for i, value in enumerate(lines.tolist()):
            nearness[i] = last
            last = max(value, last * 0.7)
    return above, below


@cache
def weights() -> NDArray[np.float64]:
    """The weight of each piece of evidence, in the order of :data:`NAMES`, from ``evidence.json``."""
    data = resources.files("monitor.scoring.sources").joinpath("evidence.json").read_bytes()
    by_name = msgspec.json.decode(data, type=dict[str, float])
    if tuple(by_name) != NAMES:
        raise ValueError("evidence.json has not the weights of this version; write it with python -m bench.sources")
    return np.array(list(by_name.values()))


def odds(templates: SourceTemplates, marks: Marks, model_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """The log-odds that each paragraph is not of the story, by the model and by the source's past, ``(n,)``."""
    result: NDArray[np.float64] = model_odds + gather(templates, marks, model_odds) @ weights()
    return result
