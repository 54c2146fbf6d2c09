"""Whether an article is laid out as its source's others: by the lines that the source always sends.

An article is laid out otherwise where half of the lines that stood in nearly all articles before are missing, or where
several lines recur that came up in the last articles only. Single articles are, in any source; that all are is told by
the same sequential test as a share of bad copies (``share.py``). Counts fade slowly, so for the 20 articles after a
change they still tell what was before; after them the new lines are the source's own, and the incident ends.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from monitor.scoring.sources.marks import LINE, MASKED, are_lines
from monitor.scoring.sources.sighting import Sighting
from monitor.scoring.sources.templates import SourceTemplates

#: Articles, faded, that a source must have before its layout is known.
LEAST_ARTICLES = 20.0
#: The share of the articles in which a line of the layout stood, how many of these lines there must be, and the share
#: of them that must be missing.
ALWAYS, FEWEST, MISSING = 0.8, 2, 0.5
#: Articles, faded, in which a line stood that came up in the last articles, and how many of these lines are several.
NEW_SINCE, NEW_UNTIL, SEVERAL = 0.7, 12.0, 2


class Layout(NamedTuple):
    """Whether an article is laid out otherwise than usual, and the paragraphs that are new in it."""

    otherwise: bool
    new: tuple[int, ...]


def read_layout(source: SourceTemplates, sighting: Sighting) -> Layout:
    """How an article is laid out, by what was known of its source before it."""
    if source.articles < LEAST_ARTICLES:
        return Layout(False, ())
    lines = sighting.written[:, [LINE, MASKED]]
    counts = source.counts
    articles, _ = counts.look_up(lines)
    stood = articles.max(1, initial=0)
    new = np.flatnonzero((stood >= NEW_SINCE) & (stood < NEW_UNTIL))
    always = counts.marks[counts.articles >= ALWAYS * source.articles]
    usual = always[are_lines(always)]
    stand = (usual[:, None] == lines.ravel()).any(1)  # few by few: a tenth of what np.isin takes
    missing = len(usual) >= FEWEST and stand.mean() <= 1 - MISSING
    return Layout(bool(missing or len(new) >= SEVERAL), tuple(new.tolist()))
