"""What a person says of articles, beside the verdict."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.articles.article import Article
from monitor.evaluation.documents import Unusable
from monitor.evaluation.judgements import ANY, Judgement, agreement, read_judgement
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from tests.evaluation.made_up import BODY


def test_line_without_a_judgement_has_none() -> None:
    assert read_judgement(b'{"content": "The ferry is good."}') is None
    assert read_judgement(b'{"content": "x", "good": true}') == Judgement(frozenset(), True)
    assert read_judgement(b'{"content": "x", "good": false}') == Judgement(None, False)
    assert read_judgement(b'{"expected": ["truncated"]}') == Judgement(frozenset({"truncated"}), False)
    assert read_judgement(b'{"expected": ["language_mismatch"]}') == Judgement(frozenset({"language_mismatch"}), True)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"expected": ["cut"]}', "expected names 'cut', which is no flag; there are repeated_body, "),
        (b'{"expected": "truncated"}', "not a judgement: "),
        (b'{"good": "yes"}', "not a judgement: "),
    ],
)
def test_judgement_that_cannot_be_read_is_named(line: bytes, message: str) -> None:
    with pytest.raises(Unusable, match=message):
        read_judgement(line)


def test_agreement_names_what_is_right_wrong_and_missed() -> None:
    verdict = Scorer(Model.load(), lambda _: flags.thresholds()).score(
        Article(id="1", text=BODY + "\nThe mayor said that the…"), datetime(2026, 3, 5, tzinfo=UTC)
    )
    right, wrong, missed = (
        {"right": 0.0, "wrong": 0.0, "missed": 0.0} | {key: 1.0} for key in ("right", "wrong", "missed")
    )
    assert agreement(Judgement(frozenset({"truncated", "thin"}), False), verdict) == {
        ANY: right,
        "judgements: truncated": right,
        "judgements: thin": missed,
    }
    assert agreement(Judgement(frozenset(), True), verdict) == {ANY: wrong, "judgements: truncated": wrong}
    assert agreement(Judgement(None, False), verdict) == {ANY: right}
