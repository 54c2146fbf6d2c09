"""Thresholds: numbers that can be set for all sources and for one, each with its unit, its bounds and its reason.

A flag's thresholds stand in the flag's own file; those that finding repetition takes stand here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple


class Bounds(NamedTuple):
    """What a threshold may be: at least ``least`` (above it where ``above``), at most ``most``, ``integral`` or not."""

    least: float
    most: float
    above: bool
    integral: bool

    def error(self, value: object) -> str | None:
        """What is wrong with a value, as the end of a sentence; None where it is allowed."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return "must be a number"
        if self.integral and value != int(value):
            return "must be a whole number"
        if value < self.least or (self.above and value == self.least):
            return f"must be {'above' if self.above else 'at least'} {self.least:g}"
        return f"must be at most {self.most:g}" if value > self.most else None


def whole_number(default: int, unit: str, reason: str, *, least: int = 0) -> Any:
    """A threshold that counts: the field of a :class:`Thresholds`, with its default, its unit and the reason for it."""
    return field(
        default=default, metadata={"description": f"{unit}, {reason}", "bounds": Bounds(least, math.inf, False, True)}
    )


def share(default: float, unit: str, reason: str, *, above_zero: bool = False) -> Any:
    """A threshold from 0 to 1: the field of a :class:`Thresholds`, with its default, its unit and the reason for it."""
    return field(
        default=default, metadata={"description": f"{unit}, {reason}", "bounds": Bounds(0, 1, above_zero, False)}
    )


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """What finding repetition takes. A flag adds its own in a subclass; ``flags.thresholds()`` has all of them.

    Raises:
        ValueError: a value is out of its bounds; the message names the threshold and its bounds.
    """

    near_duplicate: float = share(
        0.92,
        "Jaccard similarity over pairs of neighbouring words",
        "from which two paragraphs are the same, unless each has a figure that the other lacks: a word more or less at "
        "an end of 14; in good pages most pairs below it are headings, table rows and product lines",
        above_zero=True,
    )
    near_duplicate_shortened: float = share(
        0.65,
        "Jaccard similarity over pairs of neighbouring words",
        "from which two paragraphs are the same where one of them is the other with a word or two dropped from its "
        "middle, or one word in ten: a word dropped of 12 leaves 0.75",
        above_zero=True,
    )
    near_duplicate_in_run: float = share(
        0.5,
        "Jaccard similarity over pairs of neighbouring words",
        "from which two paragraphs are the same where the paragraphs beside them repeat each other as well",
        above_zero=True,
    )
    repeated_body_share: float = share(
        0.20,
        "share of the characters in the repeated run",
        "from which a run is a repeated_body (Gopher, MassiveText table A1: characters in duplicate lines)",
    )

    def __post_init__(self) -> None:
        for threshold in fields(self):
            value = getattr(self, threshold.name)
            if error := threshold.metadata["bounds"].error(value):
                raise ValueError(f"{threshold.name} {error}, not {value!r}")
            if threshold.metadata["bounds"].integral:
                object.__setattr__(self, threshold.name, int(value))
