"""The last bad copies: what is kept, filtered and corrected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from monitor.scoring.copies.record import Place
from monitor.scoring.verdict import Flag
from monitor.streaming.engine.records import InputRecord
from monitor.web.kept.bad_copies import BadCopies, Heading, Selection, count_codes

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def record(number: int, id_: str = "", source: str = "Lantern", code: str = "thin", title: str = "T") -> InputRecord:
    heading = Heading(
        id=id_ or str(number),
        source=source,
        title=title,
        scored_at=BEGIN + timedelta(seconds=number),
        bad=True,
        flags=(Flag(code, 0.5, "m" * 10_000),),
    )
    headers = (("monitor.place", f"articles-0@{number}".encode()),)
    return InputRecord("articles.flagged", 0, number, 1.0, None, msgspec.json.encode(heading), headers)


def test_latest_copies_are_kept_and_messages_cut() -> None:
    bad = BadCopies(kept=3)
    for number in range(5):
        bad.take(record(number))
    assert [copy.place.offset for copy in bad.latest()] == [4, 3, 2]
    assert len(bad.latest()[0].verdict.flags[0].message) == 500
    assert bad.arrived == 5


def test_article_sent_again_takes_the_place_of_its_copy() -> None:
    bad = BadCopies()
    bad.take(record(1, "a"))
    bad.take(record(2, "a"))
    bad.take(record(2, "a"))
    assert [copy.place.offset for copy in bad.latest()] == [2]
    assert bad.arrived == 2


def test_good_copy_of_the_same_id_clears_the_bad_one() -> None:
    bad = BadCopies()
    bad.take(record(1, "a"))
    bad.good("Another", "a", Place("articles", 0, 2), BEGIN + timedelta(seconds=2))
    bad.good("LANTERN", "a", Place("articles", 0, 0), BEGIN)
    assert len(bad.latest()) == 1, "another source, or an earlier copy, corrects nothing"
    bad.good("LANTERN", "a", Place("articles", 0, 5), BEGIN + timedelta(seconds=5))
    assert bad.latest() == []
    copy, corrected_by = bad.at(Place("articles", 0, 1))
    assert copy is not None
    assert corrected_by == Place("articles", 0, 5)


def test_correction_that_is_read_first_clears_as_well() -> None:
    bad = BadCopies()
    bad.good("Lantern", "a", Place("articles", 0, 5), BEGIN + timedelta(seconds=5))
    bad.take(record(1, "a"))
    assert bad.latest() == []
    bad.take(record(9, "a"))
    assert len(bad.latest()) == 1, "what comes after the correction is bad again"


def test_selection_takes_what_fits_all_of_it() -> None:
    bad = BadCopies()
    bad.take(record(1, source="Lantern", title="Ferry sails"))
    bad.take(record(2, source="Harbour", code="markup"))
    bad.take(record(3, source="lantern ", code="markup"))

    def taken(**asked: str | float) -> list[int]:
        return [copy.place.offset for copy in bad.latest(Selection(**asked))]  # type: ignore[arg-type]

    assert taken(source="LANTERN") == [3, 1]
    assert taken(source="Lantern", code="markup") == [3]
    assert taken(text="FERRY") == [1]
    assert taken(since=BEGIN.timestamp() + 2) == [3, 2]
    assert taken(source="nobody") == []
    assert count_codes(bad.latest()) == [("markup", 2), ("thin", 1)]


def test_record_without_a_place_is_listed_without_one() -> None:
    bad = BadCopies()
    bad.take(record(1)._replace(headers=()))
    assert bad.latest()[0].place == Place()
