"""What the boilerplate model reaches, as the tables of ``docs/boilerplate.md``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench import copies
from bench.documents import Document
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.flags.boilerplate_heavy import BoilerplateHeavyThresholds
from monitor.scoring.text.text import Text
from monitor.scoring.verdict import BOILERPLATE

BEGIN, END = "<!-- the figures of bench.train -->\n", "<!-- their end -->\n"

_CREDIT = r"©|\b(photo|foto|image|picture|credit|getty|afp|reuters|ap photo|pexels|shutterstock|bild|fotografía)\b"
_CALL = (
    r"subscri|newsletter|sign up|follow us|abonn|suscr|inscri|download|cookie|\bapp\b|donat|support us"
    r"|comment"
)
_BYLINE = r"^(by|von|por|par|di|av|written|reporting|editing|published|updated)\b|\d{1,2}[:.]\d\d|\bmin read\b"
_LINK = r"^(related|read (more|also|next)|see also|more:|watch|lire|lesen|leia|lee|also read)\b"


def kind(text: str, words: int) -> str:
    """The kind of a paragraph, by its wording and length: where the errors are counted."""
    lower = text.lower()
    if re.search(_CREDIT, lower[:2000]) and words < 80:
        return "captions and credits"
    if re.search(_CALL, lower[:2000]) and words < 80:
        return "calls: newsletters, comments, apps"
    if re.search(_LINK, lower):
        return "named links (Related: …)"
    if re.search(_BYLINE, lower[:200]) and words < 25:
        return "bylines and dates"
    if words >= 40:
        return "long paragraphs (40 words or more)"
    if text[-1:] in '.!?。”"’':
        return "sentences below 40 words (pull quotes, captions, teasers)"
    return "short lines without an end (headlines, links, list items)"


_EXPLAINED = (
    "Boilerplate is the positive class, weighted by words; cross-validated over publishers. Spoilt are articles of "
    "which more than a fifth of the words are story called boilerplate."
)

#: A language has a row of its own from so many articles.
ENOUGH = 20

#: The share of an article's words beyond which story called boilerplate spoils it.
SPOILT = 0.2


class Judged(NamedTuple):
    """One document's paragraphs: their words, how much of each is boilerplate, and the probability."""

    words: NDArray[np.float64]  # 0 where the label is not sure
    truth: NDArray[np.float64]  # 0 to 1
    probability: NDArray[np.float64]


class Figures(NamedTuple):
    """What is reached on some documents, boilerplate being the positive class, weighted by words."""

    articles: int
    precision: float
    recall: float
    f1: float
    ratio_error: float  # mean absolute error of an article's share of boilerplate
    nothing_error: float  # the same where nothing is called boilerplate
    spoilt: int  # articles of which more than SPOILT of the words are story called boilerplate


def judge(document: Document, model: Model) -> Judged:
    """What the model says of a document's container."""
    text = copies.read(document)
    share = np.array(document.get("share", document["container_content"]), np.float64)
    words = text.counts.astype(np.float64) * np.array(document["sure"], np.float64)
    return Judged(words, 1 - share, np.array(model.probabilities(text)))


def figures(judged: Iterable[Judged]) -> Figures:
    """The figures of some documents."""
    hit = called = there = 0.0
    errors, nothing, spoilt = [], [], 0
    for words, truth, probability in judged:
        marked = probability >= BOILERPLATE
        total = max(words.sum(), 1)
        hit += (words * truth)[marked].sum()
        called += words[marked].sum()
        there += (words * truth).sum()
        errors.append(abs((words * truth).sum() - words[marked].sum()) / total)
        nothing.append((words * truth).sum() / total)
        spoilt += (words * (1 - truth))[marked].sum() > SPOILT * total
    f1 = 2 * hit / max(called + there, 1)
    return Figures(
        len(errors),
        hit / max(called, 1),
        hit / max(there, 1),
        f1,
        float(np.mean(errors)),
        float(np.mean(nothing)),
        spoilt,
    )


HEAD = "| articles | precision | recall | F1 | ratio error | calling nothing: error | spoilt |"


def row(name: str, reached: Figures) -> str:
    """A row of a table under :data:`HEAD`."""
    return (
        f"| {name} | {reached.articles} | {reached.precision:.3f} | {reached.recall:.3f} | {reached.f1:.3f} "
        f"| {reached.ratio_error:.4f} | {reached.nothing_error:.4f} | {reached.spoilt} |"
    )


def table(documents: list[Document], judged: list[Judged], key: Callable[[Document], str], least: int = 1) -> str:
    """The figures by what ``key`` names, of which at least so many documents are there."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for document, judgement in zip(documents, judged, strict=True):
        groups[key(document)].append(judgement)
    rows = [f"| {HEAD}", "|---" * 8 + "|"]
    rows += [row(name, figures(group)) for name, group in groups.items() if len(group) >= least]
    return "\n".join([*rows, row("all", figures(judged))])


def _calibration(judged: list[Judged]) -> str:
    sure = np.concatenate([words > 0 for words, _, _ in judged])
    p = np.concatenate([probability for _, _, probability in judged])[sure]
    truth = np.concatenate([truth for _, truth, _ in judged])[sure]
    rows, gap = ["| probability | paragraphs | mean | boilerplate |", "|---|---|---|---|"], 0.0
    for low in np.arange(0, 1, 0.1):
        part = (p >= low) & (p < low + 0.1 + (low > 0.85))
        if part.any():
            mean, share = p[part].mean(), truth[part].mean()
            rows.append(f"| {low:.1f}-{low + 0.1:.1f} | {part.sum()} | {mean:.3f} | {share:.3f} |")
            gap += part.mean() * abs(mean - share)
    return "\n".join(rows) + f"\n\nExpected calibration error: {gap:.3f}"


def _errors(documents: list[Document], judged: list[Judged]) -> str:
    missed: dict[str, int] = defaultdict(int)
    wrong: dict[str, int] = defaultdict(int)
    hit: dict[str, int] = defaultdict(int)
    for document, judgement in zip(documents, judged, strict=True):
        for text, words, truth, p in zip(document["container"], *judgement, strict=True):
            if truth or p >= BOILERPLATE:
                counts = (hit if p >= BOILERPLATE else missed) if truth else wrong
                counts[kind(text, int(words))] += int(words)
    rows = ["| kind, by words | found | missed | story called boilerplate |", "|---|---|---|---|"]
    rows += [
        f"| {name} | {hit[name]} | {missed[name]} | {wrong[name]} |"
        for name in sorted({*missed, *wrong, *hit}, key=lambda name: -missed[name])
    ]
    return "\n".join(rows)


def ratio(model: Model, lines: list[str]) -> float:
    """The share of the words in paragraphs that are boilerplate to the model."""
    text = Text.of_lines(lines)
    marked = np.array(model.probabilities(text)) >= BOILERPLATE
    return float(text.counts[marked].sum() / max(text.counts.sum(), 1))


def _heavy(documents: list[Document], models: list[Model]) -> str:
    """Clean bodies, and the same with boilerplate of their own page added to over 40 % of the words."""
    limit = BoilerplateHeavyThresholds().boilerplate_heavy
    alarms = caught = damaged = 0
    random = np.random.default_rng(11)
    for document, model in zip(documents, models, strict=True):
        body = [line for line in document["body"].splitlines() if line.strip()]
        alarms += ratio(model, body) >= limit
        if copy := copies.buried(document, random):
            damaged += 1
            caught += ratio(model, copy["container"]) >= limit
    n = len(documents)
    return (
        f"Clean bodies called heavy: {alarms} of {n} ({alarms / n:.2%}). Bodies with lines of their own page "
        f"added to 46-67 % of the words: {caught} of {damaged} found ({caught / max(damaged, 1):.3f}); "
        f"precision over both: {caught / max(caught + alarms, 1):.3f}."
    )


def report(documents: list[Document], models: list[Model]) -> str:
    """The figures as Markdown; ``models`` holds for each document one that was trained without its publisher."""
    pairs = [pair for pair in zip(documents, models, strict=True) if pair[0]["container"]]
    documents, models = [document for document, _ in pairs], [model for _, model in pairs]
    judged = [judge(document, model) for document, model in pairs]
    joined = [copies.one_line(document) for document in documents]
    in_a_line = [judge(document, model) for document, model in zip(joined, models, strict=True)]
    return "\n\n".join(
        (
            "## Container copies, text alone, threshold 0.5",
            _EXPLAINED,
            table(documents, judged, lambda document: document["set"]),
            "By language, sets of any label together:",
            table(documents, judged, lambda document: document.get("language") or "not known", ENOUGH),
            "## The same with their line breaks lost",
            table(joined, in_a_line, lambda document: document["set"]),
            "## Calibration, by paragraphs",
            _calibration(judged),
            "## Errors by kind, in words",
            _errors(documents, judged),
            "## boilerplate_heavy",
            _heavy(documents, models),
        )
    )


def write(page: Path, figures: str, size: int) -> None:
    """Replace what stands between the marks of ``docs/boilerplate.md``; ``size`` is the model's in bytes."""
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    made = f"The model has {size:,} bytes.\n\n{figures}\n\n"
    page.write_text(before + BEGIN + made + END + after, "utf-8")
