"""Damaged copies: what is said to repeat does, and nothing else was added."""

from __future__ import annotations

import re
from random import Random

import pytest

from monitor.evaluation import damage
from monitor.scoring.text.text import count_words
from tests.evaluation.made_up import BODY

STRENGTHS = (0.3, 0.6, 1.0)
SEEDS = range(5)


def bare(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower().replace(",", "")))


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("make", damage.REPEATING, ids=lambda make: make.__name__)
def test_repeated_ranges_hold_text_of_the_body(make: damage.Maker, strength: float) -> None:
    for seed in SEEDS:
        copy = make(BODY, Random(seed), strength)
        assert copy.repeated
        for start, end in copy.repeated:
            assert bare(copy.text[start:end]) <= bare(BODY)
        rest = copy.text
        for start, end in reversed(copy.repeated):
            rest = rest[:start] + rest[end:]
        # All of the body is left where the repeats are taken out.
        assert bare(BODY) <= bare(rest)


@pytest.mark.parametrize("make", damage.REPEATING, ids=lambda make: make.__name__)
def test_the_same_seed_makes_the_same_copy(make: damage.Maker) -> None:
    assert make(BODY, Random(1), 0.6) == make(BODY, Random(1), 0.6)


def test_a_stronger_block_is_longer() -> None:
    def repeated(strength: float) -> int:
        return sum(end - start for start, end in damage.block_twice(BODY, Random(3), strength).repeated)

    assert repeated(0.5) < repeated(1.0) == len(BODY.replace("\n", ""))


def test_a_cut_body_is_its_beginning() -> None:
    for seed in range(30):
        copy = damage.cut(BODY, Random(seed), 0.6)
        kept = re.sub(r"\s?(?:…( \[\+\d+ chars\])?|\.\.\.)$", "", copy.text)
        assert BODY.startswith(kept)
        assert len(kept) < len(BODY)
        if copy.declared_words is not None:
            assert copy.declared_words > len(copy.text.split()) / 0.6


def test_wrong_decoding_can_be_undone_or_lost_signs() -> None:
    copies = {damage.decoded_wrongly(BODY, Random(seed), 1.0).text for seed in range(20)}
    assert BODY not in copies
    assert any("â€" in copy for copy in copies)
    assert all(len(copy.split("\n")) == len(BODY.split("\n")) for copy in copies)
    ascii_only = "No sign here is beyond ASCII.\nNor here."
    assert damage.decoded_wrongly(ascii_only, Random(1), 1.0).text == ascii_only


def test_markup_is_put_in() -> None:
    for seed in range(20):
        assert re.search(r"<[a-z/!]|&\w+;|&#39;|[{}]|\[caption", damage.marked_up(BODY, Random(seed), 0.6).text)


def test_a_stub_has_few_words_of_the_body() -> None:
    for seed in range(20):
        story, _, paywall = damage.stubbed(BODY, Random(seed), 0.3).text.partition("\n")
        assert BODY.replace("\n", " ").startswith(story)
        assert count_words([story])[0] <= 45
        assert paywall == "" or "ubscri" in paywall


@pytest.mark.parametrize("strength", STRENGTHS)
def test_a_buried_body_is_whole_and_the_lesser_part(strength: float) -> None:
    waste = [f"Five things to know about parcel {i} before the weekend" for i in range(60)]
    for seed in SEEDS:
        copy = damage.buried(BODY, waste, Random(seed), strength)
        assert copy is not None
        assert BODY in copy.text
        assert 1 - count_words([BODY])[0] / count_words([copy.text])[0] == pytest.approx(
            0.42 + 0.25 * strength, abs=0.04
        )
    assert damage.buried(BODY, waste[:2], Random(1), strength) is None
