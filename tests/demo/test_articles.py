"""The demo's articles carry the flags that they were written to show."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest

from monitor.articles.decode import Decoder
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.settings import Settings

ARTICLES = files("monitor.demo").joinpath("articles.jsonl").read_bytes().splitlines()
#: What is known to be missed, or flagged beside what is right, with the reason.
KNOWN_FAILURES = {
    "phare-006": "a stub's call to subscribe reads like a sentence of the story",
}


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(Model.load(), Settings().thresholds_for)


@pytest.mark.parametrize("line", ARTICLES, ids=lambda line: json.loads(line)["id"])
def test_flags(scorer: Scorer, line: bytes) -> None:
    record: dict[str, Any] = json.loads(line)
    verdict = scorer.score(Decoder().decode(line), datetime(2026, 3, 5, tzinfo=UTC))
    codes = sorted(flag.code for flag in verdict.flags)
    if record["id"] in KNOWN_FAILURES and codes != sorted(record["expect"]):
        pytest.xfail(KNOWN_FAILURES[record["id"]])
    assert codes == sorted(record["expect"])


def test_there_are_enough_of_them_in_several_languages() -> None:
    records = [json.loads(line) for line in ARTICLES]
    assert len(records) >= 40
    assert len({record["language"] for record in records}) >= 6
    assert len({record["source"] for record in records}) >= 7
    assert {code for record in records for code in record["expect"]} >= {
        "repeated_body", "repeated_paragraphs", "boilerplate_heavy", "truncated", "mojibake", "markup", "thin",
        "withdrawn", "language_mismatch",
    }  # fmt: skip
