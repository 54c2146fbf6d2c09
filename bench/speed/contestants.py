"""What is compared: each is a function of one page, and is run in a process of its own.

``python contestants.py NAME PAGES`` reads the pages, goes over them once to warm up, and then, for each line on
standard input, goes over them again and prints the seconds of CPU that this took. A peer is used as its documentation
shows it. This file is run by two interpreters, so it imports a library only where its contestant is made.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from typing import NamedTuple


class Page(NamedTuple):
    """One page, as each contestant wants it."""

    text: str
    html: str


#: Goes over one page; what it returns is thrown away.
Run = Callable[[Page], object]

_WORD = re.compile(r"\w+")
#: MinHash's width, as the peers' own examples have it.
WIDTH = 128


def words(page: Page) -> object:
    """Taking the words apart by a regular expression: the least that anything here has to do."""
    return _WORD.findall(page.text.lower())


def words_apart() -> Run:
    """The measure of all others."""
    return words


def verdict() -> Run:
    """This project's whole verdict."""
    from datetime import UTC, datetime

    from monitor.articles.article import Article
    from monitor.scoring.boilerplate.model import Model
    from monitor.scoring.score import Scorer
    from monitor.settings import Settings

    scorer, now = Scorer(Model.load(), Settings().thresholds_for), datetime(2026, 1, 1, tzinfo=UTC)
    return lambda page: scorer.score(Article(id="page", text=page.text), now)


def ftfy_badness() -> Run:
    """ftfy: how much a text looks like mojibake."""
    from ftfy.badness import badness

    return lambda page: badness(page.text)


def datasketch_update() -> Run:
    """datasketch: a sketch of each paragraph, a word at a time, as its README shows it."""
    from datasketch import MinHash

    def sketch(page: Page) -> object:
        sketches = []
        for paragraph in page.text.splitlines():
            minhash = MinHash(num_perm=WIDTH)
            for word in _WORD.findall(paragraph.lower()):
                minhash.update(word.encode("utf8"))
            sketches.append(minhash)
        return sketches

    return sketch


def datasketch_batch() -> Run:
    """datasketch: one sketch of the article by ``update_batch``."""
    from datasketch import MinHash

    def sketch(page: Page) -> object:
        minhash = MinHash(num_perm=WIDTH)
        minhash.update_batch([word.encode("utf8") for word in _WORD.findall(page.text.lower())])
        return minhash

    return sketch


def rensa() -> Run:
    """rensa: one sketch of the article."""
    from rensa import RMinHash

    def sketch(page: Page) -> object:
        minhash = RMinHash(num_perm=WIDTH, seed=42)
        minhash.update(_WORD.findall(page.text.lower()))
        return minhash.digest()

    return sketch


def gaoya() -> Run:
    """gaoya: the article put into its index, and asked for."""
    from itertools import count

    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(32, 0.5, 42, 3, None, "word", True, (1, 1))
    numbers = count()

    def look_up(page: Page) -> object:
        index.insert_document(next(numbers), page.text)
        return index.query(page.text)

    return look_up


def gopher() -> Run:
    """datatrove: the filter of repetition of the Gopher paper."""
    from datatrove.data import Document
    from datatrove.pipeline.filters import GopherRepetitionFilter

    gopher_filter = GopherRepetitionFilter()
    return lambda page: gopher_filter.filter(Document(text=page.text, id="page"))


def justext() -> Run:
    """jusText, given HTML."""
    from justext import get_stoplist
    from justext import justext as paragraphs_of

    stop_words = get_stoplist("English")
    return lambda page: paragraphs_of(page.html.encode(), stop_words)


def trafilatura() -> Run:
    """trafilatura, given HTML."""
    from trafilatura import extract

    return lambda page: extract(page.html)


#: Contestants that run in this project's environment, and those that run in that of ``peers.txt``.
OURS: dict[str, Callable[[], Run]] = {"words apart": words_apart, "verdict": verdict, "ftfy badness": ftfy_badness}
PEERS: dict[str, Callable[[], Run]] = {
    "datasketch, update, each paragraph": datasketch_update,
    "datasketch, update_batch, the article": datasketch_batch,
    "rensa, the article": rensa,
    "gaoya, insert and query": gaoya,
    "datatrove, Gopher repetition": gopher,
    "jusText, HTML": justext,
    "trafilatura, HTML": trafilatura,
}


def main(name: str, pages_file: str) -> None:
    """Answer each line on standard input with the CPU seconds of one pass."""
    with open(pages_file, encoding="utf-8") as file:  # noqa: PTH123
        pages = [Page(*page) for page in json.load(file)]
    run = (OURS | PEERS)[name]()
    for page in pages:
        run(page)
    print("ready", flush=True)
    for _ in sys.stdin:
        before = time.process_time()
        for page in pages:
            run(page)
        print(time.process_time() - before, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
