"""The cases of ``tests/cases/*.json`` as parameters of a test; one marked ``known_failure`` must fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CASES = Path(__file__).parent / "cases"


def cases(*names: str) -> Iterator[Any]:
    """The cases of the named files, each under its file's name and its label."""
    for name in names:
        for case in json.loads((CASES / f"{name}.json").read_text()):
            marks = [pytest.mark.xfail(strict=True, reason=case["comment"])] if case.get("known_failure") else []
            yield pytest.param(case, id=f"{name}: {case['label']}", marks=marks)
