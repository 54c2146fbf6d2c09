"""Fits and measures the evidence of a source's past: ``python -m bench.sources DATA MODELS [--write]``.

MODELS is the folder in which ``bench/train.py`` keeps its models: each page is judged by one that was trained without
its publisher.

Goes over real pages of real sources in order (``bench/source_streams.py``), and over streams made up of them, judging
each article by what the earlier ones taught. The weights of the evidence are fitted on four fifths of the sources and
judged on the rest; ``--write`` fits them on all and writes ``monitor/scoring/sources/evidence.npz``.
"""

from __future__ import annotations

import argparse
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench import weighing
from bench.documents import FOLDS as MODELS
from bench.source_streams import FEWEST, NOW, Copy, made_up, real
from bench.train import Training
from monitor.articles.article import Article
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.scoring.sources import evidence
from monitor.scoring.sources.sighting import Sighting
from monitor.scoring.sources.templates import SourceTemplates
from monitor.scoring.sources.weighing import Weights

Numbers = NDArray[np.float64]
#: The Scorer that judges a copy: one whose model was trained without the copy's publisher.
ScorerOf = Callable[[Copy], Scorer]

WEIGHTS = Path(__file__).parent.parent / "monitor" / "scoring" / "sources" / "evidence.npz"
FOLDS = 5
#: Articles of a source whose figures are its first ones.
FIRST = 5
#: How often a container counts beside a whole page, which has many more lines: it is what most feeds deliver.
CONTAINERS = 3
#: Every so many articles of the harder made-up stream one is fitted on as well.
MADE_UP_EACH = 8
#: A long article weighs no more than so many paragraphs.
LONGEST = 80


class Judged(NamedTuple):
    """One article of ``n`` paragraphs as its source's past showed it."""

    source: str
    number: int  # articles of the source before it
    evidence: Numbers  # (n, len(NAMES))
    model_odds: Numbers  # (n,)
    template: NDArray[np.bool_]
    truth: NDArray[np.bool_]
    words: Numbers
    sure: NDArray[np.bool_]


def walk(stream: Sequence[Copy], scorer_of: ScorerOf) -> list[Judged]:
    """Each article of a stream, in order, judged by those before it."""
    sources: dict[str, SourceTemplates] = defaultdict(SourceTemplates)
    numbers: dict[str, int] = defaultdict(int)
    judged = []
    for copy in stream:
        scored = scorer_of(copy).read(Article(id=copy.id, text=copy.text, source=copy.source), NOW)
        source = sources[copy.source].for_scoring()
        lines = _lines_of(copy, [paragraph.start for paragraph in scored.verdict.paragraphs])
        judged.append(
            Judged(
                copy.source,
                numbers[copy.source],
                evidence.gather(source, scored.marks, scored.model_odds),
                scored.model_odds,
                source.templates(scored.marks.written),
                np.array(copy.boilerplate)[lines],
                scored.marks.words.astype(float),
                np.array(copy.sure)[lines],
            )
        )
        sources[copy.source] = sources[copy.source].learn(Sighting.of_verdict(*scored[:4]))
        numbers[copy.source] += 1
    return judged


def _lines_of(copy: Copy, starts: Sequence[int]) -> NDArray[np.int64]:
    """The line in which each paragraph begins."""
    ends = np.cumsum([len(line) + 1 for line in copy.lines])
    return np.searchsorted(ends, starts, side="right")


def fit(judged: Sequence[Judged]) -> Weights:
    """The weights fitted to the articles whose source was known.

    Evidence for boilerplate gets no negative weight, and a new line among known ones no positive one.
    """
    known = [article for article in judged if article.evidence.any()]
    weights = np.concatenate(
        [np.sqrt(article.words + 1) * article.sure * min(1, LONGEST / max(len(article.words), 1)) for article in known]
    )
    rows = np.concatenate([article.evidence for article in known])
    given = weighing.Paragraphs(
        rows,
        evidence.is_known(rows),
        np.concatenate([article.truth for article in known]),
        np.concatenate([article.model_odds for article in known]),
        weights / weights.mean(),
    )
    return weighing.fit(given, np.array([-1 if name.startswith("new ") else 1 for name in evidence.PIECES]))


def log_odds(article: Judged, weights: Weights) -> Numbers:
    """By the model and by the source's past."""
    if not article.evidence.any():
        return article.model_odds
    return article.model_odds + weights.added(article.evidence, evidence.is_known(article.evidence))


def fold_of(source: str) -> int:
    """The fold of a source, for the weights."""
    return zlib.crc32(source.encode()) % FOLDS


def cross_fitted(streams: Sequence[Sequence[Judged]], fitted_on: Sequence[Judged]) -> list[list[Numbers]]:
    """The log-odds of each stream's articles by weights fitted without their source, on the rest of ``fitted_on``."""
    weights = [fit([article for article in fitted_on if fold_of(article.source) != fold]) for fold in range(FOLDS)]
    return [[log_odds(article, weights[fold_of(article.source)]) for article in stream] for stream in streams]


def figures(judged: Sequence[Judged], log_odds: Sequence[Numbers], numbers: range) -> str:
    """F1 of words, error of the ratio and words of stories called templates, of the articles with these numbers."""
    right = called = true = story = templates = 0.0
    errors = []
    for article, odds in zip(judged, log_odds, strict=True):
        if article.number not in numbers:
            continue
        is_called = odds >= 0
        words = article.words * article.sure
        right += words[is_called & article.truth].sum()
        called += words[is_called].sum()
        true += words[article.truth].sum()
        story += words[~article.truth].sum()
        templates += words[article.template & ~article.truth].sum()
        total = max(article.words.sum(), 1)
        errors.append(abs(article.words[is_called].sum() - article.words[article.truth].sum()) / total)
    return (
        f"F1 {2 * right / max(called + true, 1):.3f}, precision {right / max(called, 1):.3f}, recall "
        f"{right / max(true, 1):.3f}, error {np.mean(errors):.4f}, story words called template "
        f"{templates / max(story, 1):.2%}, {len(errors)} articles"
    )


def main() -> None:
    """Fit, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with pages-more-dev, copies-dev and wcxb-dev.jsonl.gz")
    parser.add_argument("models", type=Path, help="folder with the models of bench/train.py")
    parser.add_argument("--write", action="store_true", help="write the weights of monitor/scoring/sources")
    options = parser.parse_args()
    training, shipped = Training([], options.models), Model.load()
    scorers = [
        Scorer(training.model(fold).calibrated_as(shipped), lambda source: flags.thresholds()) for fold in range(MODELS)
    ]
    report(options.data, lambda copy: scorers[copy.fold], options.write)


def report(data: Path, scorer_of: ScorerOf, write: bool) -> None:
    """Print the figures of all streams, and write the weights where asked."""
    streams = {
        "real pages of real sources, containers": real(data, "container"),
        "real pages of real sources, whole pages": real(data, "page"),
        "made-up stream": made_up(data, hard=False),
        "harder made-up stream": made_up(data, hard=True),
    }
    judged = {name: walk(stream, scorer_of) for name, stream in streams.items()}
    is_real = [name for name in judged if name.startswith("real")]
    # Real pages of 2012 have hardly a name or date inside a template; a few articles that have them are added.
    containers, whole_pages = (judged[name] for name in is_real)
    fitted_on = [*CONTAINERS * containers, *whole_pages, *judged["harder made-up stream"][::MADE_UP_EACH]]
    informed = cross_fitted(list(judged.values()), fitted_on)
    for (name, articles), odds in zip(judged.items(), informed, strict=True):
        parts = {"after the third": range(FEWEST - 1, 1 << 30)}
        if name not in is_real:
            parts = {"second half": range(len(articles) // 80, 1 << 30), "first five": range(FIRST)}
        for part, numbers in parts.items():
            print(f"{name}, {part}")
            print("  model alone:", figures(articles, [article.model_odds for article in articles], numbers))
            print("  and its source's past:", figures(articles, odds, numbers), flush=True)
    if write:
        WEIGHTS.write_bytes(fit(fitted_on).to_bytes(evidence.NAMES))


if __name__ == "__main__":
    main()
