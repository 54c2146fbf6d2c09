"""The message of every flag that the reported cases raise: a phrase that an editor can read alone."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.articles.decode import Decoder
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.scoring.verdict import Flag
from tests.case_files import CASES

#: Every so many of the cases is scored: some 300 messages of all kinds.
EVERY = 4
LONGEST = 240


@pytest.fixture(scope="module")
def raised() -> list[tuple[str, Flag]]:
    scorer, decoder = Scorer(Model.load(), lambda _: flags.thresholds()), Decoder()
    files = [json.loads(file.read_text()) for file in sorted((CASES / "reported").glob("*.json"))]
    values: list[Any] = [case["value"] for cases in files for case in cases][::EVERY]
    articles = [decoder.decode(json.dumps(value).encode()) for value in values]
    now = datetime(2026, 3, 5, tzinfo=UTC)
    return [(article.text, flag) for article in articles for flag in scorer.score(article, now).flags]


def test_every_message_is_one_readable_phrase(raised: list[tuple[str, Flag]]) -> None:
    assert {flag.code for _, flag in raised} >= {"truncated", "thin", "mojibake", "markup", "repeated_body"}
    for _, flag in raised:
        assert flag.message.isprintable(), flag
        assert len(flag.message) <= LONGEST, flag
        assert flag.message == " ".join(flag.message.split()), flag
        assert not flag.message.endswith("."), flag
        assert flag.message.count("“") == flag.message.count("”") or flag.code in {"mojibake", "truncated"}, flag
        assert "“”" not in flag.message, flag


def test_every_message_says_how_much_or_where(raised: list[tuple[str, Flag]]) -> None:
    for _, flag in raised:
        assert re.search(r"\d", flag.message) or re.search(r"publisher declares|no word", flag.message), flag
        assert 0 < flag.score <= 1, flag
