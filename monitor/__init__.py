"""Watches syndicated news and says which copies are bad, and why.

As a library::

    import monitor

    verdict = monitor.score("<p>An article as text, HTML, a JSON object or the bytes of a file.</p>")
    for place, verdict in monitor.score_files(["feed.jsonl"], jobs=2):
        print(place, verdict.bad, [flag.message for flag in verdict.flags])

``import monitor`` is cheap: what scores is loaded with the first name that is used.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.articles.article import Article as Article
    from monitor.articles.errors import Undecodable as Undecodable
    from monitor.library.monitor import Monitor as Monitor
    from monitor.library.monitor import clean as clean
    from monitor.library.monitor import score as score
    from monitor.library.monitor import score_files as score_files
    from monitor.library.processes import NotScored as NotScored
    from monitor.scoring.cut import CleanArticle as CleanArticle
    from monitor.scoring.verdict import Flag as Flag
    from monitor.scoring.verdict import ParagraphVerdict as ParagraphVerdict
    from monitor.scoring.verdict import Verdict as Verdict

__version__ = "0.1.0"

#: The public names, and the module of each.
_PUBLIC = {
    "Article": "monitor.articles.article",
    "CleanArticle": "monitor.scoring.cut",
    "Flag": "monitor.scoring.verdict",
    "Monitor": "monitor.library.monitor",
    "NotScored": "monitor.library.processes",
    "ParagraphVerdict": "monitor.scoring.verdict",
    "Undecodable": "monitor.articles.errors",
    "Verdict": "monitor.scoring.verdict",
    "clean": "monitor.library.monitor",
    "score": "monitor.library.monitor",
    "score_files": "monitor.library.monitor",
}
__all__ = [*_PUBLIC, "__version__"]

# Before numpy is first imported, which reads it then: the matrices of one article are so small that OpenBLAS's threads
# wait longer for each other than they work, 1.9 ms of CPU an article instead of 0.5 on two cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
