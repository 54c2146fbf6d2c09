"""The verdict as the contract says it."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from monitor import __version__
from monitor.articles.article import Article
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.flags import thresholds
from monitor.scoring.score import Scorer
from monitor.scoring.verdict import Verdict
from tests.scoring.repetition.test_find import STORY

NOW = datetime(2026, 3, 5, 6, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(Model.load(), lambda source: thresholds(thin_words=5) if source == "Brief" else thresholds())


def test_a_body_that_stands_twice(scorer: Scorer) -> None:
    text = "\n".join((*STORY, *STORY))
    verdict = scorer.score(Article(id="1", text=text, source="Daily", title="Ferry", language="en"), NOW)
    assert verdict.repetition == 0.5
    assert verdict.bad
    assert [flag.code for flag in verdict.flags] == ["repeated_body"]
    assert verdict.flags[0].message == "paragraphs 6-10 repeat 1-5: 50 % of the text stands twice"
    assert [p.repeats for p in verdict.paragraphs] == [None] * 5 + [0, 1, 2, 3, 4]
    assert [p.similarity for p in verdict.paragraphs] == [None] * 5 + [1.0] * 5
    assert [text[p.start : p.end] for p in verdict.paragraphs] == [*STORY, *STORY]
    assert (verdict.id, verdict.source, verdict.title, verdict.version) == ("1", "Daily", "Ferry", __version__)
    assert (verdict.language, verdict.words, verdict.scored_at) == ("en", 2 * sum(len(x.split()) for x in STORY), NOW)


def test_it_survives_its_json(scorer: Scorer) -> None:
    verdict = scorer.score(Article(id="1", text="\n".join(STORY)), NOW)
    assert msgspec.json.decode(msgspec.json.encode(verdict), type=Verdict) == verdict


def test_thresholds_are_the_sources(scorer: Scorer) -> None:
    for source, codes in (("Brief", []), ("Daily", ["thin"])):
        verdict = scorer.score(Article(id="1", text=STORY[0], source=source), NOW)
        assert [flag.code for flag in verdict.flags] == codes


def test_an_empty_text_is_thin(scorer: Scorer) -> None:
    verdict = scorer.score(Article(id="1", text=""), NOW)
    assert (verdict.words, verdict.repetition, verdict.boilerplate, verdict.paragraphs) == (0, 0, 0, ())
    assert [flag.code for flag in verdict.flags] == ["thin"]


def test_the_declared_language_stands_where_none_is_detected(scorer: Scorer) -> None:
    assert scorer.score(Article(id="1", text="12 34", language="mt"), NOW).language == "mt"
    assert scorer.score(Article(id="1", text="\n".join(STORY), language="de"), NOW).language == "en"


def test_a_flag_that_only_informs_does_not_make_a_copy_bad(scorer: Scorer) -> None:
    verdict = scorer.score(Article(id="1", text="\n".join(STORY), language="de"), NOW)
    assert [flag.code for flag in verdict.flags] == ["language_mismatch"]
    assert not verdict.bad
