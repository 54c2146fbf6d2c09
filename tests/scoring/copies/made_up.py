"""Fingerprints of stories, made up for the tests of links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import numpy as np

from monitor.scoring.copies.fingerprint import Fingerprint
from monitor.scoring.copies.link import Linker
from monitor.scoring.copies.record import Copy
from monitor.scoring.copies.signature import sign
from monitor.scoring.copies.window import Window
from monitor.scoring.text.text import Text
from tests.scoring.sources.made_up import story

HOUR = 3600
#: When the streams of the tests begin.
BEGIN = 1_780_000_000


def at(hours: float) -> datetime:
    """A time so many hours after the begin."""
    return datetime.fromtimestamp(BEGIN + hours * HOUR, UTC)


def linker(hours: float = 72, most_bytes: int = 1 << 30) -> Linker:
    """A linker over an empty window."""
    return Linker(Window(hours * HOUR, most_bytes))


def fingerprint(name: str, lines: Sequence[str], source: str = "Morning", **fields: Any) -> Fingerprint:
    """The fingerprint of an article of these lines; each name has a place of its own."""
    text = Text.of_lines(list(lines))
    signature = sign(text, np.ones(len(lines), np.bool_))
    made = Fingerprint(
        id=name,
        source=source,
        topic="articles",
        offset=sum(name.encode()) + 1000 * len(name),
        timestamp=BEGIN * 1000,
        words=signature.words,
        level=signature.level,
        rows=signature.rows.tobytes(),
        figures=signature.figures.tobytes(),
    )
    return msgspec.structs.replace(made, **fields)


def link(linked: Linker, *prints: Fingerprint, hours: float = 0) -> list[Copy]:
    """The records of these, which come at one time."""
    return [copy for each in prints for copy in linked.link(each, BEGIN + hours * HOUR).copies]


def pairs(copies: Sequence[Copy]) -> list[tuple[str, str]]:
    """The ids of each copy and of the earlier one."""
    return [(copy.article.id, copy.earlier.id) for copy in copies]


__all__ = ["BEGIN", "HOUR", "at", "fingerprint", "link", "linker", "pairs", "story"]
