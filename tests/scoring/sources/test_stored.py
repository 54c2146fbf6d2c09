"""What is known of a source as bytes: the same when it comes back, and bounded."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from monitor.scoring.sources import stored
from monitor.scoring.sources.marks import are_lines
from monitor.scoring.sources.templates import MOST
from tests.scoring.sources.made_up import NOTICE, are_templates, learned, sighting, story


def test_source_goes_on_learning_as_if_it_had_never_been_stored() -> None:
    articles = [sighting(str(i), [*story(i), NOTICE]) for i in range(8)]
    name, restored = stored.decode(stored.encode("Daily", learned(*articles[:4])))
    for article in articles[4:]:
        restored = restored.learn(article)
    assert name == "Daily"
    assert stored.encode("Daily", restored) == stored.encode("Daily", learned(*articles))


def test_newer_record_is_read_without_its_new_fields() -> None:
    data = stored.encode("Daily", learned(*(sighting(str(i), [*story(i), NOTICE]) for i in range(3))))
    newer = msgspec.msgpack.encode(msgspec.msgpack.decode(data) | {"mood": "grave"})
    assert are_templates(stored.decode(newer)[1], NOTICE) == [True]


def test_source_of_the_version_before_keeps_its_lines_and_learns_the_rest_anew() -> None:
    source = learned(*(sighting(str(i), [*story(i), NOTICE]) for i in range(3)))
    record = msgspec.msgpack.decode(stored.encode("Daily", source))
    del record["sides"]
    restored = stored.decode(msgspec.msgpack.encode(record))[1]
    assert are_templates(restored, NOTICE, story(1)[0]) == [True, False]
    assert are_lines(restored.counts.marks).all()
    assert not restored.counts.odds.any()
    assert are_templates(restored.learn(sighting("9", [*story(9), NOTICE])), NOTICE) == [True]


def test_source_of_large_articles_stays_below_its_bound() -> None:
    source = learned(*(sighting(str(i), story(i, paragraphs=400)) for i in range(20)))
    assert len(stored.encode("Daily", source)) < 40_000


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff" * 40, b"\x91" * 100_000])
def test_record_that_is_none_is_unreadable(data: bytes) -> None:
    with pytest.raises(stored.UnreadableSource):
        stored.decode(data)


@pytest.mark.parametrize(
    ("marks", "says"), [(np.arange(MOST + 1), "more than a source can have"), (np.array([3, 2, 1]), "not in order")]
)
def test_record_beyond_its_bounds_is_unreadable(marks: np.ndarray, says: str) -> None:
    halves = np.zeros(len(marks), "<f2").tobytes()
    record = stored.StoredSource(
        name="Daily", articles=1.0, marks=marks.astype("<u4").tobytes(), counts=halves, odds=halves
    )
    with pytest.raises(stored.UnreadableSource, match=says):
        stored.decode(msgspec.msgpack.encode(record))


def test_for_scoring_an_old_source_holds_what_recurs_alone() -> None:
    source = learned(*(sighting(str(i), [*story(i), NOTICE]) for i in range(30)))
    small = source.for_scoring()
    assert are_templates(small, NOTICE) == [True]
    assert len(stored.encode("Daily", small)) < len(stored.encode("Daily", source)) / 3
