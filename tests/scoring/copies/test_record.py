"""The record of a copy: what is written is read again, and what is none says why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.scoring.copies.record import Comparison, Copy, Outlet, Place, Reach, UnreadableCopy
from monitor.scoring.verdict import Flag

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
COPY = Copy(
    kind="copy",
    article=Outlet(id="b", source="Evening", place=Place("articles", 1, 7)),
    earlier=Outlet(id="a", source="Morning", title="Ferry sails", published_at=AT),
    comparison=Comparison(similarity=0.9, coverage=1.0, added=0.1),
    headline_changed=False,
    age_seconds=3600.0,
    reach=Reach(copies=2, outlets=2, first_at=AT, last_at=AT),
    flags=(Flag("copy", 1.0, "carries the story of Morning"),),
)


def test_record_is_read_as_it_was_written() -> None:
    assert Copy.decode(COPY.encode()) == COPY


def test_field_of_newer_schema_is_left_out() -> None:
    assert Copy.decode(COPY.encode()[:-1] + b',"mood":"new"}') == COPY


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000, b'{"kind": "copy"}'])
def test_record_that_is_none_says_so(data: bytes) -> None:
    with pytest.raises(UnreadableCopy, match="not a copy"):
        Copy.decode(data)


def test_verdict_names_the_earlier_copy() -> None:
    copy_of = COPY.copy_of
    assert (copy_of.id, copy_of.source, copy_of.published_at, copy_of.coverage) == ("a", "Morning", AT, 1.0)
