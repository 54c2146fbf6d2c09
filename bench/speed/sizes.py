"""What a verdict costs as the article grows: in characters, and in paragraphs."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from random import Random
from statistics import median
from typing import NamedTuple

from bench.speed.contestants import Page
from monitor.articles.article import Article
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.settings import Settings

KILOBYTES = (1, 3, 10, 30, 100, 300, 1000)
PARAGRAPHS = (10, 30, 100, 300, 1000, 3000, 10_000)
#: Words of a paragraph where characters grow, and where paragraphs grow.
LONG, SHORT = 40, 8


class Size(NamedTuple):
    """What was scored, and the milliseconds of CPU it took in the median."""

    size: int
    milliseconds: float


def sizes(pages: list[Page], rounds: int, shorten: int = 1) -> tuple[list[Size], list[Size]]:
    """By kilobytes and by paragraphs; the texts are the pages' own words, drawn at random.

    ``shorten`` leaves the largest sizes out, so many but one.
    """
    vocabulary = [word for page in pages for word in page.text.split()]
    random = Random(1)
    scorer = Scorer(Model.load(), Settings().thresholds_for)
    now = datetime(2026, 1, 1, tzinfo=UTC)

    def measure(text: str) -> float:
        article, seconds = Article(id="size", text=text), []
        # What only a long article needs is loaded with the first.
        scorer.score(article, now)
        for _ in range(rounds):
            before = time.process_time()
            scorer.score(article, now)
            seconds.append(time.process_time() - before)
        return 1000 * median(seconds)

    by_size = []
    for kilobytes in KILOBYTES[: len(KILOBYTES) + 1 - shorten]:
        text = ""
        while len(text) < 1000 * kilobytes:
            text += _paragraph(vocabulary, LONG, random) + "\n"
        by_size.append(Size(kilobytes, measure(text[: 1000 * kilobytes])))
    by_paragraphs = []
    for count in PARAGRAPHS[: len(PARAGRAPHS) + 1 - shorten]:
        text = "\n".join(_paragraph(vocabulary, SHORT, random) for _ in range(count))
        by_paragraphs.append(Size(count, measure(text)))
    return by_size, by_paragraphs


def _paragraph(vocabulary: list[str], words: int, random: Random) -> str:
    return " ".join(random.choices(vocabulary, k=words)) + "."
