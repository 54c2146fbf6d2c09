"""repeated_paragraphs: a long paragraph that stands twice, outside of a repeated body."""

from __future__ import annotations

from collections import Counter
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
#: Times from which a line that stands between paragraphs that do not repeat is one that recurs on purpose, as a note, a
#: rating or a call to share does, and the words that it has at most, twice as many where a character counts as a word:
#: what is delivered twice stands twice.
_RECURS, _RECURRING_WORDS, _CHARACTERS = 3, 30, 2


def check(inspection: Inspection, thresholds: RepeatedBodyThresholds) -> Iterator[Flag]:
    """Yields repeated_paragraphs for the paragraphs that repeat earlier ones outside of a repeated body."""
    if not inspection.repetition.ratio:
        return
    body = repeated_body(inspection, thresholds)
    in_body = set(body.paragraphs) if body else set()
    texts, similarity = inspection.texts, inspection.repetition.similarity
    times = Counter(inspection.repetition.repeats)
    pairs = [
        (i, earlier)
        for i, earlier in enumerate(inspection.repetition.repeats)
        if earlier is not None
        and i not in in_body
        and inspection.words[i] >= thresholds.repeated_paragraph_words
        and not _is_question(inspection, i)
        and not (times[earlier] + 1 >= _RECURS and _is_recurring_line(inspection, i, earlier))
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


def _is_recurring_line(inspection: Inspection, i: int, earlier: int) -> bool:
    """Whether a repeated paragraph is a line between paragraphs of which none repeats another, or itself."""
    repeats = inspection.repetition.repeats
    beside = [j for j in (i - 1, i + 1) if 0 <= j < len(repeats)]
    most = _RECURRING_WORDS * (_CHARACTERS if inspection.text.has_unspaced else 1)
    return inspection.words[i] <= most and all(repeats[j] is None and j != earlier for j in beside)


def _is_question(inspection: Inspection, i: int) -> bool:
    """Whether a paragraph is a question that another answer follows, as each of a questionnaire's does."""
    ends_as_question = inspection.texts[i].rstrip(CLOSERS)[-1:] in QUESTION_MARKS
    return ends_as_question and i + 1 < len(inspection.texts) and inspection.repetition.repeats[i + 1] is None


FLAG = FlagKind(
    code=CODE,
    bad=True,
    when="a paragraph of at least {repeated_paragraph_words} words repeats an earlier one, outside a repeated body; a "
    "short line that recurs between paragraphs that do not is none",
    check=check,
    thresholds=RepeatedBodyThresholds,
)
