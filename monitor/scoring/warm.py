"""Warm: compiles all that scoring compiles, so that no first article waits for it: ``python -m monitor.scoring.warm``.

Run by ``make install`` and by the Dockerfile; what is compiled already is read from the cache.
"""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.articles.article import Article
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.copies import recent
from monitor.scoring.copies.segment import joined
from monitor.scoring.copies.window import with_one_article
from monitor.scoring.flags import thresholds
from monitor.scoring.repetition.minhash import signatures
from monitor.scoring.score import Scorer
from monitor.scoring.sources.stream import StreamScorer
from monitor.scoring.text.text import Text

_SENTENCE = "The old ferry left the harbour on Monday at noon for the first time since the storm of November"


def warm() -> None:
    """Scores texts on which every compiled function is called."""
    known = thresholds()
    scorer = Scorer(Model.load(), lambda _: known)
    few = [f"{_SENTENCE}. It took two hours. {_SENTENCE}.", f"{_SENTENCE} said {_SENTENCE}.", f"{_SENTENCE}."]
    many = [f"{_SENTENCE} by boat {number}" for number in range(300)]
    for lines in (few, many):
        scorer.score(Article(id="1", text="\n".join(lines), language="en"), datetime(2026, 1, 1, tzinfo=UTC))
    signatures(Text.of_lines(few))
    stream = StreamScorer(scorer)
    for number in range(2):
        stream.score(Article(id=f"{number}", text=many[0]), datetime(2026, 1, 1, tzinfo=UTC))
    example = recent.close(with_one_article())
    joined(example, example)


if __name__ == "__main__":
    warm()
