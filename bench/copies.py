"""Copies made of a known page: more of its furniture around the story than its container holds."""

from __future__ import annotations

from typing import Any

import numpy as np

from monitor.scoring.boilerplate.reading import read

Document = dict[str, Any]


def cropped(document: Document, random: np.random.Generator) -> Document | None:
    """The page from some lines above the story to some below it; None where no line is of the story."""
    inside = np.flatnonzero(document["page_content"])
    if not len(inside):
        return None
    first = max(int(inside[0]) - int(random.integers(0, 15)), 0)
    last = int(inside[-1]) + 1 + int(random.integers(0, 100))
    return document | {
        "container": document["page"][first:last],
        "container_content": document["page_content"][first:last],
    }


def buried(document: Document, random: np.random.Generator) -> Document | None:
    """The body among other lines of its page, which make 46 to 67 % of the words; None where these are too few.

    Half the time all of them stand behind the body, else the first third before it.
    """
    body = [line for line in document["body"].splitlines() if line.strip()]
    waste = [line for line, inside in zip(document["page"], document["page_content"], strict=True) if not inside]
    if not waste:
        return None
    words = np.cumsum(read(waste).words)
    need = read(body).words.sum() * random.uniform(0.85, 2.0)
    if words[-1] < need:
        return None
    added = waste[: int(np.searchsorted(words, need)) + 1]
    before = len(added) // 3 if random.random() < 0.5 else 0
    return document | {
        "container": [*added[:before], *body, *added[before:]],
        "container_content": [0] * before + [1] * len(body) + [0] * (len(added) - before),
    }
