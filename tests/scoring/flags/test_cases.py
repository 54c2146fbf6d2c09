"""Each defect's cases and hard negatives, by flags alone: ``tests/cases/*.json``, written for this project.

A case is a record as it arrives under ``value``, and under ``expected`` the codes of its flags, all of them. A case
marked ``known_failure`` must fail: where it no longer does, take the mark away.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.articles.decode import Decoder
from monitor.scoring import flags
from monitor.scoring.score import Scorer
from tests.case_files import cases

FILES = (
    "repeated",
    "hard_negatives",
    "truncated",
    "mojibake",
    "markup",
    "language_mismatch",
    "thin",
    "withdrawn",
)


class NothingIsBoilerplate:
    """Stands in for the model, so that a case judges its own check."""

    def probabilities(self, texts: Sequence[str], **_: object) -> list[float]:
        return [0.0] * len(texts)


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(NothingIsBoilerplate(), lambda _: flags.thresholds())  # type: ignore[arg-type]


@pytest.mark.parametrize("case", list(cases(*FILES)))
def test_case(case: dict[str, Any], scorer: Scorer) -> None:
    article = Decoder().decode(json.dumps(case["value"]).encode())
    verdict = scorer.score(article, datetime(2026, 3, 5, tzinfo=UTC))
    assert [str(flag.code) for flag in verdict.flags] == case["expected"], [flag.message for flag in verdict.flags]
