"""What the boilerplate model reaches, as the tables of ``docs/boilerplate.md``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench import copies
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.boilerplate.reading import read
from monitor.scoring.flags.boilerplate_heavy import BoilerplateHeavyThresholds
from monitor.scoring.language import Detector

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


class Judged(NamedTuple):
    """One document's paragraphs: their words, the truth and the probability."""

    name: str
    words: NDArray[np.int64]
    truth: NDArray[np.bool_]
    probability: NDArray[np.float64]


def ratio(model: Model, texts: list[str]) -> float:
    """The share of the words in paragraphs at 0.5 or above."""
    words = read(texts).words
    return float(words[np.array(model.probabilities(texts)) >= 0.5].sum() / max(words.sum(), 1))


def _figures(judged: list[Judged]) -> str:
    rows = [
        "| set | articles | precision | recall | F1 | ratio MAE | calling nothing: MAE |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in dict.fromkeys(one.name for one in judged):
        mine = [one for one in judged if one.name == name]
        hit = sum(int(one.words[one.truth & (one.probability >= 0.5)].sum()) for one in mine)
        called = sum(int(one.words[one.probability >= 0.5].sum()) for one in mine)
        there = sum(int(one.words[one.truth].sum()) for one in mine)
        totals = [max(int(one.words.sum()), 1) for one in mine]
        shares = [one.words[one.truth].sum() / total for one, total in zip(mine, totals, strict=True)]
        guesses = [one.words[one.probability >= 0.5].sum() / total for one, total in zip(mine, totals, strict=True)]
        error = float(np.mean(np.abs(np.array(shares) - np.array(guesses))))
        f1 = 2 * hit / max(called + there, 1)
        rows.append(
            f"| {name} | {len(mine)} | {hit / max(called, 1):.3f} | {hit / max(there, 1):.3f} | {f1:.3f} "
            f"| {error:.4f} | {np.mean(shares):.4f} |"
        )
    return "\n".join(rows)


def _calibration(judged: list[Judged]) -> str:
    p = np.concatenate([one.probability for one in judged])
    truth = np.concatenate([one.truth for one in judged])
    rows, gap = ["| probability | paragraphs | mean | boilerplate |", "|---|---|---|---|"], 0.0
    for low in np.arange(0, 1, 0.1):
        part = (p >= low) & (p < low + 0.1 + (low > 0.85))
        if part.any():
            mean, share = p[part].mean(), truth[part].mean()
            rows.append(f"| {low:.1f}-{low + 0.1:.1f} | {part.sum()} | {mean:.3f} | {share:.3f} |")
            gap += part.mean() * abs(mean - share)
    return "\n".join(rows) + f"\n\nExpected calibration error: {gap:.3f}"


def _errors(documents: list[dict[str, Any]], judged: list[Judged]) -> str:
    missed: dict[str, int] = {}
    wrong: dict[str, int] = {}
    found: dict[str, int] = {}
    for document, one in zip(documents, judged, strict=True):
        for text, words, truth, p in zip(document["container"], *one[1:], strict=True):
            if truth or p >= 0.5:
                table = (found if p >= 0.5 else missed) if truth else wrong
                of = kind(text, int(words))
                table[of] = table.get(of, 0) + int(words)
    rows = ["| kind, by words | found | missed | story called boilerplate |", "|---|---|---|---|"]
    rows += [
        f"| {of} | {found.get(of, 0)} | {missed.get(of, 0)} | {wrong.get(of, 0)} |"
        for of in sorted({*missed, *wrong, *found}, key=lambda of: -missed.get(of, 0))
    ]
    return "\n".join(rows)


def _heavy(documents: list[dict[str, Any]], models: list[Model]) -> str:
    """Clean bodies, and the same with boilerplate of their own page added to over 40 % of the words."""
    limit = BoilerplateHeavyThresholds().boilerplate_heavy
    alarms = caught = damaged = 0
    rng = np.random.default_rng(11)
    for document, model in zip(documents, models, strict=True):
        body = [line for line in document["body"].splitlines() if line.strip()]
        alarms += ratio(model, body) >= limit
        if copy := copies.buried(document, rng):
            damaged += 1
            caught += ratio(model, copy["container"]) >= limit
    n = len(documents)
    return (
        f"Clean bodies called heavy: {alarms} of {n} ({alarms / n:.2%}). Bodies with lines of their own page "
        f"added to 46-67 % of the words: {caught} of {damaged} found ({caught / max(damaged, 1):.3f}); "
        f"precision over both: {caught / max(caught + alarms, 1):.3f}."
    )


def _notices(documents: list[dict[str, Any]], models: list[Model]) -> str:
    """What is found of notices that were made up, put into the containers in their language, by words."""
    known, detector, rng = copies.notices(), Detector.load(), np.random.default_rng(12)
    found = there = 0
    for document, model in zip(documents, models, strict=True):
        detected = detector.detect(document["container"])
        copy = copies.noted(document, known.get(detected.code if detected else "en", known["en"]), rng)
        words = read(copy["container"]).words * np.array(copy["notices"])
        there += int(words.sum())
        found += int(words[np.array(model.probabilities(copy["container"])) >= 0.5].sum())
    return f"Of {there} words in notices put into the containers {found / max(there, 1):.1%} are found."


def report(documents: list[dict[str, Any]], models: list[Model]) -> str:
    """The figures as Markdown; ``models`` holds for each document one that was trained without it."""
    judged = []
    for document, model in zip(documents, models, strict=True):
        probability = np.array(model.probabilities(document["container"]))
        truth = ~np.array(document["container_content"], bool)
        judged.append(Judged(document["set"], read(document["container"]).words, truth, probability))
    return "\n\n".join(
        (
            "## Container copies, text alone, threshold 0.5",
            "Boilerplate is the positive class, weighted by words; cross-validated over publishers.",
            _figures(judged),
            "## Calibration, by paragraphs",
            _calibration(judged),
            "## Errors by kind, in words",
            _errors(documents, judged),
            "## Disclaimers, consent, calls to subscribe",
            _notices(documents, models),
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
