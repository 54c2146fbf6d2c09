"""boilerplate_heavy: a copy that is not mostly its story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.inspection import Inspection
from monitor.scoring.thresholds import Thresholds, share
from monitor.scoring.verdict import BOILERPLATE, Flag

CODE = "boilerplate_heavy"
#: Characters of a paragraph that a message shows.
_SHOWN = 60


@dataclass(frozen=True, kw_only=True)
class BoilerplateHeavyThresholds(Thresholds):
    """When boilerplate is too much of a copy."""

    boilerplate_heavy: float = share(
        0.40, "share of the words that are boilerplate", "from which a copy is boilerplate_heavy"
    )


def check(inspection: Inspection, thresholds: BoilerplateHeavyThresholds) -> Iterator[Flag]:
    """Yields boilerplate_heavy where the share of words that are boilerplate reaches the threshold."""
    ratio = inspection.boilerplate_ratio
    if ratio < thresholds.boilerplate_heavy or not inspection.boilerplate_words:
        return
    blocks = [i for i, probability in enumerate(inspection.boilerplate) if probability >= BOILERPLATE]
    longest = max(blocks, key=lambda i: inspection.words[i])
    yield Flag(
        CODE,
        round(ratio, 4),
        f"{inspection.boilerplate_words} of {inspection.total_words} words, in {len(blocks)} of "
        f"{len(inspection.texts)} paragraphs, are not part of the story; the longest is paragraph {longest + 1}: "
        f"“{_shortened(inspection.texts[longest])}”",
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"


FLAG = FlagKind(
    code=CODE,
    bad=True,
    when="boilerplate at {boilerplate_heavy:.2f} or above",
    check=check,
    thresholds=BoilerplateHeavyThresholds,
)
