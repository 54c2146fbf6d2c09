"""Each format as files and records, against what a user expects: the cases of tests/cases/formats.json."""

from __future__ import annotations

from typing import Any

import pytest

from bench.formats import CASES, EXPECTED, outcome, ways_of

GIVEN = [(case, way) for case in CASES for way in ways_of(case)]


@pytest.mark.parametrize(
    ("case", "way"), GIVEN, ids=[f"{case['format']}, {case['label']}, as a {way}" for case, way in GIVEN]
)
def test_case(case: dict[str, Any], way: str) -> None:
    assert outcome(case, way) == (EXPECTED, "")


def test_labels_are_distinct() -> None:
    labels = [(case["format"], case["label"]) for case in CASES]
    assert len(labels) == len(set(labels))
