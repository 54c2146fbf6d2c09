"""Fuzzes the decoders and the scorer: ``python -m bench.fuzz [INPUTS] [--seed TEXT] [--only NUMBER]``.

Seeds are the cases and articles that ship with the repository. Each input is one or two of them, mutated: as bytes,
as a tree of JSON, or as pieces that are hostile to some parser. An input is given to ``decode`` as a Kafka record
with headers and a key, every tenth to the reader of files too, and what it decodes to is scored.

A finding is any exception but :class:`Undecodable`, a verdict that is not sound, or more than a second of CPU. It is
printed with its number, which ``--only`` makes again, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from importlib.resources import files
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec
from rich.progress import track

from monitor.articles import files as article_files
from monitor.articles.article import Article
from monitor.articles.decode import Decoder
from monitor.articles.errors import Undecodable
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.scoring.verdict import Verdict

SLOW = 1.0
NOW = datetime(2026, 3, 5, tzinfo=UTC)
DECODER = Decoder()
#: Of an input with more articles these are scored.
ARTICLES_OF_INPUT = 20
CASES = Path(__file__).parent.parent / "tests" / "cases"

#: What some parser or pattern stumbles over.
PIECES = (
    "\n", "\r\n", "\u2028", "\x00", "\x03", "\ufeff", "\ufffd", "\u200b", "\u0301", "\u202e", "\ufdfa", "𠮷",
    "👍🏽", "我", "ก ", "مرحبا؟ ", "שלום. ", "नाव। ", "Ã©", "â€™", "\x80", "İ", "ß", "ﬁ", "１２", "1 000", "1,0",
    "1e999", "-0", "9" * 40, "NaN", "null", "true", "{}", "[]", '"', "\\", "\\u0000", "\\ud83d", "'", "&",
    "&amp;", "&#1114112;", "&#x0;", "&#99999999999;", "<", ">", "<p>", "</p>", "<a href=", "<a href='x'>",
    "<!--", "-->", "<![CDATA[", "<script>", "</script", "<table><tr><td>", "<svg><title>", "<article>",
    "<pre>\n", "<li hidden class=x>", "{{", "%}", "});", "function(", "window.", "[caption ", "…", "...",
    "[+12 chars]", "Advertisement\n", "Subscribe to continue", "© 2024 ", "A. ", "Mr. ", "“", "- ", " | ",
    "http://[", "0000-00-00", "2026-02-30T25:61:61Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59",
    "en-" + "x" * 40, "\x1e", "<!ENTITY a '&a;'>", "<?xml version='1.0' encoding='x'?>", "<item>", "</item>", "<rss>",
    "<body.content>", "xmlns:a=", "<newsItem>", "<REUTERS>", "WARC/1.0\r\n", "Content-Length: 9\r\n", ",\"", "\t",
)  # fmt: skip
#: Values put in the place of others in a tree of JSON.
VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 1e308, 10**40, "", " ", "x", [], {}, [[]], [None], {"value": "x"}, {"rendered": "<p>x</p>"},
    {"name": "x"}, "2026-02-03", "canceled", "text/html", "en", ["a", "b"], [{"role": "main", "value": "<p>x"}],
)  # fmt: skip
NAMES = (
    "id", "uri", "url", "source", "provider", "title", "headline", "headlines", "content", "body", "text",
    "bodies", "data", "data_base64", "datacontenttype", "specversion", "published_at", "expires", "language",
    "wordCount", "pubstatus", "@graph", "@type", "articleBody", "content_html", "isAccessibleForFree", "publisher",
)  # fmt: skip
HEADERS = ("content-type", "ce_id", "ce_specversion", "ce_source", "ce_time", "ce_datacontenttype", "x")
CONTENT_TYPES = (
    "application/json", "text/html", "text/plain; charset=utf-8", "application/cloudevents+json", "", "x",
    "application/rss+xml", "text/xml; charset=latin-1", "application/x-ndjson", "text/csv",
)  # fmt: skip
#: Most inputs are as long as articles; so many of a thousand repeat a slice of themselves up to a megabyte.
LONG_OF_THOUSAND, LONG, LONGEST = 1, 20_000, 1_000_000


class Input(NamedTuple):
    """A Kafka record."""

    value: bytes
    key: bytes | None
    headers: tuple[tuple[str, bytes], ...]


def seeds() -> tuple[bytes, ...]:
    """The records of every case and of the demo."""
    found = files("monitor.demo").joinpath("articles.jsonl").read_bytes().splitlines()
    for path in sorted(CASES.glob("*.json")):
        for case in json.loads(path.read_text()):
            if "value" in case:
                found.append(json.dumps(case["value"], ensure_ascii=False).encode())
            if "text" in case:
                found.append(case["text"].encode())
    return tuple(record for record in found if record)


def made(random: Random, known: tuple[bytes, ...]) -> Input:
    """An input: some seed, changed once to six times."""
    value = random.choice(known)
    mutations = BROKEN if random.random() < SHARE_BROKEN else WHOLE
    for _ in range(random.randint(1, 6)):
        value = random.choice(mutations)(value, random, known)
    if random.randrange(1000) < LONG_OF_THOUSAND and value:
        first = random.randrange(len(value))
        piece = value[first : first + random.choice((1, 3, 10, 100, 1000))]
        value = value[:first] + piece * (int(LONG * (LONGEST / LONG) ** random.random()) // len(piece)) + value[first:]
    key = random.choice((None, b"", b"key", b"\xff\x00", value[:50]))
    headers = [
        (name, random.choice((random.choice(CONTENT_TYPES).encode(), value[:20], b"1.0", b"\xff")))
        for name in HEADERS
        if random.random() < 0.1
    ]
    return Input(value, key, tuple(headers))


def _flipped(value: bytes, random: Random, _: tuple[bytes, ...]) -> bytes:
    changed = bytearray(value)
    for _n in range(random.randint(1, 8)):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _cut(value: bytes, random: Random, _: tuple[bytes, ...]) -> bytes:
    first = random.randrange(len(value) + 1)
    return value[:first] + value[first + random.choice((1, 5, 50, 5000)) :]


def _doubled(value: bytes, random: Random, _: tuple[bytes, ...]) -> bytes:
    first = random.randrange(len(value) + 1)
    piece = value[first : first + random.choice((1, 5, 50, 500))]
    return value[:first] + piece * random.choice((2, 3, 30)) + value[first:]


def _pieced(value: bytes, random: Random, _: tuple[bytes, ...]) -> bytes:
    for _n in range(random.randint(1, 6)):
        at = random.randrange(len(value) + 1)
        piece = random.choice(PIECES).encode("utf-8", "surrogatepass") * random.choice((1, 1, 2, 40))
        value = value[:at] + piece + value[at:]
    return value


def _spliced(value: bytes, random: Random, known: tuple[bytes, ...]) -> bytes:
    other = random.choice(known)
    return value[: random.randrange(len(value) + 1)] + other[random.randrange(len(other) + 1) :]


def _replanted(value: bytes, random: Random, known: tuple[bytes, ...]) -> bytes:
    """One place of a tree of JSON has another value, name or depth; the bytes as they are where they are no JSON."""
    try:
        tree = json.loads(value)
    except (ValueError, RecursionError):
        return value
    places = _places(tree)
    if not places:
        return json.dumps({random.choice(NAMES): tree}).encode()
    holder, name = random.choice(places)
    kind = random.randrange(4)
    if kind == 0:
        holder[name] = deepcopy(random.choice(VALUES))
    elif kind == 1:
        holder[name] = {random.choice(NAMES): holder[name]}
    elif kind == 2:
        for _n in range(random.choice((1, 5, 300))):
            holder[name] = [holder[name]]
    elif isinstance(holder, dict):
        holder[random.choice(NAMES)] = holder.pop(name)
    return _written(tree, random) or value


def _retold(value: bytes, random: Random, known: tuple[bytes, ...]) -> bytes:
    """The longest text in a tree of JSON is changed as bytes are, now and then for the worse; else as bytes."""
    try:
        tree = json.loads(value)
    except (ValueError, RecursionError):
        return random.choice(BROKEN)(value, random, known)
    texts = [(holder, name) for holder, name in _places(tree) if isinstance(holder[name], str)]
    if not texts:
        return value
    holder, name = max(texts, key=lambda place: len(place[0][place[1]]))
    text = holder[name].encode("utf-8", "surrogatepass")
    changed = random.choice((_pieced, _doubled, _cut, _spliced))(text, random, known)
    holder[name] = changed.decode("utf-8", random.choice(("ignore", "replace", "surrogateescape")))
    return _written(tree, random) or value


def _places(tree: Any) -> list[tuple[Any, Any]]:
    """Objects and lists, each with a name or index in it; five hundred of them at most."""
    places: list[tuple[Any, Any]] = []
    stack = [tree]
    while stack and len(places) < 500:
        at = stack.pop()
        pairs = list(at.items()) if isinstance(at, dict) else list(enumerate(at)) if isinstance(at, list) else []
        places.extend((at, name) for name, _ in pairs)
        stack.extend(child for _, child in pairs)
    return places


def _written(tree: Any, random: Random) -> bytes | None:
    """JSON, in ASCII or not; None where it is nested too deep to be written."""
    try:
        return json.dumps(tree, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    except RecursionError:
        return None


Mutation = Callable[[bytes, Random, tuple[bytes, ...]], bytes]
#: What leaves JSON as JSON, and what seldom does: most inputs shall reach the scorer.
WHOLE: tuple[Mutation, ...] = (_replanted, _retold, _retold)
BROKEN: tuple[Mutation, ...] = (_flipped, _cut, _doubled, _pieced, _spliced, _replanted)
SHARE_BROKEN = 0.2


def unsound(article: Article, verdict: Verdict) -> str | None:
    """What is wrong with a verdict, or None."""
    at = 0
    for paragraph in verdict.paragraphs:
        if not at <= paragraph.start < paragraph.end <= len(article.text):
            return f"paragraph {paragraph} does not follow {at}"
        if article.text[at : paragraph.start].strip():
            return f"text before paragraph {paragraph} is in none"
        at = paragraph.end
    if article.text[at:].strip():
        return "text behind the last paragraph is in none"
    # The ranges of numbers are the schema's: they are checked as it is read again.
    if msgspec.json.decode(msgspec.json.encode(verdict), type=Verdict) != verdict:
        return "it is another when read again"
    return None


class Fuzzer:
    """Gives inputs to the decoders and the scorer, and counts what came of them."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._known = seeds()
        self._scorer = Scorer(Model.load(), lambda _: flags.thresholds())
        self._scorer.score(Article(id="first", text="One line.\nAnd another one."), NOW)
        self.outcomes: Counter[str] = Counter()
        self.slowest = (0.0, 0, 0)

    def run(self, number: int) -> str | None:
        """Give it the input of that number; returns the finding, if it is one."""
        random = Random(f"{self._seed} {number}")
        given = made(random, self._known)
        started = time.process_time()
        try:
            finding = self._take(given)
            if number % 10 == 0:
                self._as_file(given.value, random)
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            finding = traceback.format_exc(limit=-4)
        spent = time.process_time() - started
        self.slowest = max(self.slowest, (spent, number, len(given.value)))
        return finding or (f"{spent:.1f} s of CPU" if spent > SLOW else None)

    def _take(self, given: Input) -> str | None:
        """The finding of the first of its articles that has one; the first article is counted by what came of it."""
        for item in islice(DECODER.articles(given.value, key=given.key, headers=given.headers), ARTICLES_OF_INPUT):
            error = item.article if isinstance(item.article, Undecodable) else None
            if item.number in (None, 1):
                self.outcomes[error.reason if error else "scored"] += 1
            if isinstance(item.article, Undecodable):
                finding = None if 0 < len(str(error)) < 400 else f"its reason has {len(str(error))} characters"
            else:
                finding = unsound(item.article, self._scorer.score(item.article, NOW))
            if finding:
                return finding
        return None

    def _as_file(self, value: bytes, random: Random) -> None:
        if random.random() < 0.3:
            packed = bytearray(gzip.compress(value, 1))
            if random.random() < 0.5:
                packed[random.randrange(len(packed))] ^= 1 << random.randrange(8)
            value = bytes(packed)
        name = random.choice(("x", "x.jsonl", "x.txt", "x.html", "x.json.gz", "x.csv", "x.sgm", "x.warc", "x.xml"))
        for _ in article_files.read(name, io.BytesIO(value), DECODER):
            self.outcomes["records of files"] += 1


def main() -> None:
    """Print what came of the inputs; exit 1 where there is a finding."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    fuzzer = Fuzzer(options.seed)
    numbers = range(options.inputs) if options.only is None else range(options.only, options.only + 1)
    findings = 0
    started = time.monotonic()
    for number in track(numbers, "fuzzing", disable=not sys.stderr.isatty()):
        if finding := fuzzer.run(number):
            findings += 1
            print(f"input {number} of seed {options.seed}: {finding}", flush=True)
    print(f"{len(numbers)} inputs in {time.monotonic() - started:.0f} s, {findings} findings")
    print("slowest: {:.2f} s of CPU, input {}, {} bytes".format(*fuzzer.slowest))
    print(", ".join(f"{count} {outcome}" for outcome, count in fuzzer.outcomes.most_common()))
    sys.exit(findings > 0)


if __name__ == "__main__":
    main()
