"""How much of a newswire's stories is called template: ``python -m bench.wire_templates DATA``.

Reuters-21578 whole, in order, as one source: earnings, dividends and tables that differ in their figures alone are what
a source's templates look like, and are story.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

from bench.copies_stream import NOW, scorer
from monitor.articles.article import Article
from monitor.scoring.score import NOTHING_KNOWN
from monitor.scoring.sources.sighting import Sighting
from monitor.scoring.verdict import BOILERPLATE


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with reuters.jsonl.gz")
    ready, known = scorer(), NOTHING_KNOWN
    words = in_templates = boilerplate = 0
    with gzip.open(parser.parse_args().data / "reuters.jsonl.gz", "rt") as lines:
        for line in lines:
            story = json.loads(line)
            article = Article(id=story["id"], text=story["text"], title=story["title"] or None, source="Reuters")
            scored = ready.read(article, NOW, known.for_scoring())
            known = known.learn(Sighting.of_verdict(*scored[:4]))
            for paragraph, count in zip(scored.verdict.paragraphs, scored.text.counts.tolist(), strict=True):
                words += count
                in_templates += count * paragraph.template
                boilerplate += count * (paragraph.boilerplate >= BOILERPLATE)
    print(f"of {words:,} words {in_templates / words:.3%} are called template, {boilerplate / words:.3%} boilerplate")


if __name__ == "__main__":
    main()
