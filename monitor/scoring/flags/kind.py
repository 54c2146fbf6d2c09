"""What a flag is made of: each file beside this one defines a :class:`FlagKind` and is listed in ``__init__.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Generic, TypeVar

from monitor.scoring.inspection import Inspection
from monitor.scoring.thresholds import Thresholds
from monitor.scoring.verdict import Flag

Own = TypeVar("Own", bound=Thresholds)


@dataclass(frozen=True, kw_only=True)
class FlagKind(Generic[Own]):
    """One kind of flag.

    ``code`` names it in verdicts, metrics and alerts, for good. ``bad`` is whether it makes a copy
    bad. ``when`` is its line in the documentation, where ``{name}`` stands for a threshold's
    default. ``thresholds`` is the class of its thresholds: a subclass of :class:`Thresholds` with a
    field for each, or that class itself. ``check`` yields a flag at most, and may raise nothing.
    """

    code: str
    bad: bool
    when: str
    check: Callable[[Inspection, Own], Iterator[Flag]]
    thresholds: type[Own]

    @property
    def documentation(self) -> str:
        """When the flag is raised, with the defaults of its thresholds."""
        return self.when.format(**{threshold.name: threshold.default for threshold in fields(self.thresholds)})
