"""Copies made of a known page, each with its labels: more around the story, lines lost, lines added, another script."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.documents import FOLDS, Document
from monitor.scoring.text import paragraphs
from monitor.scoring.text.text import Text

#: A notice, by its sentences, some of which may be left out.
Notice = Sequence[str]
#: A line, whether it is of the story, and whether that is sure.
Line = tuple[str, int, int]


def lines_of(document: Document) -> list[Line]:
    """The lines of the container."""
    return list(zip(document["container"], document["container_content"], document["sure"], strict=True))


def with_lines(document: Document, lines: Sequence[Line]) -> Document:
    """The document with other lines in its container."""
    container, content, sure = map(list, zip(*lines, strict=True)) if lines else ([], [], [])
    return document | {"container": container, "container_content": content, "sure": sure}


def words_in(line: str) -> int:
    """About how many words there are; of a script without blanks two characters are one."""
    return max(len(line.split()), sum(unicodedata.category(character) == "Lo" for character in line) // 4)


def cropped(document: Document, random: np.random.Generator) -> Document | None:
    """The page from some lines above the story to some below it; None where no line is of the story."""
    inside = np.flatnonzero(document["page_content"])
    if not len(inside):
        return None
    first = max(int(inside[0]) - int(random.integers(0, 15)), 0)
    last = int(inside[-1]) + 1 + int(random.integers(0, 60))
    lines = zip(document["page"][first:last], document["page_content"][first:last], strict=True)
    return with_lines(document, [(line, content, 1) for line, content in lines])


def buried(document: Document, random: np.random.Generator) -> Document | None:
    """The body among other lines of its page, which make 46 to 67 % of the words; None where these are too few.

    Half the time all of them stand behind the body, else the first third before it.
    """
    body = [(line, 1, 1) for line in document["body"].splitlines() if line.strip()]
    waste = [
        (line, 0, 1) for line, inside in zip(document["page"], document["page_content"], strict=True) if not inside
    ]
    if not waste:
        return None
    words = np.cumsum([words_in(line) for line, _, _ in waste])
    need = sum(words_in(line) for line, _, _ in body) * random.uniform(0.85, 2.0)
    if words[-1] < need:
        return None
    added = waste[: int(np.searchsorted(words, need)) + 1]
    before = len(added) // 3 if random.random() < 0.5 else 0
    return with_lines(document, [*added[:before], *body, *added[before:]])


def one_line(document: Document, apart: int = 0) -> Document:
    """The container as it arrives with its line breaks lost, but those behind its first ``apart`` lines: ``raw`` is
    that text, the lines are the pieces that it is split into.

    A piece is of the story where most of its characters are; ``share`` says how many, 0 to 1.
    """
    lines = lines_of(document)
    raw = "".join(line + ("\n" if number < apart else " ") for number, (line, _, _) in enumerate(lines))
    begins = np.cumsum([0, *(len(line) + 1 for line, _, _ in lines)])
    content = np.array([content for _, content, _ in lines], np.float64)
    sure = np.array([sure for _, _, sure in lines])
    pieces, shares = [], []
    for start, end in paragraphs.split(raw):
        first, last = np.searchsorted(begins, start, "right") - 1, np.searchsorted(begins, end, "left")
        overlap = np.minimum(begins[first + 1 : last + 1], end) - np.maximum(begins[first:last], start)
        share = float((overlap * content[first:last]).sum() / max(overlap.sum(), 1))
        pieces.append((raw[start:end], int(share >= 0.5), int(sure[first:last].all())))
        shares.append(share)
    return with_lines(document, pieces) | {"share": shares, "raw": raw}


def read(document: Document) -> Text:
    """The container as scoring reads it, a paragraph a line, or a piece of the line that it arrived on."""
    return Text.read(document["raw"]) if "raw" in document else Text.of_lines(document["container"])


_SENTENCE_END = re.compile(r"(?<=[.!?。！？])(?<!\b\w\.)\s*(?=[\w“\"„«])")


def relined(document: Document, random: np.random.Generator) -> Document:
    """The container with some lines joined to the next of their kind, some split after a sentence, and, of every
    third copy, the full stops at the ends of lines left out.
    """
    join, split, stopless = random.uniform(0, 0.4), random.uniform(0, 0.4), random.random() < 1 / 3
    lines: list[Line] = []
    for line, content, sure in lines_of(document):
        if lines and lines[-1][1:] == (content, sure) and random.random() < join:
            lines[-1] = (f"{lines[-1][0]} {line}", content, sure)
        elif content and random.random() < split:
            lines += [(part, content, sure) for part in _SENTENCE_END.split(line) if part.strip()]
        else:
            lines.append((line, content, sure))
    if stopless:
        lines = [(line.rstrip(".。") or line, content, sure) for line, content, sure in lines]
    return with_lines(document, lines)


def notices() -> dict[str, list[Notice]]:
    """By language, what publishers write around any story: disclaimers, consent, calls to subscribe, what companies
    write below their releases. Made up.
    """
    listed: dict[str, list[Notice]] = json.loads(Path(__file__).with_name("notices.json").read_text())
    return listed


def noted(document: Document, known: Sequence[Notice], random: np.random.Generator) -> Document:
    """The container with one to three of the notices: most behind it, some before it or anywhere within.

    Of a notice some sentences in a row, on one line or each on its own. ``notices`` says of each line whether it is
    one.
    """
    lines = [(*line, 0) for line in lines_of(document)]
    for at in random.permutation(len(known))[: random.integers(1, 4)]:
        notice = known[at]
        first = int(random.integers(len(notice)))
        last = int(random.integers(first, len(notice))) + 1
        name = document.get("source") or "The Evening Ledger"
        sentences = [sentence.replace("{name}", name) for sentence in notice[first:last]]
        if random.random() < 0.7:
            sentences = [" ".join(sentences)]
        place = random.choice((len(lines), int(random.integers(len(lines) + 1)), 0), p=(0.6, 0.3, 0.1))
        lines[place:place] = [(line, 0, 1, 1) for line in sentences]
    return with_lines(document, [line[:3] for line in lines]) | {"notices": [line[3] for line in lines]}


#: What stands between "Read also" and the headline, and around the whole.
_COLONS = (": ", ": ", ": ", " : ", " – ", " | ", " ", " > ")
_AROUND = (("", ""),) * 6 + (("» ", ""), (">> ", ""), ("• ", ""), ("[", "]"), ("(", ")"), ("► ", ""), ("- ", ""))
_AROUND_WIDE = (("", ""),) * 3 + (("【", "】"), ("▼", ""), ("■", ""), ("[", "]"), ("（", "）"))


def story(document: Document) -> Document:
    """The lines of the container that are of the story, alone; the container where there are none."""
    lines = [line for line in lines_of(document) if line[1]]
    return with_lines(document, lines) if lines else document


def interrupted(
    document: Document,
    phrases: Mapping[str, Sequence[str]],
    headlines: Sequence[str],
    random: np.random.Generator,
) -> Document:
    """The container, interrupted by lines such as "Read also: …": phrases of the kinds "more", "call", "share",
    "legal", "byline", "release" and "caption", the first of them with a headline of another page behind it.
    """
    lines = lines_of(document)
    wide = any("\u3040" <= character <= "\u9fff" for character in "".join(line for line, _, _ in lines[:3]))
    for _ in range(int(random.integers(1, 5))):
        kind = str(random.choice(("more",) * 6 + ("call", "share", "legal", "caption", "byline", "release")))
        listed = phrases.get(kind) or phrases["more"]
        phrase = listed[int(random.integers(len(listed)))]
        phrase = phrase.upper() if random.random() < 0.15 else phrase[:1].upper() + phrase[1:]
        around = _AROUND_WIDE if wide else _AROUND
        before, after = around[int(random.integers(len(around)))]
        if kind == "more" and headlines and random.random() < 0.85:
            headline = headlines[int(random.integers(len(headlines)))]
            colon = "：" if wide else _COLONS[int(random.integers(len(_COLONS)))]
            line = (
                f"{before}{phrase}{after}{headline}" if wide and after else f"{before}{phrase}{colon}{headline}{after}"
            )
        elif len(phrase.split()) < 2 and not wide:
            continue  # a word alone may be a heading
        else:
            line = f"{before}{phrase}{after}"
        where = len(lines) if random.random() < 0.25 else int(random.integers(1, len(lines) + 1))
        lines.insert(where, (line, 0, 1))
    return with_lines(document, lines)


def using_formulas(document: Document, formulas: Sequence[str], random: np.random.Generator) -> Document:
    """The container with formulas of notices within some paragraphs of the story, which stay story."""
    lines = lines_of(document)
    running = [i for i, (line, content, sure) in enumerate(lines) if content and sure and words_in(line) >= 15]
    if not running or not formulas:
        return document
    for at in random.permutation(running)[: int(random.integers(1, 4))]:
        words = lines[at][0].split(" ")
        formula = formulas[int(random.integers(len(formulas)))]
        if random.random() < 0.3:
            formula = f"“{formula}”"
        if len(words) < 4:  # a script without blanks
            text = lines[at][0]
            where = int(random.integers(len(text) // 4, len(text)))
            changed = text[:where] + formula + text[where:]
        else:
            where = int(random.integers(1, len(words)))
            changed = " ".join([*words[:where], formula, *words[where:]])
        lines[at] = (changed, *lines[at][1:])
    return with_lines(document, lines)


def _letters(first: int, last: int, categories: str) -> list[str]:
    return [chr(code) for code in range(first, last + 1) if unicodedata.category(chr(code)) in categories.split()]


#: Scripts that few or no pages are written in: their letters, whether blanks part words, and what ends a sentence.
SCRIPTS: dict[str, tuple[list[str], bool, str]] = {
    "thai": (_letters(0x0E01, 0x0E4E, "Lo Mn"), False, " "),
    "lao": (_letters(0x0E81, 0x0ECD, "Lo Mn"), False, " "),
    "khmer": (_letters(0x1780, 0x17D1, "Lo Mn Mc"), False, "។"),
    "burmese": (_letters(0x1000, 0x103E, "Lo Mn Mc"), False, "။"),
    "han": (_letters(0x4E00, 0x9FA0, "Lo"), False, "。"),
    "kana": (_letters(0x3042, 0x30F4, "Lo"), False, "。"),
    "arabic": (_letters(0x0621, 0x064A, "Lo"), True, "."),
    "devanagari": (_letters(0x0905, 0x0947, "Lo Mc Mn"), True, "।"),
    "hebrew": (_letters(0x05D0, 0x05EA, "Lo"), True, "."),
    "georgian": (_letters(0x10D0, 0x10F0, "Ll Lo"), True, "."),
    "tamil": (_letters(0x0B85, 0x0BCC, "Lo Mc Mn"), True, "."),
}


def in_script(document: Document, random: np.random.Generator) -> Document:
    """The container as if written in one of :data:`SCRIPTS`: each word another of that script, always the same.

    So the network meets texts of which the wording says nothing, without capitals, and without stops or blanks.
    """
    name = list(SCRIPTS)[int(random.integers(len(SCRIPTS)))]
    letters, blanks, stop = SCRIPTS[name]
    known: dict[str, str] = {}
    share = 0.35 if name == "han" else 0.55 if name == "kana" else 0.9

    def word(match: re.Match[str]) -> str:
        text = match.group().lower()
        if text not in known:
            size = max(round(len(text) * share), 1) if not "\u2e80" <= text[0] <= "\u9fff" else len(text)
            known[text] = "".join(letters[int(i)] for i in random.integers(len(letters), size=size))
        return known[text]

    wide = name in ("han", "kana")
    lines = []
    for line, content, sure in lines_of(document):
        changed = re.sub(r"[^\W\d_]+", word, line)
        changed = re.sub(r"[.!?。]+(?=\s|$|[”\"»])|[。！？]", stop, changed)
        if not blanks:
            changed = changed.replace(", ", "，" if wide else " ").replace(",", "，" if wide else " ")
            changed = re.sub(r"(?<=\w) (?=\w)", lambda _: " " if random.random() < 0.04 and not wide else "", changed)
            changed = re.sub(r"\s+", "" if wide else " ", changed)
        lines.append((changed.strip() or line, content, sure))
    return with_lines(document, lines)


def phrases() -> dict[str, dict[str, list[str]]]:
    """The phrases that ship, by kind and language."""
    path = Path(__file__).resolve().parent.parent / "monitor/scoring/boilerplate/phrases.json"
    listed: dict[str, dict[str, list[str]]] = json.loads(path.read_text())
    return listed


def of_fold(listed: Sequence[Any], fold: int) -> list[Any]:
    """Every :data:`FOLDS`-th of some, from the ``fold``-th on; all where there are too few to be parted."""
    return list(listed[fold::FOLDS]) if len(listed) >= 10 else list(listed)
