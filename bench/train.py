"""Trains the boilerplate model: ``python -m bench.train DATA``, about an hour on two cores shared with other work.

Reads the files that ``bench/documents.py`` names and ``reuters.jsonl.gz`` from the folder DATA, cross-validates over
publishers, prints the figures, then trains on everything and writes ``monitor/scoring/boilerplate/model.npz`` and the
figures in ``docs/boilerplate.md``. What is trained is kept in the folder ``--keep`` as it is done: a training that was
cut off goes on from there. After a change to the data or to this program, begin with an empty one.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import SGDClassifier

from bench import copies, network
from bench.documents import FOLDS, SET_WEIGHTS, WIRE, Document, fold_of, pages, trained_on, wire
from monitor.scoring.text import paragraphs
from monitor.scoring.boilerplate.features import describe
from monitor.scoring.boilerplate.model import Linear
from monitor.scoring.boilerplate.ngrams import BUCKET_BITS, ngrams, wording
from monitor.scoring.text.text import Text

ROOT = Path(__file__).resolve().parent.parent

#: What the copies of a kind weigh beside the pages they are made of, together; how many are made of a page, one of so
#: many; whether the linear model learns from them too.
PAGE = "page"
COPY_WEIGHTS = {
    PAGE: 1.0,
    "cropped": 0.5,
    "cropped again": 0.5,
    "buried": 0.1,
    "one line": 0.2,
    "relined": 0.2,
    "interrupted": 0.1,
    "noted": 0.1,
    "using formulas": 0.1,
    "in script": 0.12,
}
FOR_WORDING = (PAGE, "cropped", "noted", "interrupted")

#: What a boilerplate paragraph weighs against one of the story: F1 at 0.5 asks for more recall than
#: the likeliest answer gives.
POSITIVE = 1.5


class Article(NamedTuple):
    """A document or a copy of one, read: ``n`` paragraphs."""

    text: Text
    truth: NDArray[np.bool_]  # (n,): is boilerplate
    words: NDArray[np.int64]  # (n,)
    weights: NDArray[np.float64]  # (n,)
    set: str
    copy: str
    fold: int
    document: int


def variants(documents: list[Document]) -> Iterator[tuple[str, int, Document]]:
    """The pages, and the copies made of each, with the kind of copy and the number of the page."""
    random = np.random.default_rng(5)
    phrases, notices = copies.phrases(), copies.notices()
    headlines: dict[tuple[str, int], list[str]] = {}
    for document in documents:
        if document.get("title") and document["set"] != WIRE:
            headlines.setdefault((language_of(document), fold_of(document)), []).append(document["title"])
    for number, document in enumerate(documents):
        fold, language = fold_of(document), language_of(document)
        yield PAGE, number, document
        if document["set"] != WIRE:
            for kind in ("cropped", "cropped again"):
                if (kind == "cropped" or document["set"] != "wcxb") and (copy := copies.cropped(document, random)):
                    yield kind, number, copy
            if copy := copies.buried(document, random):
                yield "buried", number, copy
        if not document["container"]:
            continue
        if number % 2 or document["set"] != "wcxb":
            yield "one line", number, copies.one_line(document, paragraphs.split)
        yield "relined", number, copies.relined(document, random)
        # Each fold has phrases and notices of its own, so that none is learnt in one and judged in another.
        mine = {kind: copies.of_fold(listed.get(language, listed["en"]), fold) for kind, listed in phrases.items()}
        yield "interrupted", number, copies.interrupted(document, mine, headlines.get((language, fold), []), random)
        known = copies.of_fold(notices.get(language, notices["en"]), fold)
        if known:
            yield "noted", number, copies.noted(document, known, random)
        if number % 2 and (copy := copies.using_formulas(document, mine["notice"], random)):
            yield "using formulas", number, copy
        if number % 3 == 0:
            yield "in script", number, copies.in_script(document, random)


def language_of(document: Document) -> str:
    return document.get("language") or document.get("detected") or "en"


def gather(folder: Path) -> tuple[list[Document], list[Article]]:
    """All pages, and what is trained on: those that may be, wire stories, and copies of both, read and weighed."""
    documents = pages(folder)
    known = [document for document in documents if trained_on(document)] + wire(folder)
    articles = []
    for kind, number, copy in variants(known):
        text = Text.of_lines(copy["container"])
        words = text.counts.astype(np.int64)
        weights = np.sqrt(words + 1) * np.array(copy["sure"], np.float64)
        if "share" in copy:  # a piece that is half story, half not says little
            weights *= 2 * np.abs(np.array(copy["share"]) - 0.5)
        truth = ~np.array(copy["container_content"], bool)
        articles.append(Article(text, truth, words, weights, copy["set"], kind, fold_of(copy), number))
    sums: dict[tuple[str, str], float] = {}
    for article in articles:
        group = article.set, article.copy
        sums[group] = sums.get(group, 0) + float(article.weights.sum())
    for article in articles:
        article.weights[:] *= SET_WEIGHTS[article.set] * COPY_WEIGHTS[article.copy] / sums[article.set, article.copy]
    mean = sum(float(article.weights.sum()) for article in articles) / sum(len(article.truth) for article in articles)
    for article in articles:
        article.weights[:] /= mean
    return documents, articles


def counted(articles: list[Article]) -> sparse.csr_matrix:
    """The hashed n-grams of all paragraphs, a row each, by the root of their number."""
    buckets, begins, values, base = [], [np.zeros(1, np.int64)], [], 0
    for article in articles:
        grams = ngrams(article.text)
        buckets.append(grams.buckets)
        begins.append(grams.begins[1:] + base)
        base += len(grams.buckets)
        size = np.diff(grams.begins)
        values.append(np.repeat(1 / np.sqrt(np.maximum(size, 1)), size).astype(np.float32))
    rows = np.concatenate(begins)
    parts = (np.concatenate(values), np.concatenate(buckets), rows)
    return sparse.csr_matrix(parts, shape=(len(rows) - 1, 1 << BUCKET_BITS))


class Rows(NamedTuple):
    """What the linear model of wording learns from, a row a paragraph."""

    grams: sparse.csr_matrix
    truth: NDArray[np.bool_]
    weights: NDArray[np.float64]
    fold: NDArray[np.int64]

    @classmethod
    def of(cls, articles: list[Article]) -> Rows:
        """The rows of those articles whose copies the linear model learns from."""
        used = [article for article in articles if article.copy in FOR_WORDING]
        fold = np.repeat([article.fold for article in used], [len(article.truth) for article in used])
        truth = np.concatenate([article.truth for article in used])
        return cls(counted(used), truth, np.concatenate([article.weights for article in used]), fold)


def fit_linear(rows: Rows, held_back: tuple[int, ...]) -> Linear:
    """The linear model of wording, trained on all folds but those held back, its weights rounded to bytes."""
    mine = np.flatnonzero(~np.isin(rows.fold, held_back) & (rows.weights > 0))
    model = SGDClassifier(loss="log_loss", alpha=8e-6, average=True, max_iter=6, tol=None, random_state=1)
    weights = rows.weights[mine]
    model.fit(rows.grams[mine], rows.truth[mine], sample_weight=weights / weights.mean())
    scale = float(np.quantile(np.abs(model.coef_[0]), 0.9999)) / 127
    rounded = np.clip(np.rint(model.coef_[0] / scale), -127, 127).astype(np.int8)
    return Linear(rounded, scale, float(model.intercept_[0]))


def features_of(article: Article, linear: Linear) -> NDArray[np.float32]:
    """The features of an article's paragraphs, its wording judged by ``linear``."""
    grams = ngrams(article.text)
    return describe(article.text, *wording(linear.weights, linear.scale, linear.bias, *grams))
