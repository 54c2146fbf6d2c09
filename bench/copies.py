"""Copies made of a known page: more around the story than its container holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from monitor.evaluation.damage import waste_around
from monitor.scoring.text.text import count_words

Document = dict[str, Any]
#: A notice, by its sentences, some of which may be left out.
Notice = Sequence[str]


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
    around = waste_around(waste, sum(count_words(body)) * random.uniform(0.85, 2.0), random.random)
    if around is None:
        return None
    before, behind = around
    return document | {
        "container": [*before, *body, *behind],
        "container_content": [0] * len(before) + [1] * len(body) + [0] * len(behind),
    }


def notices() -> dict[str, list[Notice]]:
    """By language, what publishers write around any story: disclaimers, consent, calls to subscribe. Made up."""
    found: dict[str, list[Notice]] = json.loads(Path(__file__).with_name("notices.json").read_text())
    return found


def noted(document: Document, known: Sequence[Notice], random: np.random.Generator) -> Document:
    """The container with one to three of the notices: most behind it, some before it or anywhere within.

    Of a notice some sentences in a row, on one line or each on its own. ``notices`` says of each line whether it is
    one.
    """
    lines = [(*line, 0) for line in zip(document["container"], document["container_content"], strict=True)]
    for at in random.permutation(len(known))[: random.integers(1, 4)]:
        notice = known[at]
        first = int(random.integers(len(notice)))
        last = int(random.integers(first, len(notice))) + 1
        name = document.get("source") or "The Evening Ledger"
        said = [sentence.replace("{name}", name) for sentence in notice[first:last]]
        if random.random() < 0.7:
            said = [" ".join(said)]
        place = random.choice((len(lines), int(random.integers(len(lines) + 1)), 0), p=(0.6, 0.3, 0.1))
        lines[place:place] = [(line, 0, 1) for line in said]
    container, content, added = map(list, zip(*lines, strict=True))
    return document | {"container": container, "container_content": content, "notices": added}
