"""The flags: one file each. A new one is a file and a line in :data:`FLAGS`; all else is made from that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, make_dataclass
from typing import Any

from monitor.scoring.flags import (
    boilerplate_heavy,
    language_mismatch,
    markup,
    mojibake,
    repeated_body,
    repeated_paragraphs,
    thin,
    truncated,
    withdrawn,
)
from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.thresholds import Thresholds

#: Every flag, in the order in which a verdict lists them.
FLAGS: tuple[FlagKind[Any], ...] = (
    repeated_body.FLAG,
    repeated_paragraphs.FLAG,
    boilerplate_heavy.FLAG,
    truncated.FLAG,
    mojibake.FLAG,
    markup.FLAG,
    thin.FLAG,
    withdrawn.FLAG,
    language_mismatch.FLAG,
)
#: Codes that stand in the records of copies (``copies/record.py``) and in no verdict: they are in its schema, and have
#: no series here.
PROMISED = ("copy", "stale", "headline_changed", "shortened")


def thresholds_class(kinds: Sequence[FlagKind[Any]]) -> type[Thresholds]:
    """One class with the thresholds of all these flags, an instance of which fits each of their checks."""
    own = dict.fromkeys(kind.thresholds for kind in kinds)
    # Python wants a class before those that it inherits from; fields then stand in the order of the flags.
    bases = sorted(own, key=lambda cls: len(cls.__mro__))[::-1]
    return make_dataclass("AllThresholds", (), bases=tuple(bases), frozen=True, kw_only=True)


#: The thresholds of every flag in one class; its fields are the settings.
AllThresholds = thresholds_class(FLAGS)
#: What is known of each threshold: its default, and under ``metadata`` its description and bounds.
THRESHOLDS = {threshold.name: threshold for threshold in fields(AllThresholds)}
#: The codes that may come in a verdict.
CODES = tuple(kind.code for kind in FLAGS)
#: Those of them that make a copy bad; the others inform.
BAD_CODES = frozenset(kind.code for kind in FLAGS if kind.bad)


def thresholds(**values: float) -> Thresholds:
    """Thresholds for every flag: those given, the rest at their defaults.

    Raises:
        TypeError: there is no such threshold.
        ValueError: a value is out of its bounds; the message names the threshold and its bounds.
    """
    return AllThresholds(**values)
