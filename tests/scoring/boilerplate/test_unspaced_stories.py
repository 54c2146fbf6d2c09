"""Stories in scripts without blanks between words are no boilerplate: ``tests/cases/stories/unspaced.json``.

By language twenty leads, each of a story of its own, and what may follow in any of them.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from monitor.scoring.boilerplate.model import Model
from monitor.scoring.text.text import Text
from monitor.scoring.verdict import BOILERPLATE

CASES: dict[str, dict[str, list[str]]] = json.loads(
    (Path(__file__).parents[2] / "cases/stories/unspaced.json").read_text("utf-8")
)
#: What ends a sentence, and what stands between two on one line.
STOPS = {"th": ("", " "), "lo": ("", " "), "km": ("។", " "), "my": ("။", " "), "zh": ("。", ""), "ja": ("。", "")}
MOST = 0.2


def stories(language: str) -> list[list[str]]:
    """Twenty stories of four or five sentences."""
    stop, _ = STOPS[language]
    leads, more = CASES[language]["leads"], CASES[language]["more"]
    return [
        [line.rstrip(stop) + stop for line in (lead, *(more[(i + k) % len(more)] for k in range(3 + i % 2)))]
        for i, lead in enumerate(leads)
    ]


def boilerplate(model: Model, text: Text) -> float:
    marked = np.array(model.probabilities(text)) >= BOILERPLATE
    return float(text.counts[marked].sum() / text.counts.sum())


@pytest.mark.parametrize("language", CASES)
@pytest.mark.parametrize("lines", ["several", "one"])
def test_no_story_is_boilerplate(language: str, lines: str) -> None:
    model = Model.load()
    assert len(stories(language)) == 20
    between = "\n" if lines == "several" else STOPS[language][1]
    shares = {story[0]: boilerplate(model, Text.read(between.join(story))) for story in stories(language)}
    assert {lead: share for lead, share in shares.items() if share > MOST} == {}
