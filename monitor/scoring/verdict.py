"""The verdict: what the monitor says of one article, the same on topics, from the shell and from the web."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

Ratio = Annotated[float, msgspec.Meta(ge=0, le=1)]
Count = Annotated[int, msgspec.Meta(ge=0)]


#: The probability from which a paragraph counts as boilerplate; part of the verdict's contract.
BOILERPLATE = 0.5


class Flag(msgspec.Struct, frozen=True):
    """One reason, with its evidence.

    ``code`` is the code of one of ``flags.FLAGS``; dashboards and alerts hang on it. ``score`` is how strong
    the evidence is, 0 to 1; ``message`` says it to a person, paragraphs counted from 1.
    """

    code: str
    score: Ratio
    message: str


class ParagraphVerdict(msgspec.Struct, frozen=True):
    """What is said of one paragraph.

    ``start`` and ``end`` are code points into the article's text, the end excluded. ``repeats`` is
    the index of the earlier paragraph that this one repeats, and ``similarity`` the Jaccard
    similarity of the two (1.0 when equal); where the paragraph is earlier ones split or joined, the
    share of it that stands in them, a containment. ``boilerplate`` is the probability that the
    paragraph is not part of the story; ``template`` whether its source repeats it across articles.
    """

    start: Count
    end: Count
    repeats: Count | None
    similarity: Ratio | None
    boilerplate: Ratio
    template: bool = False


class CopyOf(msgspec.Struct, frozen=True):
    """The first copy of the same story in the window, and how this one differs from it."""

    id: str
    source: str
    published_at: datetime | None
    similarity: Ratio
    coverage: Ratio
    added: Ratio


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the monitor says of one article.

    ``repetition`` is the share of the paragraphs' characters that repeat an earlier paragraph;
    ``boilerplate`` the share of the words in paragraphs whose probability is 0.5 or above.
    ``origin`` is the file and the place in it ("feed.jsonl line 3"), where the article came from a file; on topics
    it is left out.
    """

    id: str
    source: str
    url: str | None
    title: str | None
    published_at: datetime | None
    scored_at: datetime
    version: str
    language: str | None
    words: Count
    repetition: Ratio
    boilerplate: Ratio
    bad: bool
    flags: tuple[Flag, ...]
    paragraphs: tuple[ParagraphVerdict, ...]
    copy_of: CopyOf | None = None
    origin: str | msgspec.UnsetType = msgspec.UNSET

    def to_dict(self) -> dict[str, Any]:
        """The verdict as JSON has it, dates as texts in RFC 3339."""
        verdict: dict[str, Any] = msgspec.to_builtins(self)
        return verdict

    def to_json(self) -> str:
        """One line of JSON."""
        return msgspec.json.encode(self).decode()

    def repeated_texts(self, text: str) -> list[str]:
        """The paragraphs that repeat earlier ones, of the article's text."""
        return [text[paragraph.start : paragraph.end] for paragraph in self.paragraphs if paragraph.repeats is not None]

    def boilerplate_texts(self, text: str) -> list[str]:
        """The paragraphs that are boilerplate, of the article's text."""
        return [
            text[paragraph.start : paragraph.end]
            for paragraph in self.paragraphs
            if paragraph.boilerplate >= BOILERPLATE
        ]
