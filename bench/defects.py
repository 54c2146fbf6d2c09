"""How well each defect is found in damaged copies of good bodies, and how often in the good bodies themselves.

    python -m bench.defects DATA [--every N]

DATA is a directory with ``copies-dev.jsonl.gz``, ``wcxb-dev.jsonl.gz`` and ``reuters.jsonl.gz``. A body that has an
exact repeat of its own is left out of what judges repetition, since it is no clean body.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from random import Random

from bench import damage
from monitor.articles.article import Article
from monitor.articles.article import Markup as Markup
from monitor.scoring.score import Scorer
from monitor.scoring.verdict import Verdict
from monitor.settings import Thresholds

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_STRENGTHS = (0.3, 0.6, 1.0)


class NoBoilerplate:
    """Stands in for the model, so that a defect is judged by itself."""

    def probabilities(self, texts: Sequence[str], **_: object) -> list[float]:
        """Nothing is boilerplate."""
        return [0.0] * len(texts)


def bodies(data: Path, every: int) -> Iterator[tuple[str, str, str]]:
    """Set, id and body of each document; of the newswire every sixth, or it would drown the others."""
    for name, step in (("copies-dev", 1), ("wcxb-dev", 1), ("reuters", 6)):
        with gzip.open(data / f"{name}.jsonl.gz", "rt") as file:
            for number, line in enumerate(file):
                if number % (step * every) == 0:
                    row = json.loads(line)
                    yield name, row["id"], row.get("body") or row["text"]


def repeats_itself(body: str) -> bool:
    """Whether a line of twelve words or more stands twice, letter by letter."""
    lines = Counter(line.strip() for line in body.split("\n") if len(line.split()) >= 12)
    return any(count > 1 for count in lines.values())


def repeated_words(verdict: Verdict, made: damage.Damaged) -> tuple[int, int, int, float]:
    """Words rightly, wrongly and not marked as repeated, and the error of the ratio of characters."""
    right = wrong = missed = 0
    truth = total = 0
    seen: set[str] = set()
    for paragraph in verdict.paragraphs:
        middle = (paragraph.start + paragraph.end) // 2
        line = made.text[paragraph.start : paragraph.end].strip()
        is_repeated = line in seen or any(start <= middle < end for start, end in made.repeated)
        seen.add(line)
        count = len(made.text[paragraph.start : paragraph.end].split())
        total += paragraph.end - paragraph.start
        truth += (paragraph.end - paragraph.start) * is_repeated
        found = paragraph.repeats is not None
        right += count * (found and is_repeated)
        wrong += count * (found and not is_repeated)
        missed += count * (is_repeated and not found)
    return right, wrong, missed, abs(verdict.repetition - truth / max(total, 1))


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print each error's message to standard error")
    options = parser.parse_args()
    scorer = Scorer(NoBoilerplate(), lambda _: Thresholds())  # type: ignore[arg-type]
    clean: Counter[tuple[str, str]] = Counter()
    documents: Counter[str] = Counter()
    words: dict[str, list[tuple[int, int, int, float]]] = defaultdict(list)
    found: Counter[str] = Counter()
    made: Counter[str] = Counter()

    def score(text: str, declared: int | None = None) -> tuple[Verdict, set[str]]:
        verdict = scorer.score(Article(id="x", text=text, declared_words=declared), _NOW)
        return verdict, {str(flag.code) for flag in verdict.flags}

    for number, (name, key, body) in enumerate(bodies(options.data, options.every)):
        verdict, codes = score(body)
        documents[name] += 1
        own = repeats_itself(body)
        for flag in verdict.flags:
            if flag.code == "thin" and verdict.words < 50:
                continue
            kind = (
                f"{flag.code} (a line of its own stands twice)" if own and "repeated" in flag.code else str(flag.code)
            )
            clean[name, kind] += 1
            if options.show:
                print(f"clean {name} {key} {flag.code}: {flag.message[:300]}", file=sys.stderr)
        if len(verdict.paragraphs) < 4 or (name == "reuters" and number % 4):
            continue
        for strength in _STRENGTHS:
            random = Random(f"{key} {strength}")
            if not own:
                for make in (*damage.REPEATED_BODY, damage.paragraph_twice):
                    copy = make(body, random, strength)
                    if not copy.repeated or "\n" not in body:
                        continue
                    verdict, codes = score(copy.text)
                    kind = make.__name__
                    words[kind].append(repeated_words(verdict, copy))
                    made[kind] += 1
                    found[kind] += bool(codes & {"repeated_body", "repeated_paragraphs"})
                    found[f"{kind} as body"] += "repeated_body" in codes
                    if options.show and not codes & {"repeated_body", "repeated_paragraphs"}:
                        print(f"missed {name} {key} {kind} {strength} {verdict.repetition}", file=sys.stderr)
            for code, make in (
                ("truncated", damage.cut),
                ("mojibake", damage.decoded_wrongly),
                ("markup", damage.marked_up),
            ):
                copy = make(body, random, strength)
                if copy.text == body:
                    continue
                verdict, codes = score(copy.text, copy.declared_words)
                made[code] += 1
                found[code] += code in codes
                if options.show and code not in codes:
                    print(f"missed {name} {key} {code} {strength} {copy.text[-80:]!r}", file=sys.stderr)
    _report(documents, clean, words, made, found)


def _report(
    documents: Counter[str],
    clean: Counter[tuple[str, str]],
    words: dict[str, list[tuple[int, int, int, float]]],
    made: Counter[str],
    found: Counter[str],
) -> None:
    print("false alarms on good bodies")
    for (name, kind), count in sorted(clean.items()):
        print(f"  {name:12} {kind:55} {count:5} of {documents[name]:5}  {count / documents[name]:7.2%}")
    print("found in damaged copies")
    for kind, count in made.items():
        print(f"  {kind:28} {found[kind]:6} of {count:6}  {found[kind] / count:7.2%}", end="")
        print(f"   as repeated_body {found[f'{kind} as body'] / count:7.2%}" if kind in words else "")
    print("repeated words")
    for kind, rows in [*words.items(), ("all", list(chain(*words.values())))]:
        right, wrong, missed = (sum(row[k] for row in rows) for k in range(3))
        error = sum(row[3] for row in rows) / max(len(rows), 1)
        print(f"  {kind:28} F1 {2 * right / (2 * right + wrong + missed):.4f}", end="")
        print(f"  precision {right / (right + wrong):.4f}  recall {right / (right + missed):.4f}  error {error:.4f}")


if __name__ == "__main__":
    main()
