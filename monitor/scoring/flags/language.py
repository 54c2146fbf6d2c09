"""Language: declared one language, written in another."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.scoring.inspection import Inspection
from monitor.scoring.verdict import Code, Flag
from monitor.settings import Thresholds

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


def check(inspection: Inspection, thresholds: Thresholds) -> Iterator[Flag]:
    """Yields language_mismatch where the language detected is surely another than the declared one."""
    declared, detected = inspection.article.language, inspection.detected
    if not declared or detected is None or inspection.total_words < thresholds.language_words:
        return
    code = declared.replace("_", "-").split("-")[0].strip().lower()
    if len(code) not in (2, 3) or code in ("und", "mul", "zxx", "mis") or detected.code == code:
        return
    if detected.probability < thresholds.language_probability:
        return
    if any(code in group and detected.code in group for group in _ALIKE):
        return
    yield Flag(
        Code.LANGUAGE_MISMATCH,
        round(detected.probability, 4),
        f"declared “{declared[:20]}”, written in “{detected.code}”",
    )
