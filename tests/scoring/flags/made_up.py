"""Inspections made up for the tests of single flags."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from monitor.articles.article import Article
from monitor.scoring import repetition
from monitor.scoring.flags.kind import FlagKind
from monitor.scoring.inspection import Inspection
from monitor.scoring.language import Detection
from monitor.scoring.text.text import Text
from monitor.scoring.thresholds import Thresholds
from monitor.scoring.verdict import Flag

NOW = datetime(2026, 3, 5, 6, 7, tzinfo=UTC)


def inspection(
    text: str, *, boilerplate: tuple[float, ...] = (), detected: Detection | None = None, **declared: Any
) -> Inspection:
    """The inspection of a text, nothing of it boilerplate unless given; ``declared`` are fields of the article."""
    read = Text.read(text)
    return Inspection(
        article=Article(id="1", text=text, **declared),
        scored_at=NOW,
        text=read,
        boilerplate=boilerplate or (0.0,) * len(read),
        template=(False,) * len(read),
        repetition=repetition.find(read, Thresholds()),
        detected=detected,
    )


def raised(kind: FlagKind[Any], inspected: Inspection, **values: float) -> Flag | None:
    """The flag that a check raises, None for none; ``values`` are thresholds."""
    flags = list(kind.check(inspected, kind.thresholds(**values)))
    assert len(flags) <= 1
    return flags[0] if flags else None
