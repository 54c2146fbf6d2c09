"""The judge: verdicts beside the truth, as sums of one document each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from random import Random
from typing import NamedTuple

import numpy as np

from monitor.articles.article import Article
from monitor.evaluation import damage
from monitor.evaluation.damage import Damaged
from monitor.evaluation.documents import Document
from monitor.scoring import words
from monitor.scoring.inspection import BOILERPLATE
from monitor.scoring.verdict import Code, Verdict

Score = Callable[[Article], Verdict]
Row = tuple[float, ...]

#: How much of a body is damaged, 0 to 1; each copy is made at each.
STRENGTHS = (0.3, 0.6, 1.0)
#: Bins of the calibration, of equal width.
BINS = 10
#: Words of a line from which its own recurrence means that a body is not clean.
LINE_WORDS = 12
#: Paragraphs below which a body is too short to be damaged.
PARAGRAPHS = 4

REPEATED = frozenset({Code.REPEATED_BODY, Code.REPEATED_PARAGRAPHS})
DEFECTS = (Code.MOJIBAKE, Code.MARKUP, Code.TRUNCATED, Code.BOILERPLATE_HEAVY, Code.THIN)
#: Flags that a copy made for another defect may rightly carry: they are not judged on it.
MAY_CARRY = {
    Code.TRUNCATED: {Code.THIN},
    Code.THIN: {Code.TRUNCATED, Code.BOILERPLATE_HEAVY},
    Code.BOILERPLATE_HEAVY: {Code.MARKUP},
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
        tuple(words.counts([text[p.start : p.end] for p in verdict.paragraphs])),
        tuple(not content[line] for line in lines),
        tuple(p.boilerplate for p in verdict.paragraphs),
    )


def boilerplate(judged: Paragraphs) -> Row:
    """Words rightly called boilerplate, called, and there; the error of the ratio; 1; then the bins.

    A bin holds three sums: paragraphs, their probabilities, and how many are boilerplate.
    """
    count = np.array(judged.words, float)
    truth = np.array(judged.truth, bool)
    p = np.array(judged.probability, float)
    called = p >= BOILERPLATE
    total = max(count.sum(), 1)
    error = abs(count[called].sum() - count[truth].sum()) / total
    bins = np.minimum((p * BINS).astype(int), BINS - 1)
    sums = [np.bincount(bins, weights, BINS) for weights in (np.ones(len(p)), p, truth.astype(float))]
    return (
        float(count[called & truth].sum()),
        float(count[called].sum()),
        float(count[truth].sum()),
        float(error),
        1.0,
        *(float(x) for x in np.concatenate(sums)),
    )


def repeats_itself(body: str) -> bool:
    """Whether a line of twelve words or more stands twice, letter by letter: no clean body."""
    lines = Counter(line.strip() for line in body.split("\n") if len(line.split()) >= LINE_WORDS)
    return any(count > 1 for count in lines.values())


def repeated(verdict: Verdict, made: Damaged) -> Row:
    """Words rightly, wrongly and not called repeated; the error of the ratio of characters; found; 1."""
    right = wrong = missed = truth = total = 0
    seen: set[str] = set()
    texts = [made.text[p.start : p.end].strip() for p in verdict.paragraphs]
    for paragraph, text, count in zip(verdict.paragraphs, texts, words.counts(texts), strict=True):
        middle = (paragraph.start + paragraph.end) // 2
        is_repeated = text in seen or any(start <= middle < end for start, end in made.repeated)
        seen.add(text)
        found = paragraph.repeats is not None
        total += paragraph.end - paragraph.start
        truth += (paragraph.end - paragraph.start) * is_repeated
        right += count * (found and is_repeated)
        wrong += count * (found and not is_repeated)
        missed += count * (is_repeated and not found)
    error = abs(verdict.repetition - truth / max(total, 1))
    return right, wrong, missed, error, bool(codes(verdict) & REPEATED), 1


def codes(verdict: Verdict) -> frozenset[Code]:
    """The verdict's flags, without their evidence."""
    return frozenset(flag.code for flag in verdict.flags)


def false_alarms(verdict: Verdict, body: str, thin_words: int) -> dict[Code, Row]:
    """For each flag that a clean body may be judged on: whether it is raised, and 1.

    A body of fewer words than ``thin_words`` is thin, and one with a line of its own twice repeats itself.
    """
    left_out = set(REPEATED) if repeats_itself(body) else set()
    if verdict.words < thin_words:
        left_out.add(Code.THIN)
    found = codes(verdict)
    return {code: (float(code in found), 1.0) for code in (*REPEATED, *DEFECTS) if code not in left_out}


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
                sums[make.__name__] = _add(sums.get(make.__name__), row)
    return sums


def defects(document: Document, clean: Verdict, score: Score) -> dict[Code, Row]:
    """For each defect the copies rightly flagged, missed, wrongly flagged clean bodies and other copies.

    The clean body counts once a strength, so that there are as many clean as damaged copies.
    """
    sums: dict[Code, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    in_clean = codes(clean)
    for strength in STRENGTHS:
        random = Random(f"{document.id} {strength} defects")
        for defect, copy in _damaged(document, random, strength):
            article = Article(id="copy", text=copy.text, declared_words=copy.declared_words)
            found = codes(score(article))
            sums[defect][0] += defect in found
            sums[defect][1] += defect not in found
            sums[defect][2] += defect in in_clean
            for other in DEFECTS:
                if other is not defect and other not in MAY_CARRY.get(defect, ()):
                    sums[other][3] += other in found
    return {defect: tuple(row) for defect, row in sums.items()}


def _damaged(document: Document, random: Random, strength: float) -> list[tuple[Code, Damaged]]:
    body = document.body
    made = [
        (Code.TRUNCATED, damage.cut(body, random, strength)),
        (Code.MOJIBAKE, damage.decoded_wrongly(body, random, strength)),
        (Code.MARKUP, damage.marked_up(body, random, strength)),
        (Code.THIN, damage.stubbed(body, random, strength)),
        (Code.BOILERPLATE_HEAVY, damage.buried(body, list(document.waste), random, strength)),
    ]
    return [(code, copy) for code, copy in made if copy is not None and copy.text != body]


def _add(one: Row | None, other: Row) -> Row:
    return tuple(a + b for a, b in zip(one, other, strict=True)) if one else other
