"""Sightings: what they hold, how large they are, and what becomes of what is none."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from monitor.scoring.sources.sighting import MOST_LINES, Sighting, Unreadable, headline_hash, source_key
from tests.scoring.sources.made_up import sighting, story


def test_sighting_comes_back_as_it_was_encoded() -> None:
    seen = sighting("1", story(1), title="Ferry stopped")
    read = Sighting.decode(seen.encode())
    assert read == seen
    assert read.line_words.tolist() == [len(line.split()) for line in story(1)]
    assert read.line_odds.tolist() == pytest.approx([-2.0] * 4, abs=0.03)


def test_sighting_holds_no_text() -> None:
    seen = sighting("1", ["Nobody shall read this sentence elsewhere."], title="Secret headline")
    assert b"Nobody" not in seen.encode()
    assert b"headline" not in seen.encode().replace(b"\xa8headline", b"")


def test_sighting_of_thirty_paragraphs_is_below_two_kilobytes() -> None:
    assert len(sighting("1", story(1, paragraphs=30)).encode()) <= 2_000


def test_sighting_of_a_huge_article_is_bounded() -> None:
    seen = sighting("1", story(1, paragraphs=3_000))
    assert len(seen.written) == MOST_LINES
    assert len(seen.encode()) < 20_000


def test_newer_sighting_is_read_without_its_new_fields() -> None:
    newer = msgspec.msgpack.decode(sighting("1", story(1)).encode()) | {"mood": "grave", "places": [1, 2]}
    assert Sighting.decode(msgspec.msgpack.encode(newer)) == sighting("1", story(1))


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"not msgpack", b"{}", msgspec.msgpack.encode({"id": "1"}), b"\x91" * 100_000]
)
def test_record_that_is_no_sighting_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        Sighting.decode(data)


def test_arrays_of_other_lengths_are_unreadable() -> None:
    cut = msgspec.structs.asdict(sighting("1", story(1))) | {"odds": b"\x01"}
    with pytest.raises(Unreadable, match="not one length"):
        Sighting.decode(msgspec.msgpack.encode(cut))


@pytest.mark.parametrize(
    "name", ["Daily News", "DAILY NEWS", " Daily  News", "Da\N{ZERO WIDTH SPACE}ily News", "Ｄaily News\N{SOFT HYPHEN}"]
)
def test_source_is_one_however_its_name_is_written(name: str) -> None:
    assert source_key(name) == "daily news"


def test_source_of_invisible_characters_keeps_its_name() -> None:
    assert source_key("\N{ZERO WIDTH SPACE}") == "\N{ZERO WIDTH SPACE}"


def test_vowel_signs_are_no_invisible_characters() -> None:
    assert source_key("हिन्दी") == "हिन्दी"


def test_headlines_are_compared_without_case_and_blanks() -> None:
    assert headline_hash("Ferry  stopped") == headline_hash("FERRY stopped") != headline_hash("Ferry")
    assert headline_hash(None) == headline_hash(" ") == 0


def test_odds_beyond_a_byte_are_cut() -> None:
    assert np.abs(sighting("1", story(1), odds=99).line_odds).max() <= 6.4
