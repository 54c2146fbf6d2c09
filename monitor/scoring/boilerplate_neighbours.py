"""Numbers that describe what a first judgement of an article says around each paragraph.

The second trees read them: what stands before and after a paragraph, how far the story is, and how
far the next sure boilerplate. The same function serves training and inference.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.boilerplate_features import Floats, shifted, smoothed
from monitor.scoring.boilerplate_reading import Integers

#: A paragraph below this probability and of so many words is surely of the story.
STORY, STORY_WORDS = 0.15, 15

#: A paragraph above this probability is surely boilerplate.
MARK = 0.85


def _distances(named: dict[str, NDArray[np.generic]], sure: NDArray[np.bool_], words: Floats, of: str) -> None:
    """Add to ``named`` how many paragraphs and words lie to the last and the next ``sure`` one."""
    n = len(sure)
    index = np.arange(n)
    ends = np.concatenate(([0], np.cumsum(words)))
    last = np.maximum.accumulate(np.where(sure, index, -1))
    following = np.minimum.accumulate(np.where(sure, index, n)[::-1])[::-1]
    named[f"since {of}"] = np.minimum(index - last, 40)
    named[f"until {of}"] = np.minimum(following - index, 40)
    named[f"words since {of}"] = np.log1p(np.maximum(ends[:-1] - ends[last + 1], 0))
    named[f"words until {of}"] = np.log1p(np.maximum(ends[following] - ends[1:], 0))


def around(counted: Integers, odds: Floats, wording: Floats) -> tuple[Floats, list[str]]:
    """The features of each paragraph, ``(n, k)``, and their ``k`` names.

    ``counted`` is the words of each paragraph, ``odds`` the first judgement in log-odds, and
    ``wording`` what its n-grams say.
    """
    p = (1 / (1 + np.exp(-odds))).astype(np.float32)
    n, words, ones = len(p), counted.astype(np.float32), np.ones(len(p), np.float32)
    named: dict[str, NDArray[np.generic]] = {"odds": odds}
    for by in (-4, -3, -2, -1, 1, 2, 3, 4):
        named[f"at {by:+d}"] = shifted(p, by)
    for reach in (1, 3, 8, 20):
        named[f"words' mean {reach}"] = smoothed(p, words, reach)
    for reach in (3, 10):
        named[f"lines' mean {reach}"] = smoothed(p, ones, reach)
    for reach in (8, 20):
        named[f"wording {reach}"] = smoothed(wording, words, reach)
    told, weighed = np.cumsum(words), np.cumsum(words * p)
    named["mean before"] = (weighed - words * p + 0.3) / (told - words + 1)
    named["mean after"] = (weighed[-1] - weighed + 0.3) / (told[-1] - told + 1)
    named["mean"] = np.full(n, weighed[-1] / max(told[-1], 1))
    named["lines' mean"] = np.full(n, p.mean())
    story = (p < STORY) & (counted >= STORY_WORDS)
    sure = np.cumsum(words * story)
    named["story before"] = (sure - words * story) / max(sure[-1], 1)
    named["story after"] = (sure[-1] - sure) / max(sure[-1], 1)
    named["story words after"] = np.log1p(sure[-1] - sure)
    named["story share"] = np.full(n, sure[-1] / max(told[-1], 1))
    _distances(named, story, words, "story")
    mark = p > MARK
    marks = np.cumsum(mark)
    named["marks before"] = np.log1p(marks - mark)
    named["marks after"] = np.log1p(marks[-1] - marks)
    _distances(named, mark, words, "mark")
    return np.array(list(named.values()), np.float32).T, list(named)
