"""What the cut takes away and leaves: ``python -m bench.cut DATA``, about ten minutes on a core.

Repeats are measured on bodies that are clean (what is cut of them is lost), and on the copies that repeat themselves
which :mod:`monitor.evaluation.damage` makes of them. Boilerplate is measured on the containers of pages, at several
thresholds. The model that ships was trained on most of these pages; with ``--keep FOLDER``, which :mod:`bench.train`
leaves behind, each page is judged by a model that has not seen its publisher.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np

from bench.documents import FOLDS, Document, fold_of, pages
from monitor.articles.article import Article
from monitor.evaluation.damage import REPEATING
from monitor.evaluation.judge import PARAGRAPHS, STRENGTHS, repeats_itself
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.cut import Clean, clean
from monitor.scoring.score import Scorer
from monitor.scoring.text.text import count_words
from monitor.scoring.verdict import Verdict

#: The probabilities that are tried.
CUTS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97)
#: Sets that are not of news, or whose stories hold comments and an extractor's errors.
NOT_NEWS = frozenset({"readability", "wcxb", "dragnet", "snacktory", "newspaper", "newspaper4k-tests"})
#: No paragraph is so surely boilerplate: repeats alone are cut.
NEVER = 2.0
AT = datetime(2026, 1, 1, tzinfo=UTC)

Score = Callable[[str], Verdict]


class Words(NamedTuple):
    """Words of one kind that there were, and that were cut."""

    there: float = 0.0
    cut: float = 0.0

    def __add__(self, other: object) -> Words:
        there, cut = other if isinstance(other, Words) else Words()
        return Words(self.there + there, self.cut + cut)


def words_of(cleaned: Clean, text: str, pieces: Iterable[tuple[int, int]]) -> Words:
    """The words in some pieces of a text, and of them those that were cut."""
    is_cut = np.zeros(len(text) + 1, np.bool_)
    for cut in cleaned.cut:
        is_cut[cut.start : cut.end] = True
    places = [(start, end) for start, end in pieces if start < end]
    counts = count_words([text[start:end] for start, end in places])
    shares = [float(is_cut[start:end].mean()) for start, end in places]
    return Words(float(sum(counts)), sum(count * share for count, share in zip(counts, shares, strict=True)))


def between(pieces: Iterable[tuple[int, int]], end: int) -> list[tuple[int, int]]:
    """What stands between some pieces, and before and behind them."""
    at, result = 0, []
    for start, stop in pieces:
        result.append((at, start))
        at = stop
    return [*result, (at, end)]


def repeats(body: str, name: str, score: Score) -> tuple[Words, Words, Words]:
    """Of a clean body its words; of copies of it that repeat themselves those that stand first, and those repeated."""
    once = words_of(clean(body, score(body).paragraphs, NEVER), body, [(0, len(body))])
    first, again = Words(), Words()
    for strength in STRENGTHS:
        random = Random(f"{name} {strength}")
        for make in REPEATING:
            copy = make(body, random, strength)
            if copy.repeated:
                cleaned = clean(copy.text, score(copy.text).paragraphs, NEVER)
                first += words_of(cleaned, copy.text, between(copy.repeated, len(copy.text)))
                again += words_of(cleaned, copy.text, copy.repeated)
    return once, first, again


class Container(NamedTuple):
    """One page's container, judged: where its lines stand, and which of them are surely story or boilerplate."""

    set: str
    text: str
    verdict: Verdict
    story: list[tuple[int, int]]
    boilerplate: list[tuple[int, int]]


def container(document: Document, score: Score) -> Container:
    """A page's container."""
    at = 0
    story: list[tuple[int, int]] = []
    boilerplate: list[tuple[int, int]] = []
    for line, content, sure in zip(document["container"], document["container_content"], document["sure"], strict=True):
        if sure:
            (story if content else boilerplate).append((at, at + len(line)))
        at += len(line) + 1
    text = "\n".join(document["container"])
    return Container(document["set"], text, score(text), story, boilerplate)


def scorers(keep: Path | None) -> list[Score]:
    """A scorer for each fold: of the model that ships, or of those that have not seen the fold."""
    models = [Model.load()] * FOLDS if keep is None else [unseen(keep, fold) for fold in range(FOLDS)]
    thresholds = flags.thresholds()
    made = [Scorer(model, lambda _: thresholds) for model in models]
    return [lambda text, scorer=scorer: scorer.score(Article(id="a", text=text), AT) for scorer in made]  # type: ignore[misc]


def unseen(keep: Path, fold: int) -> Model:
    """The model that a training kept without a fold, calibrated as the one that ships."""
    from bench.train import Training

    return Training([], keep).model(fold).calibrated_as(Model.load())


def share(words: Words) -> float:
    """How much of what was there was cut, 0 to 1."""
    return words.cut / max(words.there, 1)


def of_repeats(documents: list[Document], score: Score, sample: int) -> str:
    """A table of what is cut of clean bodies and of copies that repeat themselves."""
    rows = ["| set | bodies | clean: kept | copies: first kept | copies: repeats cut |", "|---|---|---|---|---|"]
    sums: dict[str, tuple[int, Words, Words, Words]] = {}
    taken: dict[str, int] = {}
    for document in documents:
        body, name = document["body"], document["set"]
        if repeats_itself(body) or body.count("\n") < PARAGRAPHS or taken.get(name, 0) >= sample:
            continue
        taken[name] = taken.get(name, 0) + 1
        measured = repeats(body, document["id"], score)
        for key in (name, "all"):
            number, *so_far = sums.get(key, (0, Words(), Words(), Words()))
            sums[key] = (number + 1, *(a + b for a, b in zip(so_far, measured, strict=True)))  # type: ignore[assignment]
    for name, (number, once, first, again) in sums.items():
        rows.append(f"| {name} | {number} | {1 - share(once):.4f} | {1 - share(first):.4f} | {share(again):.4f} |")
    return "\n".join(rows)


def of_boilerplate(containers: list[Container]) -> str:
    """A table of what is cut of containers as boilerplate, by the threshold."""
    rows = ["| threshold | precision | recall | story kept |", "|---|---|---|---|"]
    for at in CUTS:
        story, boilerplate = Words(), Words()
        for page in containers:
            cleaned = clean(page.text, page.verdict.paragraphs, at)
            mine = Clean(cleaned.text, tuple(cut for cut in cleaned.cut if cut.reason == "boilerplate"))
            story += words_of(mine, page.text, page.story)
            boilerplate += words_of(mine, page.text, page.boilerplate)
        precision = boilerplate.cut / max(boilerplate.cut + story.cut, 1)
        rows.append(f"| {at:g} | {precision:.4f} | {share(boilerplate):.4f} | {1 - share(story):.4f} |")
    return "\n".join(rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with the data")
    parser.add_argument("--keep", type=Path, help="folder that bench.train kept its models in")
    parser.add_argument("--sample", type=int, default=100, help="bodies of a set that copies are made of")
    arguments = parser.parse_args()
    documents: list[dict[str, Any]] = pages(arguments.data)
    score = scorers(arguments.keep)
    print(of_repeats(documents, score[0], arguments.sample), flush=True)
    judged = [container(document, score[fold_of(document)]) for document in documents if document["container"]]
    sets = tuple(dict.fromkeys(page.set for page in judged))
    news = [name for name in sets if name not in NOT_NEWS]
    for title, names in (("all", sets), ("news", news), *((name, [name]) for name in sets)):
        pages_of_sets = [page for page in judged if page.set in names]
        print(f"\n{title}: {len(pages_of_sets)} pages\n\n{of_boilerplate(pages_of_sets)}", flush=True)


if __name__ == "__main__":
    main()
