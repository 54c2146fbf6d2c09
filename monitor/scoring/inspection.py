"""The inspection: what a check for a defect may look at."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

import msgspec

from monitor.articles.article import Article
from monitor.scoring.language import Detection
from monitor.scoring.repetition import Repetition
from monitor.scoring.text.text import Text
from monitor.scoring.verdict import BOILERPLATE


class Inspection(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """All that is known of one article before its flags.

    ``boilerplate`` and ``template`` have one entry a paragraph of ``text``: the probability that it is not part of the
    story, and whether its source always sends it.
    """

    article: Article
    scored_at: datetime
    text: Text
    boilerplate: tuple[float, ...]
    template: tuple[bool, ...]
    repetition: Repetition
    detected: Detection | None

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The paragraphs."""
        return self.text.passages

    @cached_property
    def words(self) -> tuple[int, ...]:
        """The number of words of each paragraph."""
        return tuple(self.text.counts.tolist())

    @cached_property
    def total_words(self) -> int:
        """The words of all paragraphs."""
        return sum(self.words)

    @cached_property
    def total_characters(self) -> int:
        """The characters of all paragraphs."""
        return sum(map(len, self.texts))

    @cached_property
    def boilerplate_words(self) -> int:
        """The words in paragraphs that are boilerplate."""
        return sum(count for count, p in zip(self.words, self.boilerplate, strict=True) if p >= BOILERPLATE)

    @cached_property
    def boilerplate_ratio(self) -> float:
        """The share of the words in paragraphs that are boilerplate, 0 to 1."""
        return self.boilerplate_words / self.total_words if self.total_words else 0.0

    @cached_property
    def story(self) -> tuple[int, ...]:
        """The indices of the paragraphs that are not boilerplate."""
        return tuple(i for i, p in enumerate(self.boilerplate) if p < BOILERPLATE)
