"""The paragraphs that are no part of the story, on texts written for it: ``tests/cases/boilerplate.json``.

A case names, counted from 1, the paragraphs that are boilerplate, and under ``expected`` the codes of its flags. A
case marked ``known_failure`` must fail: where it no longer does, take the mark away.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.articles.decode import Decoder
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.scoring.verdict import BOILERPLATE
from tests.case_files import cases


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(Model.load(), lambda _: flags.thresholds())


@pytest.mark.parametrize("case", list(cases("boilerplate")))
def test_case(case: dict[str, Any], scorer: Scorer) -> None:
    verdict = scorer.score(Decoder().decode(json.dumps(case["value"]).encode()), datetime(2026, 3, 5, tzinfo=UTC))
    marked = [i for i, paragraph in enumerate(verdict.paragraphs, 1) if paragraph.boilerplate >= BOILERPLATE]
    assert marked == case["boilerplate"], [paragraph.boilerplate for paragraph in verdict.paragraphs]
    assert [str(flag.code) for flag in verdict.flags] == case["expected"], [flag.message for flag in verdict.flags]
