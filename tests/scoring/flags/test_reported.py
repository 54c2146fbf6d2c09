"""Inputs in the spirit of public bug reports, by the whole scorer: ``tests/cases/reported/*.json``.

A case is a record as it arrives under ``value``, the report whose kind it is under ``seen_in``, and under ``expected``:

- ``flags``: each must be raised; a list in place of a code: any one of it. ``allow``: may be raised. No other flag may
  be, where the two of repetition count as one.
- ``boilerplate`` and ``story``: blocks of the text, counted from 1, all of whose paragraphs are or are not boilerplate.
  Blocks are parted by blank lines, where there is none by line breaks.
- ``repeats``: a block and the earlier one that it repeats.

A case marked ``known_failure`` must fail: where it no longer does, take the mark away.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.articles.decode import Decoder
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.scoring.verdict import BOILERPLATE, ParagraphVerdict, Verdict
from tests.case_files import CASES, cases

FILES = sorted(f"reported/{path.stem}" for path in (CASES / "reported").glob("*.json"))
REPEATED = {"repeated_body", "repeated_paragraphs"}


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(Model.load(), lambda _: flags.thresholds())


@pytest.mark.parametrize("case", list(cases(*FILES)))
def test_reported_case_is_judged_as_expected(case: dict[str, Any], scorer: Scorer) -> None:
    article = Decoder().decode(json.dumps(case["value"]).encode())
    verdict = scorer.score(article, datetime(2026, 3, 5, tzinfo=UTC))
    wrong = list(wrong_flags(case["expected"], verdict))
    wrong += wrong_paragraphs(case["expected"], verdict, article.text)
    assert not wrong, [flag.message for flag in verdict.flags]


def wrong_flags(expected: dict[str, Any], verdict: Verdict) -> Iterator[str]:
    raised, allowed = {str(flag.code) for flag in verdict.flags}, set(expected.get("allow", []))
    for code in expected["flags"]:
        any_of = {code} if isinstance(code, str) else set(code)
        allowed |= any_of
        if not raised & any_of:
            yield f"no {' or '.join(sorted(any_of))}"
    if allowed & REPEATED:
        allowed |= REPEATED
    yield from sorted(raised - allowed)


def wrong_paragraphs(expected: dict[str, Any], verdict: Verdict, text: str) -> Iterator[str]:
    places = blocks(text)

    def within(block: int) -> list[ParagraphVerdict]:
        start, end = places[block - 1]
        return [p for p in verdict.paragraphs if p.start < end and p.end > start]

    for block in expected.get("boilerplate", []):
        if not all(p.boilerplate >= BOILERPLATE for p in within(block)):
            yield f"block {block} is boilerplate, not {[p.boilerplate for p in within(block)]}"
    for block in expected.get("story", []):
        if any(p.boilerplate >= BOILERPLATE for p in within(block)):
            yield f"block {block} is story, not {[p.boilerplate for p in within(block)]}"
    for block, earlier in expected.get("repeats", {}).items():
        repeats = within(int(block))[0].repeats
        if repeats is None or verdict.paragraphs[repeats] not in within(earlier):
            yield f"block {block} repeats {earlier}, not paragraph {repeats}"


def blocks(text: str) -> list[tuple[int, int]]:
    """Where each block of a text begins and ends."""
    separator = "\n\n" if "\n\n" in text else "\n"
    places, start = [], 0
    for block in text.split(separator):
        places.append((start, start + len(block)))
        start += len(block) + len(separator)
    return places
