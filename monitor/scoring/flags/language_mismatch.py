"""language_mismatch: declared one language, written in another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.inspection import Inspection
from monitor.scoring.language import is_same_language, primary_code
from monitor.scoring.thresholds import Thresholds, share, whole_number
from monitor.scoring.verdict import Flag

CODE = "language_mismatch"
#: Languages so alike that a detector takes one for the other, beside those that are varieties of one.
_ALIKE = (
    frozenset({"no", "nb", "nn", "da", "sv"}),
    frozenset({"hr", "bs", "sr", "cnr", "sl", "mk", "bg"}),
    frozenset({"id", "ms", "jv", "su"}),
    frozenset({"pt", "gl", "es", "ca", "ast", "an", "oc"}),
    frozenset({"cs", "sk"}),
    frozenset({"ru", "uk", "be", "bg"}),
    frozenset({"hi", "mr", "ne", "sa", "bho"}),
    frozenset({"fa", "ps", "ur", "ku", "ckb"}),
    frozenset({"bn", "as"}),
    frozenset({"zh", "yue"}),
    frozenset({"he", "yi"}),
    frozenset({"fil", "ceb", "bik"}),
    frozenset({"nl", "af", "fy", "li"}),
    frozenset({"de", "lb", "nds"}),
    frozenset({"it", "co", "sc", "lmo", "vec", "scn"}),
    frozenset({"tr", "az"}),
    frozenset({"zu", "xh", "st", "tn", "nr"}),
    frozenset({"en", "sco"}),
    frozenset({"bo", "dz"}),
)


@dataclass(frozen=True, kw_only=True)
class LanguageMismatchThresholds(Thresholds):
    """When a language is detected surely enough to contradict the publisher."""

    language_words: int = whole_number(
        50, "words of a text", "below which a text is too short to tell its language, for language_mismatch", least=1
    )
    language_probability: float = share(
        0.95, "probability of the detected language", "from which it can contradict the declared one, language_mismatch"
    )


def check(inspection: Inspection, thresholds: LanguageMismatchThresholds) -> Iterator[Flag]:
    """Yields language_mismatch where the language detected is surely another than the declared one."""
    declared, detected = inspection.article.language, inspection.detected
    if not declared or detected is None or inspection.total_words < thresholds.language_words:
        return
    code = primary_code(declared)
    if code is None or detected.probability < thresholds.language_probability:
        return
    if is_same_language(code, detected.code):
        return
    if any(_is_among(code, group) and detected.code in group for group in _ALIKE):
        return
    yield Flag(
        CODE,
        round(detected.probability, 4),
        f"the publisher declares the language “{declared[:20]}”, but the text is written in “{detected.code}”",
    )


def _is_among(code: str, languages: frozenset[str]) -> bool:
    """Whether a declared code, of two or three letters, names one of some languages."""
    return any(is_same_language(code, language) for language in languages)


FLAG = FlagKind(
    code=CODE,
    bad=False,
    when="declared one language, written in another",
    check=check,
    thresholds=LanguageMismatchThresholds,
)
