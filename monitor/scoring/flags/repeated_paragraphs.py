"""repeated_paragraphs: a long paragraph that stands twice, outside of a repeated body."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.flags.mojibake import is_garbled
from monitor.scoring.flags.repeated_body import RepeatedBodyThresholds, repeated_body
from monitor.scoring.inspection import Inspection
from monitor.scoring.text.sentences import CLOSERS, QUESTION_MARKS, holds_sentence
from monitor.scoring.verdict import Flag

CODE = "repeated_paragraphs"
#: Pairs of paragraphs that a message names.
_NAMED = 3


def check(inspection: Inspection, thresholds: RepeatedBodyThresholds) -> Iterator[Flag]:
    """Yields repeated_paragraphs for the paragraphs that repeat earlier ones outside of a repeated body."""
    body = repeated_body(inspection, thresholds)
    in_body = set(body.paragraphs) if body else set()
    texts, similarity = inspection.texts, inspection.repetition.similarity
    pairs = [
        (i, earlier)
        for i, earlier in enumerate(inspection.repetition.repeats)
        if earlier is not None
        and i not in in_body
        and inspection.words[i] >= thresholds.repeated_paragraph_words
        and not _is_question(inspection, i)
        and (similarity[i] == 1.0 or holds_sentence(texts[i]) or holds_sentence(texts[earlier]))
    ]
    if not pairs or is_garbled(inspection):
        return
    named = ", ".join(f"{i + 1} repeats {earlier + 1}" for i, earlier in pairs[:_NAMED])
    others = f", and {len(pairs) - _NAMED} more" if len(pairs) > _NAMED else ""
    yield Flag(
        CODE,
        round(sum(len(texts[i]) for i, _ in pairs) / inspection.total_characters, 4),
        f"paragraph {named}{others}: {sum(inspection.words[i] for i, _ in pairs)} words stand twice",
    )


def _is_question(inspection: Inspection, i: int) -> bool:
    """Whether a paragraph is a question that another answer follows, as each of a questionnaire's does."""
    ends_as_question = inspection.texts[i].rstrip(CLOSERS)[-1:] in QUESTION_MARKS
    return ends_as_question and i + 1 < len(inspection.texts) and inspection.repetition.repeats[i + 1] is None


FLAG = FlagKind(
    code=CODE,
    bad=True,
    when="a paragraph of at least {repeated_paragraph_words} words repeats an earlier one, outside a repeated body",
    check=check,
    thresholds=RepeatedBodyThresholds,
)
