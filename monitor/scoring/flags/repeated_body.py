"""repeated_body: a body, or a large part of it, that stands twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.flags.mojibake import is_garbled
from monitor.scoring.inspection import Inspection
from monitor.scoring.repetition.runs import Run, Span
from monitor.scoring.thresholds import Thresholds, share, whole_number
from monitor.scoring.verdict import Flag

CODE = "repeated_body"


@dataclass(frozen=True, kw_only=True)
class RepeatedBodyThresholds(Thresholds):
    """When a repeated run is a repeated body, and from which length a paragraph is no short line."""

    repeated_body_paragraphs: int = whole_number(
        3, "paragraphs in a run that repeats", "from which a run is a repeated_body", least=1
    )
    repeated_paragraph_words: int = whole_number(
        12,
        "words of a repeated paragraph",
        "from which its repetition counts for repeated_paragraphs, and a run that has one is no refrain",
        least=1,
    )
    repeated_short_lines_share: float = share(
        0.33,
        "share of the characters in a repeated run that has only short lines",
        "from which such a run is a repeated_body: a refrain stays below it, a body of short lines that stands twice "
        "reaches it",
    )


def check(inspection: Inspection, thresholds: RepeatedBodyThresholds) -> Iterator[Flag]:
    """Yields repeated_body for the longest run of paragraphs that repeats an earlier one."""
    run = repeated_body(inspection, thresholds)
    if run is None or is_garbled(inspection):
        return
    repeated = run.characters / inspection.total_characters
    yield Flag(
        CODE,
        round(repeated, 4),
        f"paragraphs {_numbers(run.later)} repeat {_numbers(run.earlier)}: "
        f"{repeated:.0%} of the text stands twice".replace("%", " %", 1),
    )


def repeated_body(inspection: Inspection, thresholds: RepeatedBodyThresholds) -> Run | None:
    """The longest repeated run where it is a body that stands twice; a refrain, whose lines are all short, is none."""
    run = inspection.repetition.run
    if run is None or run.length < thresholds.repeated_body_paragraphs:
        return None
    total = inspection.total_characters
    longest = max(inspection.words[i] for i in run.paragraphs)
    only_short_lines = longest < thresholds.repeated_paragraph_words and not _is_table(run, inspection)
    least = thresholds.repeated_body_share
    if only_short_lines:
        least = max(least, thresholds.repeated_short_lines_share)
    return run if run.characters >= least * total else None


def _is_table(run: Run, inspection: Inspection) -> bool:
    """Whether most of a run's lines have a figure: earnings and results do, a song has none."""
    have_figure = sum(any(map(str.isdigit, inspection.texts[i])) for i in run.paragraphs)
    return 2 * have_figure > len(run.paragraphs)


def _numbers(span: Span) -> str:
    """Paragraphs counted from 1, as a person counts them.

    >>> _numbers(Span(0, 12)), _numbers(Span(4, 4))
    ('1-13', '5')
    """
    return f"{span.first + 1}-{span.last + 1}" if span.last > span.first else f"{span.first + 1}"


FLAG = FlagKind(
    code=CODE,
    bad=True,
    when="a run of at least {repeated_body_paragraphs} paragraphs, and {repeated_body_share:.2f} of the characters, "
    "repeats an earlier run",
    check=check,
    thresholds=RepeatedBodyThresholds,
)
