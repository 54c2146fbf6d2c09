"""The judge: verdicts beside the truth, as sums of one document each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import NamedTuple

import numpy as np

from monitor.articles.article import Article
from monitor.evaluation import damage
from monitor.evaluation.damage import Damaged
from monitor.evaluation.documents import Document
from monitor.scoring.flags import (
    boilerplate_heavy,
    markup,
    mojibake,
    repeated_body,
    repeated_paragraphs,
    thin,
    truncated,
)
from monitor.scoring.text.text import count_words
from monitor.scoring.verdict import BOILERPLATE, Verdict

Score = Callable[[Article], Verdict]
#: Sums of one document, each under its name.
Row = dict[str, float]

#: How much of a body is damaged, 0 to 1; each copy is made at each.
STRENGTHS = (0.3, 0.6, 1.0)
#: Bins of the calibration, of equal width.
BINS = 10
#: Words of a line from which its own recurrence means that a body is not clean.
LINE_WORDS = 12
#: Paragraphs below which a body is too short to be damaged.
PARAGRAPHS = 4

#: Codes of the flags that are judged on copies that repeat themselves, and on copies with another defect.
REPEATED = frozenset({repeated_body.CODE, repeated_paragraphs.CODE})
DEFECTS = (mojibake.CODE, markup.CODE, truncated.CODE, boilerplate_heavy.CODE, thin.CODE)
#: Flags that a copy made for another defect may rightly carry: they are not judged on it.
MAY_CARRY = {
    truncated.CODE: {thin.CODE},
    thin.CODE: {truncated.CODE, boilerplate_heavy.CODE},
    boilerplate_heavy.CODE: {markup.CODE},
}


class Paragraphs(NamedTuple):
    """A container's paragraphs: the words of each, whether it is boilerplate, and the probability given."""

    words: tuple[int, ...]
    truth: tuple[bool, ...]
    probability: tuple[float, ...]


def paragraphs(verdict: Verdict, container: tuple[str, ...], content: tuple[bool, ...]) -> Paragraphs:
    """The verdict's paragraphs of a container's lines joined by newlines, each with its line's label."""
    ends = np.cumsum([len(line) + 1 for line in container])
    lines = np.searchsorted(ends, [p.start for p in verdict.paragraphs], side="right")
    text = "\n".join(container)
    return Paragraphs(
        tuple(count_words([text[p.start : p.end] for p in verdict.paragraphs])),
        tuple(not content[line] for line in lines),
        tuple(p.boilerplate for p in verdict.paragraphs),
    )


def boilerplate(judged: Paragraphs) -> Row:
    """Words rightly called boilerplate, called so and truly so; the error of the ratio; and by bin of probability
    the paragraphs, the sum of their probabilities and how many are boilerplate.
    """
    count = np.array(judged.words, float)
    truth = np.array(judged.truth, bool)
    p = np.array(judged.probability, float)
    called = p >= BOILERPLATE
    total = max(count.sum(), 1)
    error = abs(count[called].sum() - count[truth].sum()) / total
    bins = np.minimum((p * BINS).astype(int), BINS - 1)
    row = {
        "right": float(count[called & truth].sum()),
        "called": float(count[called].sum()),
        "true": float(count[truth].sum()),
        "error": float(error),
        "documents": 1.0,
    }
    for name, weights in (("paragraphs", np.ones(len(p))), ("probability", p), ("boilerplate", truth.astype(float))):
        for i, value in enumerate(np.bincount(bins, weights, BINS)):
            row[bin_name(name, i)] = float(value)
    return row


def bin_name(name: str, number: int) -> str:
    """The name under which a bin's paragraphs, probability or boilerplate is summed."""
    return f"{name} in bin {number}"


def repeats_itself(body: str) -> bool:
    """Whether a line of twelve words or more stands twice, letter by letter: no clean body."""
    lines = Counter(line.strip() for line in body.split("\n") if len(line.split()) >= LINE_WORDS)
    return any(count > 1 for count in lines.values())


def repeated(verdict: Verdict, copy: Damaged) -> Row:
    """Words rightly, wrongly and not called repeated; the error of the ratio of characters; whether it is flagged."""
    right = wrong = missed = truth = total = 0
    seen: set[str] = set()
    texts = [copy.text[p.start : p.end].strip() for p in verdict.paragraphs]
    for paragraph, text, count in zip(verdict.paragraphs, texts, count_words(texts), strict=True):
        middle = (paragraph.start + paragraph.end) // 2
        is_repeated = text in seen or any(start <= middle < end for start, end in copy.repeated)
        seen.add(text)
        called = paragraph.repeats is not None
        total += paragraph.end - paragraph.start
        truth += (paragraph.end - paragraph.start) * is_repeated
        right += count * (called and is_repeated)
        wrong += count * (called and not is_repeated)
        missed += count * (is_repeated and not called)
    error = abs(verdict.repetition - truth / max(total, 1))
    return {
        "right": right,
        "wrong": wrong,
        "missed": missed,
        "error": error,
        "flagged": float(bool(codes(verdict) & REPEATED)),
        "documents": 1.0,
    }


def codes(verdict: Verdict) -> frozenset[str]:
    """The verdict's flags, without their evidence."""
    return frozenset(flag.code for flag in verdict.flags)


def false_alarms(verdict: Verdict, body: str, thin_words: float) -> dict[str, Row]:
    """For each flag that a clean body may be judged on: whether it is raised.

    A body of fewer words than ``thin_words`` is thin, and one with a line of its own twice repeats itself.
    """
    left_out = set(REPEATED) if repeats_itself(body) else set()
    if verdict.words < thin_words:
        left_out.add(thin.CODE)
    raised = codes(verdict)
    return {
        code: {"flagged": float(code in raised), "documents": 1.0}
        for code in (*REPEATED, *DEFECTS)
        if code not in left_out
    }


def repetition(document: Document, score: Score) -> dict[str, Row]:
    """Sums of :func:`repeated` for each maker of repeating copies, over the strengths; none where not clean."""
    sums: dict[str, Row] = {}
    if repeats_itself(document.body) or "\n" not in document.body:
        return sums
    for strength in STRENGTHS:
        random = Random(f"{document.id} {strength}")
        for make in damage.REPEATING:
            copy = make(document.body, random, strength)
            if copy.repeated:
                row = repeated(score(Article(id="copy", text=copy.text)), copy)
                sums[make.__name__] = added(sums.get(make.__name__, {}), row)
    return sums


def defects(document: Document, clean: Verdict, score: Score) -> dict[str, Row]:
    """For each defect the copies rightly flagged, missed, wrongly flagged clean bodies and other copies.

    The clean body counts once a strength, so that there are as many clean as damaged copies.
    """
    sums: dict[str, Row] = {}
    in_clean = codes(clean)
    for strength in STRENGTHS:
        random = Random(f"{document.id} {strength} defects")
        for defect, copy in _damaged(document, random, strength):
            article = Article(id="copy", text=copy.text, declared_words=copy.declared_words)
            raised = codes(score(article))
            row = {
                "right": float(defect in raised),
                "missed": float(defect not in raised),
                "wrong on clean bodies": float(defect in in_clean),
                "wrong on other copies": 0.0,
            }
            sums[defect] = added(sums.get(defect, {}), row)
            for other in DEFECTS:
                if other != defect and other not in MAY_CARRY.get(defect, ()):
                    wrong = {**dict.fromkeys(row, 0.0), "wrong on other copies": float(other in raised)}
                    sums[other] = added(sums.get(other, {}), wrong)
    return sums


def _damaged(document: Document, random: Random, strength: float) -> list[tuple[str, Damaged]]:
    body = document.body
    copies = [
        (truncated.CODE, damage.cut(body, random, strength)),
        (mojibake.CODE, damage.decoded_wrongly(body, random, strength)),
        (markup.CODE, damage.marked_up(body, random, strength)),
        (thin.CODE, damage.stubbed(body, random, strength)),
        (boilerplate_heavy.CODE, damage.buried(body, list(document.waste), random, strength)),
    ]
    return [(code, copy) for code, copy in copies if copy is not None and copy.text != body]


def added(*rows: Row) -> Row:
    """The sums of several rows, name by name; a name that a row lacks counts as 0 there."""
    return {name: sum(row.get(name, 0.0) for row in rows) for row in rows for name in row}
