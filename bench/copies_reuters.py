"""How well copies are told from formulas, by pairs that were read: ``python -m bench.copies_reuters DATA``.

``tests/cases/reuters_copies.json`` names pairs of Reuters-21578: links that were found over the whole of it in order,
without a source and without a window, and near misses. Each was read and labelled: a ``re-send``, an ``update``, or a
``formula``, which is worded alike about something else. The bounds of ``Rules`` were chosen on the first two sets; the
pairs of the others were drawn and read afterwards.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from bench.copies_stream import NOW, scorer
from monitor.articles.article import Article
from monitor.scoring.copies.fingerprint import Fingerprint
from monitor.scoring.copies.link import Linker
from monitor.scoring.copies.window import Window

PAIRS = Path(__file__).parent.parent / "tests" / "cases" / "reuters_copies.json"
#: Bytes of a window of two articles.
_ROOM = 1 << 20


def fingerprints(data: Path, wanted: set[str]) -> dict[str, Fingerprint]:
    """The fingerprints of the wanted articles by id, each of a source of its own."""
    ready = scorer()
    found = {}
    with gzip.open(data / "reuters.jsonl.gz", "rt") as lines:
        for offset, line in enumerate(lines):
            story = json.loads(line)
            if story["id"] in wanted:
                id_, title = story["id"], story["title"] or None
                article = Article(id=id_, text=story["text"], title=title, source=id_, arrived_at=NOW)
                scored = ready.read(article, NOW)
                found[id_] = Fingerprint.of_verdict(scored.verdict, article, scored.text, offset=offset)
    return found


def is_linked(earlier: Fingerprint, later: Fingerprint) -> bool:
    """Whether the later article is called a copy of the earlier one where nothing else is known."""
    linker = Linker(Window(float("inf"), _ROOM))
    linker.link(earlier, NOW.timestamp())
    return bool(linker.link(later, NOW.timestamp()).copies)


def judge(pairs: list[dict[str, Any]], prints: dict[str, Fingerprint]) -> str:
    """Precision and recall over all pairs, and how many are linked by set and label."""
    right = wrong = missed = 0
    linked: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for pair in pairs:
        is_called = is_linked(prints[pair["earlier"]], prints[pair["later"]])
        is_copy = pair["label"] != "formula"
        linked[pair["set"], pair["label"]][is_called] += 1
        right += is_called and is_copy
        wrong += is_called and not is_copy
        missed += is_copy and not is_called
    called, copies = right + wrong, right + missed
    lines = [
        f"precision {right / called:.3f} of {called} linked, recall {right / copies:.3f} of {copies} copies; by set:"
    ]
    for (set_, label), counts in linked.items():
        lines.append(f"{set_:24} {label:10} {counts[True]:4} of {counts.total():4} linked")
    return "\n".join(lines)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with reuters.jsonl.gz")
    pairs = json.loads(PAIRS.read_text())
    wanted = {pair[which] for pair in pairs for which in ("earlier", "later")}
    print(judge(pairs, fingerprints(parser.parse_args().data, wanted)))


if __name__ == "__main__":
    main()
