"""Dates as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.articles.dates import parse

MOMENT = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-03T04:05:06Z", "20260203T040506Z", "20260203T050506+0100", "Tue, 03 Feb 2026 04:05:06 GMT",
        "2026-02-03T05:05:06+01:00", "1770091506", 1770091506, 1770091506000, "Feb 2, 2026 11:05:06 PM EST",
    ],
)  # fmt: skip
def test_each_form_is_the_same_moment(text: object) -> None:
    assert parse(text) == MOMENT


@pytest.mark.parametrize(
    "text", ["03.02.2026 04:05:06", "3.2.2026, 04:05:06", "03. 02. 2026 04:05:06", "2026.02.03 04:05:06"]
)
def test_between_dots_the_day_stands_first_unless_the_year_does(text: str) -> None:
    assert parse(text) == MOMENT


@pytest.mark.parametrize("text", ["", "yesterday", "10:30", None, True, [], "x" * 100])
def test_what_is_no_date_is_none(text: object) -> None:
    assert parse(text) is None
