"""Dates as feeds write them, as instants in UTC."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.dates import parse

DATES = st.datetimes().map(str) | st.text(alphabet="0123456789-:TZ+ .GMTJanEST,/", max_size=30)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-03-05T06:07:08Z", "2026-03-05T06:07:08+00:00"),
        ("2026-03-05T06:07:08+01:00", "2026-03-05T05:07:08+00:00"),
        ("2026-03-05", "2026-03-05T00:00:00+00:00"),
        ("Thu, 05 Mar 2026 06:07:08 EST", "2026-03-05T11:07:08+00:00"),
        ("Thu Mar 05 2026 06:07:08 GMT+0100 (Central European Standard Time)", None),
        ("Mar 05 2026 06:07:08 GMT+0100 (MEZ)", "2026-03-05T05:07:08+00:00"),
        ("5 March 2026", "2026-03-05T00:00:00+00:00"),
        (1_772_690_828, "2026-03-05T06:07:08+00:00"),
        (1_772_690_828_000, "2026-03-05T06:07:08+00:00"),
        ("1772690828", "2026-03-05T06:07:08+00:00"),
        ("5 March", None),
        ("yesterday", None),
        (True, None),
        ("2026" * 40, None),
    ],
)
def test_date_is_an_instant_in_utc(value: object, expected: str | None) -> None:
    moment = parse(value)
    assert (moment.isoformat() if moment else None) == expected


@given(st.text(max_size=80) | DATES | st.integers() | st.floats())
def test_any_date_is_an_instant_in_utc_or_none(value: str | float) -> None:
    moment = parse(value)
    assert moment is None or moment.utcoffset() == timedelta(0)


def test_date_depends_on_no_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    dates = ["2026-02-03 10:00 EST", "Feb 3 2026 10:00 CET", "2026-02-03 10:00", "3 Feb 2026 10:00 XYZ", "Feb 2026"]
    expected = [parse(date) for date in dates]
    for zone in ("America/New_York", "Europe/Berlin", "Asia/Tokyo"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert [parse(date) for date in dates] == expected
    monkeypatch.undo()
    time.tzset()
    assert [date.hour if date else None for date in expected] == [15, 9, 10, 10, 0]
