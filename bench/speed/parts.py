"""What the parts of a verdict cost: each is timed where the scorer calls it."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from statistics import median
from typing import Any

from bench.speed.contestants import Page
from monitor.articles.article import Article
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.settings import Settings

#: Each part and the function that does it, as module and attributes. No part calls another.
PARTS = {
    "paragraphs": ("monitor.scoring.text.paragraphs", "split"),
    "characters and words": ("monitor.scoring.text.text", "_read"),
    "repetition": ("monitor.scoring.repetition.find", "find"),
    "boilerplate": ("monitor.scoring.boilerplate.model", "Model.probabilities"),
    "language": ("monitor.scoring.language", "Detector.detect"),
}
REST = "flags and the rest"


@contextmanager
def _timed(spent: dict[str, float]) -> Iterator[None]:
    """Add the CPU seconds of each part to ``spent`` while the block runs."""
    originals = []
    for part, (module, path) in PARTS.items():
        *owners, name = path.split(".")
        owner = functools.reduce(getattr, owners, import_module(module))
        originals.append((owner, name, getattr(owner, name)))
        setattr(owner, name, _counting(originals[-1][2], part, spent))
    try:
        yield
    finally:
        for owner, name, function in originals:
            setattr(owner, name, function)


def _counting(function: Callable[..., Any], part: str, spent: dict[str, float]) -> Callable[..., Any]:
    @functools.wraps(function)
    def timed(*arguments: Any, **named: Any) -> Any:
        before = time.process_time()
        try:
            return function(*arguments, **named)
        finally:
            spent[part] += time.process_time() - before

    return timed


def parts(pages: list[Page], rounds: int) -> dict[str, float]:
    """Milliseconds of CPU a page of each part: the medians of ``rounds`` passes over the pages."""
    scorer, now = Scorer(Model.load(), Settings().thresholds_for), datetime(2026, 1, 1, tzinfo=UTC)
    articles = [Article(id="page", text=page.text) for page in pages]
    found: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        spent = dict.fromkeys(PARTS, 0.0)
        before = time.process_time()
        with _timed(spent):
            for article in articles:
                scorer.score(article, now)
        total = time.process_time() - before
        if number:  # The first pass warms up.
            for part, seconds in (spent | {REST: total - sum(spent.values())}).items():
                found.setdefault(part, []).append(1000 * seconds / len(pages))
    return {part: median(each) for part, each in found.items()}
