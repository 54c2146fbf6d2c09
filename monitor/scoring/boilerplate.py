"""Boilerplate: how probable it is that a paragraph is not part of the story."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Self

from monitor.articles.article import Markup

_LEGAL = re.compile(
    r"disclaimer|all rights reserved|copyright|©|without warranty|liability|terms of (?:use|service)"
    r"|privacy policy|cookie|newsletter|subscribe|sign up|most (?:popular|read)|read more|related (?:stories|articles)"
    r"|advertisement|follow us|share this|contact the provider|no comment",
    re.IGNORECASE,
)


class Model(NamedTuple):
    """Weights of a rule over a paragraph's words, shape and place."""

    legal: float = 0.6
    link: float = 0.3
    tail: float = 0.25

    @classmethod
    def load(cls) -> Self:
        """The model that ships with the package."""
        return cls()

    def probabilities(
        self, texts: Sequence[str], *, markup: Sequence[Markup | None] = (), title: str | None = None
    ) -> list[float]:
        """The probability of each paragraph, 0 to 1, that it is not part of the story."""
        last_prose = max((i for i, text in enumerate(texts) if _is_prose(text)), default=-1)
        found = []
        for i, text in enumerate(texts):
            score = 0.02
            if len(text) < 600 and _LEGAL.search(text):
                score += self.legal
            if len(text) < 120 and text.lstrip("-•* ")[-1:].isalnum():
                score += self.link * (i > 0 and text[0] in "-•*")
                score += self.tail * (i > last_prose >= 0)
            if i < len(markup) and (mark := markup[i]) is not None:
                score += 0.6 * (mark.links > 0.6) + 0.6 * any(tag in ("aside", "nav", "footer") for tag in mark.context)
            found.append(min(score, 0.99))
        return found


def _is_prose(text: str) -> bool:
    return len(text) > 80 and text.rstrip("\"'”’»)")[-1:] in ".!?…。！？؟।" and _LEGAL.search(text) is None
