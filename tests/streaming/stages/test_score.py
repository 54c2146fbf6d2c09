"""The stage score: one record in, its outputs out, whatever it holds."""

from __future__ import annotations

import gzip
import json
import logging
import tracemalloc
from datetime import UTC, datetime

import msgspec
import pytest

from monitor.articles.article import Article
from monitor.articles.decode import Decoder
from monitor.metrics import Metrics
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.copies.fingerprint import Fingerprint
from monitor.scoring.copies.record import Place
from monitor.scoring.score import Scorer
from monitor.scoring.sources import stored
from monitor.scoring.sources.sighting import Sighting
from monitor.scoring.sources.templates import SourceTemplates
from monitor.settings import Settings
from monitor.settings.kafka import TopicNames
from monitor.source_labels import SourceLabels
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.engine.records import Headers, InputRecord, Output
from monitor.streaming.stages.score import Score
from monitor.streaming.stages.sources import Sources
from monitor.streaming.topics import TEMPLATES
from tests.scoring.sources.made_up import story

SENTENCES = (
    "The harbour board met on Tuesday to settle the winter timetable of the island ferry.",
    "Three captains spoke against the later sailing, which they called a danger in fog.",
    "The mayor answered that the school children could not be left on the quay until dark.",
    "A vote is expected before the end of the month, and the ferry keeps its hours until then.",
)


def input_record(value: bytes | None, headers: Headers = ()) -> InputRecord:
    return InputRecord("articles", 2, 7, 12.5, b"k", value, headers)


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(Model.load(), Settings().thresholds_for)


def stage(scorer: Scorer) -> Score:
    return Score(Decoder(), scorer, TopicNames(), Metrics(), SourceLabels(5), lambda: datetime(2026, 1, 1, tzinfo=UTC))


def refusal(tested: Score, record: InputRecord) -> Refused:
    with pytest.raises(Refused) as raised:
        tested.outputs(record)
    return raised.value


def delivered(tested: Score, record: InputRecord) -> list[Output]:
    outputs = tested.outputs(record)
    assert not [output for output in outputs if isinstance(output, Refused)]
    return [output for output in outputs if isinstance(output, Output)]


def record(text: str) -> InputRecord:
    return input_record(json.dumps({"id": "a", "content": text, "source": "Lantern"}).encode())


def test_a_good_copy_is_one_verdict_under_its_id(scorer: Scorer) -> None:
    scored, sighting, fingerprint = delivered(stage(scorer), record("\n".join(SENTENCES)))
    assert (scored.topic, scored.key) == ("articles.scored", b"a")
    assert (sighting.topic, sighting.key) == ("articles.sightings", b"lantern")
    assert (fingerprint.topic, fingerprint.key) == ("articles.fingerprints", b"a")
    assert json.loads(scored.value or b"")["bad"] is False


def test_a_bad_copy_is_flagged_too(scorer: Scorer) -> None:
    tested = stage(scorer)
    scored, flagged, *_ = delivered(tested, record("\n".join(SENTENCES * 2)))
    assert (scored.topic, flagged.topic) == ("articles.scored", "articles.flagged")
    assert scored.value == flagged.value
    (repeated,) = (f for f in json.loads(scored.value or b"")["flags"] if f["code"] == "repeated_body")
    assert repeated["message"].startswith("paragraphs 5-8 repeat 1-4")
    assert dict(flagged.headers) == dict(scored.headers) == {"monitor.place": b"articles-2@7"}


BAD_INPUT = {
    "tombstone": None,
    "not_json": b"{",
    "not_utf8": b'{"content": "\xff"}',
    "no_body": b'{"id": 1}',
    "body_type": b'{"content": {"x": 1}}',
    "empty": b'{"content": " "}',
    "too_deep": b"[" * 100_000,
    "record_too_large": b"x" * 6_000_000,
    "text_too_large": b'{"content": "' + b"x" * 1_100_000 + b'"}',
}


@pytest.mark.parametrize(("reason", "value"), BAD_INPUT.items(), ids=BAD_INPUT)
def test_record_that_is_no_article_is_refused_with_its_reason(scorer: Scorer, reason: str, value: bytes | None) -> None:
    refused = refusal(stage(scorer), input_record(value))
    assert (refused.reason, refused.step) == (reason, "decode")
    assert refused.reason in Score.reasons
    assert str(refused)


ODD_TEXTS = {
    "10,000 paragraphs": "\n".join(f"Paragraph {n} of many." for n in range(10_000)),
    "one line of a megabyte": "word " * 200_000,
    "a megabyte without a blank": "x" * 1_000_000,
    "NUL bytes": "a\x00b\x00\n" * 50,
    "lone surrogates": "\ud83d one \udc00 two",
    "blank marks": "\u2028\u2029\u200b x",
}


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_any_text_is_a_verdict(scorer: Scorer, text: str) -> None:
    outputs = delivered(stage(scorer), record(text))
    assert outputs[0].topic == "articles.scored"
    assert json.loads(outputs[0].value or b"")["paragraphs"]


def test_a_failing_scorer_costs_neither_the_record_nor_the_worker(scorer: Scorer) -> None:
    class Broken:
        def read(self, *_: object) -> None:
            raise ZeroDivisionError("a defect")

    tested = stage(scorer)
    tested._scorer = Broken()  # type: ignore[assignment]
    refused = refusal(tested, record("x"))
    assert (refused.reason, refused.step) == ("scoring_failed", "score")
    assert isinstance(refused.cause, ZeroDivisionError)


def test_what_fails_is_logged_without_the_text(scorer: Scorer, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def read(self, article: Article, *_: object) -> None:
            raise ValueError(article.text)

    tested = stage(scorer)
    tested._scorer = Broken()  # type: ignore[assignment]
    with caplog.at_level(logging.INFO):
        assert refusal(tested, record("a text of its own")).reason == "scoring_failed"
        refusal(tested, input_record(b'{"content": "a text of its own'))
    assert "articles-2@7: scoring failed: ValueError < test_score.py" in caplog.text
    assert "a text of its own" not in caplog.text


def test_a_packed_value_is_unpacked_and_a_damaged_one_is_refused(scorer: Scorer) -> None:
    packed = gzip.compress(b'{"content": "x"}')
    assert delivered(stage(scorer), input_record(packed))[0].topic == "articles.scored"
    assert refusal(stage(scorer), input_record(packed[:-9])).reason == "bad_gzip"


FEED = [{"id": "1", "content": "One."}, {"id": "2"}, {"id": "3", "content": "Three."}, 5]


def test_each_article_of_a_record_has_a_verdict_or_a_reason(scorer: Scorer) -> None:
    outputs = stage(scorer).outputs(input_record(json.dumps({"articles": FEED}).encode()))
    assert [output.key for output in outputs if isinstance(output, Output) and output.topic == "articles.scored"] == [
        b"1",
        b"3",
    ]
    refused = [(output.item, output.reason) for output in outputs if isinstance(output, Refused)]
    assert refused == [(2, "no_body"), (4, "not_an_object")]
    assert "item 2" in str(next(output for output in outputs if isinstance(output, Refused)))


def test_more_articles_than_a_record_may_hold_are_refused_at_the_end(scorer: Scorer) -> None:
    outputs = stage(scorer).outputs(input_record(b"[" + b"5," * 10_001 + b"5]"))
    assert len(outputs) == 10_001
    assert isinstance(outputs[-1], Refused)
    assert outputs[-1].reason == "several_articles"


def test_a_value_that_unpacks_to_gigabytes_is_refused_in_bounded_memory(scorer: Scorer) -> None:
    zeros = gzip.compress(b'{"content": "' + b"\0" * 100_000_000)
    tested = stage(scorer)
    for bomb in (zeros, gzip.compress(zeros)):
        tracemalloc.start()
        try:
            assert refusal(tested, input_record(bomb)).reason == "record_too_large"
            assert tracemalloc.get_traced_memory()[1] < 30_000_000
        finally:
            tracemalloc.stop()


def test_counters_begin_at_0_and_count_what_comes_again(scorer: Scorer) -> None:
    """A counter that appears with its first step would hide that step from ``rate()``."""
    tested = stage(scorer)

    def value(name: str, **labels: str) -> float | None:
        return tested._metrics.registry.get_sample_value(name, labels)

    assert value("monitor_articles_total", source="Lantern", verdict="bad") is None
    tested.outputs(record("\n".join(SENTENCES)))
    assert value("monitor_articles_total", source="Lantern", verdict="bad") == 0
    assert value("monitor_flags_total", source="Lantern", code="markup") == 0
    assert value("monitor_articles_resent_total", source="Lantern") == 0
    tested.outputs(record("\n".join(SENTENCES)))
    assert value("monitor_articles_resent_total", source="Lantern") == 1


def test_sighting_says_where_its_article_lies(scorer: Scorer) -> None:
    output = delivered(stage(scorer), record("\n".join(SENTENCES)))[1]
    sighting = Sighting.decode(output.value or b"")
    assert (sighting.topic, sighting.partition, sighting.offset, sighting.timestamp) == ("articles", 2, 7, 12_500)
    assert (sighting.id, sighting.source, len(sighting.written)) == ("a", "Lantern", len(SENTENCES))
    assert output.headers == (("monitor.schema", b"1"),)


def test_templates_that_are_followed_mark_paragraphs(scorer: Scorer) -> None:
    tested, learner = stage(scorer), Sources(Metrics())
    for number in range(5):
        text = "\n".join((*story(number, paragraphs=6), SENTENCES[0]))
        (_, output, _) = delivered(tested, record(text)._replace(offset=number))
        seen = msgspec.structs.replace(Sighting.decode(output.value or b""), id=str(number))
        learner.outputs(record(text)._replace(key=output.key, value=seen.encode()))
    tested.follow(TEMPLATES, b"lantern", learner.save(2, b"lantern"))
    verdict = json.loads(delivered(tested, record("\n".join((*story(9), SENTENCES[0]))))[0].value or b"")
    assert [paragraph["template"] for paragraph in verdict["paragraphs"]] == [False] * 4 + [True]
    tested.follow(TEMPLATES, b"lantern", None)
    verdict = json.loads(delivered(tested, record("\n".join((*story(9), SENTENCES[0]))))[0].value or b"")
    assert not any(paragraph["template"] for paragraph in verdict["paragraphs"])


def test_newer_templates_replace_those_kept_decoded(scorer: Scorer) -> None:
    tested = stage(scorer)
    key = b"lantern"
    tested.follow(TEMPLATES, key, stored.encode("Lantern", SourceTemplates(articles=1)))
    assert tested._known(key).articles == 1
    tested.follow(TEMPLATES, key, stored.encode("Lantern", SourceTemplates(articles=2)))
    assert tested._known(key).articles == 2
    tested.follow(TEMPLATES, key, None)
    assert tested._known(key).articles == 0


def test_templates_that_do_not_decode_are_counted_and_left_out(scorer: Scorer) -> None:
    tested = stage(scorer)
    tested.follow(TEMPLATES, b"lantern", b"damaged")
    assert tested._metrics.registry.get_sample_value("monitor_unreadable_templates_total") == 1
    assert delivered(tested, record("\n".join(SENTENCES)))[0].topic == "articles.scored"


def test_fingerprint_says_where_its_article_lies(scorer: Scorer) -> None:
    output = delivered(stage(scorer), record("\n".join(SENTENCES)))[2]
    fingerprint = Fingerprint.decode(output.value or b"")
    assert (fingerprint.place, fingerprint.timestamp) == (Place("articles", 2, 7), 12_500)
    assert (fingerprint.id, fingerprint.source, fingerprint.words) == ("a", "Lantern", 63)
    assert len(fingerprint.signature.rows) == 59
