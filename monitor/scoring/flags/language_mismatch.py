"""language_mismatch: declared one language, written in another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.inspection import Inspection
from monitor.scoring.thresholds import Thresholds, share, whole_number
from monitor.scoring.verdict import Flag

CODE = "language_mismatch"
#: Languages so alike that a detector takes one for the other, and codes for the same one.
_ALIKE = (
    frozenset({"no", "nb", "nn", "da", "sv"}),
    frozenset({"hr", "bs", "sr", "sh", "srl", "me", "cnr", "sl", "mk", "bg"}),
    frozenset({"id", "ms", "jv", "su"}),
    frozenset({"pt", "gl", "es", "ca", "ast", "an", "oc"}),
    frozenset({"cs", "sk"}),
    frozenset({"ru", "uk", "be", "bg"}),
    frozenset({"hi", "mr", "ne", "sa", "bh"}),
    frozenset({"fa", "ps", "ur", "ku", "ckb", "prs"}),
    frozenset({"ar", "arz", "ary"}),
    frozenset({"bn", "as"}),
    frozenset({"zh", "yue", "wuu", "cmn"}),
    frozenset({"he", "iw", "yi"}),
    frozenset({"tl", "fil", "ceb"}),
    frozenset({"nl", "af", "fy", "li"}),
    frozenset({"de", "lb", "gsw", "nds"}),
    frozenset({"it", "co", "sc", "lmo", "vec", "scn"}),
    frozenset({"tr", "az"}),
    frozenset({"zu", "xh", "st", "tn", "nr"}),
    frozenset({"ro", "mo"}),
    frozenset({"en", "sco"}),
)
#: ISO 639's codes for no language that could be checked.
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})


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
    if code is None or detected.code == code or detected.probability < thresholds.language_probability:
        return
    if any(code in group and detected.code in group for group in _ALIKE):
        return
    yield Flag(
        CODE,
        round(detected.probability, 4),
        f"the publisher declares the language “{declared[:20]}”, but the text is written in “{detected.code}”",
    )


def primary_code(declared: str) -> str | None:
    """The language of a declared tag (BCP 47), or None where it names none.

    >>> primary_code("pt-BR"), primary_code("EN_us"), primary_code("und"), primary_code("English")
    ('pt', 'en', None, None)
    """
    code = declared.replace("_", "-").split("-")[0].strip().lower()
    return code if len(code) in (2, 3) and code not in _NO_LANGUAGE else None


FLAG = FlagKind(
    code=CODE,
    bad=False,
    when="declared one language, written in another",
    check=check,
    thresholds=LanguageMismatchThresholds,
)
