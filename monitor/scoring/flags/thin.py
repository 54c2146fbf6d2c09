"""Thin: a copy with hardly a story in it, among them the stubs before a paywall."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.scoring.inspection import Inspection
from monitor.scoring.verdict import Code, Flag
from monitor.settings import Thresholds

_PAYWALL = re.compile(
    r"subscribe (?:now )?to (?:read|continue|keep reading|unlock)|(?:already|become) a (?:subscriber|member)"
    r"|(?:continue|keep) reading (?:with|this|for|by)|for subscribers only|subscriber[- ]only|premium content"
    r"|to read the (?:full|whole|rest)|log ?in to (?:read|continue)|sign in to (?:read|continue)"
    r"|réservée?s? aux abonnés|reste \d{1,2}\s?% de cet article|déjà abonnée? ?\?|abonnez-vous pour lire"
    r"|(?:nur|exklusiv) für abonnenten|jetzt weiterlesen|mit \w{1,30} weiterlesen|bereits abonn|solo para suscriptores"
    r"|ya eres suscriptor|sei già abbonato|já é assinante|redan prenumerant|verder lezen met"
    r"|contenuto riservato agli abbonati|conteúdo exclusivo para assinantes|会員限定|订阅",
    re.IGNORECASE,
)

#: Characters of a paragraph in which it is looked for: what announces a wall is short.
_LOOKED_AT = 2_000


def check(inspection: Inspection, thresholds: Thresholds) -> Iterator[Flag]:
    """Yields thin where fewer words than the threshold are part of the story."""
    words = inspection.total_words - inspection.boilerplate_words
    limit = thresholds.thin_words
    closed = inspection.article.free is False
    if words >= limit and (not closed or words >= thresholds.paywall_words):
        return
    stub = _wall(inspection)
    if words >= limit and stub is None:
        return
    if stub is None and closed and words:
        stub = "its publisher declares it not free"
    story = f"{words} words are part of the story, fewer than {limit}" if words < limit else f"{words} words"
    yield Flag(
        Code.THIN,
        round(1 - words / max(limit, words + 1), 4),
        f"a paywall stub: {story}; {stub}" if stub else story,
    )


def _wall(inspection: Inspection) -> str | None:
    """What in the text says that the rest stands behind a paywall, or None."""
    for i, text in enumerate(inspection.texts):
        if match := _PAYWALL.search(text, 0, _LOOKED_AT):
            return f"paragraph {i + 1} says “{match.group()}”"
    return None
