"""The flags: one defect a file, each a check of an inspection that yields at most one flag."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from monitor.scoring.flags import (
    boilerplate,
    language,
    markup,
    mojibake,
    repeated,
    thin,
    truncated,
    withdrawn,
)
from monitor.scoring.inspection import Inspection
from monitor.scoring.verdict import Flag
from monitor.settings import Thresholds

Check = Callable[[Inspection, Thresholds], Iterator[Flag]]

#: Every check, in the order in which a verdict lists its flags.
CHECKS: tuple[Check, ...] = (
    repeated.check,
    boilerplate.check,
    truncated.check,
    mojibake.check,
    markup.check,
    thin.check,
    withdrawn.check,
    language.check,
)
