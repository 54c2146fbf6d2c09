"""Warm: compiles all that scoring compiles, so that no first article waits for it: ``python -m monitor.scoring.warm``.

Run by ``make install`` and by the Dockerfile; what is compiled already is read from the cache.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.articles.article import Article
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.copies import recent
from monitor.scoring.copies.record import Outlet
from monitor.scoring.copies.segment import joined
from monitor.scoring.copies.signature import MOST_ROWS, Signature
from monitor.scoring.copies.window import SLICES, Window, with_one_article
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
    few = [
        f"cafÃ© + {_SENTENCE}.",
        f"{_SENTENCE}. It took two hours. {_SENTENCE}.",
        f"{_SENTENCE} said {_SENTENCE}.",
        f"{_SENTENCE}.",
    ]
    many = [f"{_SENTENCE} by boat {number}" for number in range(300)]
    for lines in (few, many):
        scorer.score(Article(id="1", text="\n".join(lines), language="en"), datetime(2026, 1, 1, tzinfo=UTC))
    signatures(Text.of_lines(few))
    stream = StreamScorer(scorer)
    for number in range(2):
        stream.score(Article(id=f"{number}", text=many[0]), datetime(2026, 1, 1, tzinfo=UTC))
    _search_a_window()


def _search_a_window() -> None:
    """Searches among closed segments and the latest articles."""
    example = recent.close(with_one_article())
    joined(example, example)
    window = Window(seconds=SLICES, most_bytes=1 << 20)
    signature = Signature(_decoded(MOST_ROWS, np.uint64), 0, _decoded(2, np.uint32), 300)
    places = []
    for second in range(2):
        window.advance(second)
        places.append(window.add(signature, np.uint64(1), second, 1, Outlet(id="1", source="")))
    window.search(signature, 0.5)
    window.look_up(signature, places, 0.5)
    window.articles_with(np.uint64(1))


def _decoded(count: int, kind: type[np.unsignedinteger]) -> NDArray[Any]:
    """Numbers as a decoded record has them: read-only, which is another type to the compiler."""
    return np.frombuffer(bytes(count * kind().itemsize), kind)


if __name__ == "__main__":
    warm()
