"""Judgements: what a person says of articles, beside what the verdict says.

A judgement is an article as ``monitor score`` reads it, one a line of JSON, with one more field: ``expected``, the
codes of the flags that it should have, all of them; or ``good``, whether it should have no flag that makes a copy bad.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from monitor.evaluation.documents import Unusable
from monitor.evaluation.judge import Row
from monitor.scoring.flags import BAD_CODES, CODES
from monitor.scoring.verdict import Verdict

#: The subject of whether a copy is bad at all.
ANY = "judgements: bad"
#: Codes of the flags that only inform: a good copy may have them.
_INFORM = frozenset(CODES) - BAD_CODES


class Judgement(NamedTuple):
    """What a person said: the codes that an article should have, None where it is only said whether it is good."""

    expected: frozenset[str] | None
    good: bool


class _Row(msgspec.Struct):
    expected: list[str] | None = None
    good: bool | None = None


def read_judgement(line: bytes) -> Judgement | None:
    """The judgement in a line of JSON; None where it has none.

    Raises:
        Unusable: ``expected`` is no list of codes, or ``good`` is neither true nor false; the message says which.
    """
    if b'"expected"' not in line and b'"good"' not in line:
        return None
    try:
        row = msgspec.json.decode(line, type=_Row)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unusable(f"not a judgement: {error}") from error
    if row.expected is None:
        return None if row.good is None else Judgement(frozenset() if row.good else None, row.good)
    if unknown := sorted(set(row.expected) - set(CODES)):
        raise Unusable(f"expected names {unknown[0]!r}, which is no flag; there are {', '.join(CODES)}")
    expected = frozenset(row.expected)
    return Judgement(expected, not expected - _INFORM)


def agreement(judgement: Judgement, verdict: Verdict) -> dict[str, Row]:
    """Whether the verdict is right, by subject: whether the copy is bad, and each code that either of them names."""
    rows = {ANY: _row(not judgement.good, verdict.bad)}
    if judgement.expected is not None:
        raised = {str(flag.code) for flag in verdict.flags}
        # Who says only that a copy is good says nothing of flags that inform.
        raised -= _INFORM - judgement.expected if not judgement.expected else frozenset()
        for code in judgement.expected | raised:
            rows[f"judgements: {code}"] = _row(code in judgement.expected, code in raised)
    return rows


def _row(should: bool, does: bool) -> Row:
    return {"right": float(should and does), "wrong": float(does and not should), "missed": float(should and not does)}
