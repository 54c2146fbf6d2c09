"""thin: a copy with hardly a story in it, among them the stubs before a paywall."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

import msgspec

from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.inspection import Inspection
from monitor.scoring.thresholds import Thresholds, whole_number
from monitor.scoring.verdict import Flag

CODE = "thin"

#: What publishers write before a paywall: regular expressions by language.
_PHRASES = msgspec.json.decode(
    resources.files("monitor.scoring.flags").joinpath("paywall.json").read_bytes(), type=dict[str, list[str]]
)
_PAYWALL = re.compile("|".join(phrase for phrases in _PHRASES.values() for phrase in phrases), re.IGNORECASE)
#: Characters of a paragraph in which they are looked for: what announces a paywall is short.
_LOOKED_AT = 2_000


@dataclass(frozen=True, kw_only=True)
class ThinThresholds(Thresholds):
    """How little story makes a copy thin."""

    thin_words: int = whole_number(50, "words that are not boilerplate", "below which a copy is thin")
    paywall_words: int = whole_number(
        150,
        "words that are not boilerplate",
        "below which a copy declared not free is thin where it has a paywall's phrase",
    )


def check(inspection: Inspection, thresholds: ThinThresholds) -> Iterator[Flag]:
    """Yields thin where fewer words than the threshold are part of the story."""
    words = inspection.total_words - inspection.boilerplate_words
    limit = thresholds.thin_words
    closed = inspection.article.free is False
    if words >= limit and (not closed or words >= thresholds.paywall_words):
        return
    paywall = _paywall_notice(inspection)
    if words >= limit and paywall is None:
        return
    if paywall is None and closed and words:
        paywall = "the publisher declares the article not free"
    count = "no word is" if words == 0 else "only 1 word is" if words == 1 else f"only {words} words are"
    story = f"{count} part of the story"
    if words < limit:
        story += f", fewer than {limit}"
    yield Flag(
        CODE,
        round(1 - words / max(limit, words + 1), 4),
        f"{story}: the stub before a paywall, since {paywall}" if paywall else story,
    )


def _paywall_notice(inspection: Inspection) -> str | None:
    """What in the text says that the rest stands behind a paywall, or None."""
    for i, text in enumerate(inspection.texts):
        if phrase := paywall_phrase(text):
            return f"paragraph {i + 1} says “{phrase}”"
    return None


def paywall_phrase(text: str) -> str | None:
    """The phrase of a paragraph that announces a paywall, or None.

    >>> paywall_phrase("Already a subscriber? Sign in to continue.")
    'Already a subscriber'
    >>> paywall_phrase("Jetzt weiterlesen mit dem Probeabo.")
    'Jetzt weiterlesen'
    >>> paywall_phrase("The number of subscribers rose for the third year.")
    """
    match = _PAYWALL.search(text, 0, _LOOKED_AT)
    return match.group() if match else None


FLAG = FlagKind(
    code=CODE,
    bad=True,
    when="fewer than {thin_words} words that are not boilerplate, or a stub before a paywall",
    check=check,
    thresholds=ThinThresholds,
)
