"""Language: which one a text is written in, from a sample of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

from py3langid.langid import LanguageIdentifier

from monitor.scoring.language_model import load_identifier

#: Characters looked at. Longer samples cost more (0.2 µs a byte) and hardly decide better: of 1,048 pages three get
#: another language from 200 than from 2,000, none of them a likelier one.
_SAMPLE = 200
#: Shorter texts say too little for a language to be named.
_LEAST = 20


class Detection(NamedTuple):
    """A language, ISO 639-1 where that has a code for it, and the probability of it, 0 to 1."""

    code: str
    probability: float


class Detector(NamedTuple):
    """Names the language of a text; takes a moment to load, so make it once."""

    identifier: LanguageIdentifier

    @classmethod
    def load(cls, cache: Path | None = None) -> Self:
        """The detector with py3langid's own model, over all its languages; ``cache`` is a folder to unpack it into."""
        return cls(load_identifier(cache))

    def detect(self, texts: Sequence[str]) -> Detection | None:
        """The language of the longest paragraphs, or None where there is too little text."""
        sample = ""
        for text in sorted(texts, key=len, reverse=True)[:3]:
            sample += text[: _SAMPLE - len(sample)] + " "
            if len(sample) >= _SAMPLE:
                break
        if sum(map(str.isalpha, sample)) < _LEAST:
            return None
        code, probability = self.identifier.classify(sample)
        return Detection(code, float(probability))
