"""Bodies and verdicts made up for the tests of the evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from monitor.articles.article import Article
from monitor.scoring.text import paragraphs
from monitor.scoring.verdict import Flag, ParagraphVerdict, Verdict

BODY = "\n".join(
    (
        "The ferry between Lower Quay and the island of Brenn was out of service on Monday, after a rope fouled "
        "one of its two propellers in the harbour.",
        "Divers freed it by the evening, “in water as cold as we’ve ever had it”, said the harbour master, Ida Møller.",
        "Some 1,400 passengers were taken across in fishing boats. Nobody was hurt, and nobody paid a fare.",
        "The company expects the timetable to hold again from Tuesday – if the wind does not turn north before then.",
        "A second ferry, ordered two years ago from a yard in Gdańsk, is to arrive in the spring.",
        "Until then the island’s two shops have agreed to keep flour, fuel and batteries for three days in store.",
    )
)


def verdict(
    article: Article,
    *,
    repeats: Sequence[int | None] = (),
    boilerplate: Sequence[float] = (),
    codes: Sequence[str] = (),
    repetition: float = 0.0,
) -> Verdict:
    """A verdict that says of an article's paragraphs what is given; nothing where not given."""
    places = paragraphs.split(article.text)
    return Verdict(
        id=article.id, source="s", url=None, title=None, published_at=None,
        scored_at=datetime(2026, 1, 1, tzinfo=UTC), version="0", language="en", words=len(article.text.split()),
        repetition=repetition, boilerplate=0.0, bad=bool(codes),
        flags=tuple(Flag(code, 1.0, "") for code in codes),
        paragraphs=tuple(
            ParagraphVerdict(
                start, end, repeats[i] if repeats else None, None, boilerplate[i] if boilerplate else 0.0
            )
            for i, (start, end) in enumerate(places)
        ),
    )  # fmt: skip
