"""What holds of the verdict on any text."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.articles.article import Article
from monitor.scoring.boilerplate import Model
from monitor.scoring.score import Scorer
from monitor.scoring.verdict import Verdict
from monitor.settings import Settings

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SCORER = Scorer(Model.load(), Settings().thresholds_for)
WORDS = (
    "the harbour board met to settle winter timetable of island ferry 1,000 tonnes über 港の 委員会 كان राम ไทย".split()
)
lines = st.lists(st.sampled_from(WORDS), min_size=8, max_size=25).map(" ".join)
texts = st.text(max_size=300) | st.lists(lines | st.text(max_size=20), max_size=12).map("\n".join)


def score(text: str) -> Verdict:
    return SCORER.score(Article(id="a", text=text), NOW)


@settings(max_examples=300)
@given(texts)
def test_offsets_cover_every_character_that_is_no_blank_once_and_in_order(text: str) -> None:
    verdict = score(text)
    end = 0
    for paragraph in verdict.paragraphs:
        assert end <= paragraph.start < paragraph.end <= len(text)
        assert not text[end : paragraph.start].strip()
        end = paragraph.end
    assert not text[end:].strip()


@settings(max_examples=200)
@given(texts)
def test_ratios_lie_between_0_and_1_and_repeats_point_back(text: str) -> None:
    verdict = score(text)
    ratios = [verdict.repetition, verdict.boilerplate, *(flag.score for flag in verdict.flags)]
    for index, paragraph in enumerate(verdict.paragraphs):
        ratios.append(paragraph.boilerplate)
        assert (paragraph.repeats is None) == (paragraph.similarity is None)
        if paragraph.repeats is not None:
            assert 0 <= paragraph.repeats < index
            ratios.append(paragraph.similarity or 0.0)
    assert all(0 <= ratio <= 1 for ratio in ratios)


@given(texts)
def test_the_same_text_has_the_same_verdict(text: str) -> None:
    assert score(text) == score(text)


@given(st.lists(lines, min_size=3, max_size=10, unique=True))
def test_a_copy_of_the_body_behind_it_raises_repetition(body: list[str]) -> None:
    text = "\n".join(body)
    twice = score(f"{text}\n{text}")
    assert twice.repetition > score(text).repetition or twice.repetition > 0.49


HOSTILE = {
    "one letter": "x" * 1_000_000,
    "full stops": ". " * 500_000,
    "ellipses": "…" * 1_000_000,
    "angle brackets": "<" * 1_000_000,
    "ampersands": "&" * 1_000_000,
    "braces": "{{" * 500_000,
    "quotes": '"' * 1_000_000,
    "digits and commas": "1,000," * 160_000,
    "mojibake": "Ã©" * 500_000,
    "blanks": " " * 999_999 + "x",
    "ideographs": "港" * 1_000_000,
    "paragraphs all alike": "The harbour board met on Tuesday.\n" * 10_000,
    "paragraphs nearly alike": "\n".join(
        f"The harbour board of town {n} met on Tuesday at noon." for n in range(10_000)
    ),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_megabytes_take_a_bounded_time(text: str) -> None:
    begin = time.process_time()
    score(text)
    # Half a million one-letter sentences are the slowest by far, 11 s; the next is 1 s.
    assert time.process_time() - begin < 60
