"""``monitor evaluate``: how well verdicts agree with what is known of articles."""

from __future__ import annotations

import gzip
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress

from monitor.articles.article import Article
from monitor.articles.decode import Decoder
from monitor.articles.errors import Undecodable
from monitor.articles.printable import printable
from monitor.cli.options import USAGE, Format, fail, with_settings
from monitor.cli.printing import evaluation_tables
from monitor.evaluation import judge
from monitor.evaluation.documents import Document, Unusable, read_document
from monitor.evaluation.figures import Judged, Line, curve, lines
from monitor.evaluation.judgements import Judgement, agreement, read_judgement
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.scoring.verdict import Verdict
from monitor.settings import Settings

NOTE = (
    "The shipped model was trained on copies-dev and wcxb-dev: figures of boilerplate on these are of its training "
    "data, and too good. The cross-validated ones stand in docs/boilerplate.md."
)


@with_settings()
def evaluate(
    settings: Settings,
    data: Annotated[list[Path], typer.Argument(help="folders of, or files of documents: JSON Lines, also gzip")],
    format_: Annotated[Format, typer.Option("--format", help="auto: tables; json: one object")] = Format.AUTO,
    damage: Annotated[bool, typer.Option("--damage", help="also make damaged copies of the bodies and judge them")] = (
        False
    ),
    sample: Annotated[int, typer.Option(min=1, help="bodies of a set that are damaged, evenly chosen")] = 500,
    plot: Annotated[
        Path | None, typer.Option(help="write boilerplate's threshold against precision and recall, as SVG")
    ] = None,
) -> None:
    """Judge verdicts by documents of which the truth is known: precision, recall, errors, 95 % intervals.

    A document has id, body (or text), and may have set, container and container_content, page and
    page_content: lines, and for each whether it is the body's. An article as monitor score reads it, one
    a line of JSON, with "expected": ["truncated"] (all its flags) or "good": true is a judgement of your
    own: precision and recall are told by flag and source. Exit 2 where input could not be read.

    monitor evaluate --damage --sample 100 documents.jsonl.gz
    """
    if plot is not None:
        _require_matplotlib()
    errors = Console(stderr=True, highlight=False)
    documents, judgements, unread = _read(data, errors)
    if not documents and not judgements:
        raise fail("no documents; give a folder of JSON Lines with id and body or text")
    evaluation = _Evaluation(settings)
    damaged = _evenly(documents, sample) if damage else frozenset()
    judged = []
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as progress:
        for number, document in progress.track(list(enumerate(documents)), description="judging"):
            judged.append(evaluation.judge(document, number in damaged))
    judged += [evaluation.agreement(article, judgement) for article, judgement in judgements]
    figures = list(lines(judged))
    if format_ is Format.JSON:
        sys.stdout.buffer.write(_json(figures, judged) + b"\n")
    else:
        evaluation_tables.show(figures, NOTE)
    if plot is not None:
        evaluation_tables.plot(curve(judged), plot)
    if unread:
        raise fail(f"{unread} could not be read, named above; the rest was judged", USAGE)


class _Evaluation:
    """Judges documents one by one; the clock stands here, so that the judge needs none."""

    def __init__(self, settings: Settings) -> None:
        self._thin_words = settings.thresholds["thin_words"]
        self._scorer = Scorer(Model.load(), settings.thresholds_for)
        self._now = datetime.now(UTC)
        # The first verdict loads what is loaded once.
        self._score(Article(id="first", text="One line.\nAnd another one."))

    def _score(self, article: Article) -> Verdict:
        return self._scorer.score(article, self._now)

    def _timed(self, text: str) -> tuple[Verdict, float]:
        article = Article(id="copy", text=text)
        started = time.process_time()
        verdict = self._score(article)
        return verdict, 1000 * (time.process_time() - started)

    def judge(self, document: Document, damaged: bool) -> Judged:
        """One document's sums, by subject."""
        clean, spent = self._timed(document.body)
        alarms = judge.false_alarms(clean, document.body, self._thin_words)
        sums = {f"false alarms: {code}": row for code, row in alarms.items()}
        repeated = [alarms[code] for code in judge.REPEATED if code in alarms]
        if repeated:
            sums["false alarms: any repetition"] = max(repeated, key=lambda row: row["flagged"])
        container = None
        if document.container:
            verdict, spent = self._timed("\n".join(document.container))
            container = judge.paragraphs(verdict, document.container, document.container_content)
            sums["boilerplate words"] = judge.boilerplate(container)
        sums["CPU ms a verdict"] = {"milliseconds": spent, "verdicts": 1.0}
        if damaged and len(clean.paragraphs) >= judge.PARAGRAPHS:
            by_maker = judge.repetition(document, self._score)
            sums |= {f"repeated words: {name}": row for name, row in by_maker.items()}
            if by_maker:
                sums["repeated words"] = judge.added(*by_maker.values())
            sums |= {f"defect: {code}": row for code, row in judge.defects(document, clean, self._score).items()}
        return Judged(document.set, clean.language or "unknown", sums, container)

    def agreement(self, article: Article, judgement: Judgement) -> Judged:
        """Whether the verdict of one article is the person's, by subject; its set is its source."""
        verdict = self._score(article)
        return Judged(article.source, verdict.language or "unknown", agreement(judgement, verdict))


def _read(paths: list[Path], errors: Console) -> tuple[list[Document], list[tuple[Article, Judgement]], int]:
    """The documents, the judgements, and how many lines or files are neither; each is named."""
    documents: list[Document] = []
    judgements: list[tuple[Article, Judgement]] = []
    decoder = Decoder()
    unread = 0
    for path in _files(paths):
        try:
            with gzip.open(path) if path.name.endswith(".gz") else path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    if not line.strip():
                        continue
                    try:
                        if (judgement := read_judgement(line)) is not None:
                            judgements.append((decoder.decode(line), judgement))
                        else:
                            documents.append(read_document(line, path.name.split(".")[0]))
                    except (Unusable, Undecodable) as error:
                        unread += 1
                        errors.print(printable(f"{path} line {number}: {error}"), markup=False, soft_wrap=True)
        except (OSError, EOFError) as error:
            unread += 1
            reason = getattr(error, "strerror", None) or error
            errors.print(printable(f"{path}: {reason}"), markup=False, soft_wrap=True)
    return documents, judgements, unread


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(x for x in path.iterdir() if x.name.endswith((".jsonl", ".jsonl.gz")))
        else:
            yield path


def _evenly(documents: list[Document], sample: int) -> frozenset[int]:
    """The numbers of at most ``sample`` documents of each set, evenly spread over it."""
    sizes = Counter(document.set for document in documents)
    seen: Counter[str] = Counter()
    chosen = set()
    for number, document in enumerate(documents):
        at, size = seen[document.set], sizes[document.set]
        if at * sample // size != (at - 1) * sample // size or size <= sample:
            chosen.add(number)
        seen[document.set] += 1
    return frozenset(chosen)


def _json(figures: list[Line], judged: list[Judged]) -> bytes:
    points = {name: [point._asdict() for point in points_of_set] for name, points_of_set in curve(judged).items()}
    return msgspec.json.encode({"note": NOTE, "figures": figures, "boilerplate_thresholds": points})


def _require_matplotlib() -> None:
    try:
        import matplotlib as mpl  # noqa: F401
    except ImportError:
        raise fail("--plot needs matplotlib: pip install 'syndication-monitor[plot]'") from None
