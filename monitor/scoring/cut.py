"""The cut: an article's text without what repeats in it and what is no part of the story, for those who read on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Self

import msgspec

from monitor.articles.article import Article
from monitor.scoring.verdict import Count, ParagraphVerdict, Verdict

#: The probability from which a paragraph is cut as boilerplate; docs/clean.md has what other values take and leave.
SURE = 0.9

#: Why a piece is cut: it repeats an earlier paragraph that stays, or it is no part of the story.
Reason = Literal["repeats", "boilerplate"]


class Cut(msgspec.Struct, frozen=True):
    """A piece that was cut: code points into the article's text, the end excluded, with the line's end beside it."""

    start: Count
    end: Count
    reason: Reason


class Clean(msgspec.Struct, frozen=True):
    """What is left of a text, and what was cut, in the order of the text.

    The text and the pieces that were cut, each put back where it stood, are the article's text again.
    """

    text: str
    cut: tuple[Cut, ...]


def clean(text: str, paragraphs: Sequence[ParagraphVerdict], boilerplate: float = SURE) -> Clean:
    """A text without its repeated and its boilerplate paragraphs; ``paragraphs`` are its verdict's.

    A paragraph is cut as boilerplate from the probability ``boilerplate`` on; where all of an article would be,
    as of a table of results, none is. Of paragraphs that repeat each other the first stays that is no boilerplate: a
    pull quote above a story does not take the story's own paragraph with it.

    >>> verdicts = [
    ...     ParagraphVerdict(0, 10, None, None, 0.02),
    ...     ParagraphVerdict(11, 21, 0, 1.0, 0.03),
    ...     ParagraphVerdict(22, 31, None, None, 0.99),
    ... ]
    >>> clean("It rained.\\nIt rained.\\nRead more", verdicts)
    Clean(text='It rained.', cut=(Cut(start=10, end=21, reason='repeats'), Cut(start=21, end=31, reason='boilerplate')))
    """
    reasons = _reasons(paragraphs, boilerplate)
    last = max((index for index, reason in enumerate(reasons) if reason is None), default=-1)
    cuts = []
    for index, reason in enumerate(reasons):
        if reason is None:
            continue
        # With the line's end behind it; where nothing stays behind it, with the one before it.
        start = paragraphs[index].start if index < last else paragraphs[index - 1].end
        end = paragraphs[index + 1].start if index < last else paragraphs[index].end
        cuts.append(Cut(start, end, reason))
    kept = []
    at = 0
    for cut in cuts:
        kept.append(text[at : cut.start])
        at = cut.end
    return Clean("".join([*kept, text[at:]]), tuple(cuts))


def _reasons(paragraphs: Sequence[ParagraphVerdict], boilerplate: float) -> list[Reason | None]:
    """Why each paragraph is cut; ``None`` where it stays."""
    is_boilerplate = [paragraph.boilerplate >= boilerplate for paragraph in paragraphs]
    if all(is_boilerplate):
        is_boilerplate = [False] * len(paragraphs)
    reasons: list[Reason | None] = []
    firsts: list[int] = []
    stays: set[int] = set()
    for index, paragraph in enumerate(paragraphs):
        # What a repeat repeats may be a repeat itself.
        first = index if paragraph.repeats is None else firsts[paragraph.repeats]
        firsts.append(first)
        if is_boilerplate[index]:
            reasons.append("boilerplate")
        else:
            reasons.append("repeats" if first in stays else None)
            stays.add(first)
    return reasons


class CleanArticle(msgspec.Struct, frozen=True, kw_only=True):
    """An article without its repeats and boilerplate: what is on ``articles.clean``, and what ``monitor clean`` prints.

    ``cut`` are the pieces of the article's text that ``text`` lacks. ``bad`` and ``codes`` are the verdict's.
    ``origin`` is the file and the place in it, where the article came from a file; on topics it is left out.
    """

    id: str
    source: str
    url: str | None
    title: str | None
    published_at: datetime | None
    language: str | None
    bad: bool
    codes: tuple[str, ...]
    text: str
    cut: tuple[Cut, ...]
    origin: str | msgspec.UnsetType = msgspec.UNSET

    @classmethod
    def of_verdict(cls, article: Article, verdict: Verdict, boilerplate: float = SURE) -> Self:
        """The article by its verdict, cut as :func:`clean` does."""
        cleaned = clean(article.text, verdict.paragraphs, boilerplate)
        return cls(
            id=article.id,
            source=article.source,
            url=article.url,
            title=article.title,
            published_at=article.published_at,
            language=verdict.language,
            bad=verdict.bad,
            codes=tuple(dict.fromkeys(flag.code for flag in verdict.flags)),
            text=cleaned.text,
            cut=cleaned.cut,
            origin=verdict.origin,
        )

    def to_json(self) -> str:
        """One line of JSON."""
        return msgspec.json.encode(self).decode()
