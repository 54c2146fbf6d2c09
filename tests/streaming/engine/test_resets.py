"""Where a partition is read from when its offset is not in the log."""

from __future__ import annotations

import pytest
from faust.types import TP

from monitor.streaming.engine.resets import CONFIRM_SECONDS, Cause, FirstStart, Refusals, Reset, message, reset


@pytest.mark.parametrize(("first_start", "offset"), [("earliest", 10), ("latest", 90)])
def test_group_without_offset_begins_where_the_setting_says(first_start: FirstStart, offset: int) -> None:
    assert reset(None, 10, 90, first_start) == Reset(Cause.FIRST_START, None, offset, None)


@pytest.mark.parametrize("first_start", ["earliest", "latest"])
def test_offset_out_of_range_never_means_the_end(first_start: FirstStart) -> None:
    assert reset(3, 10, 90, first_start) == Reset(Cause.DELETED_UNREAD, 3, 10, 7)
    assert reset(91, 10, 90, first_start) == Reset(Cause.LOG_LOST, 91, 10, None)


@pytest.mark.parametrize("asked", [10, 50, 90])
def test_offset_in_the_log_stays(asked: int) -> None:
    assert reset(asked, 10, 90, "earliest") is None


HERE, THERE = TP("articles", 0), TP("articles", 1)


def test_messages_name_partitions_offsets_and_what_to_do() -> None:
    text = message(Cause.DELETED_UNREAD, {HERE: Reset(Cause.DELETED_UNREAD, 3, 10, 7)})
    assert "before they were read: articles-0 offsets 3 to 9. Going on behind them; raise retention.ms" in text
    text = message(
        Cause.LOG_LOST, {HERE: Reset(Cause.LOG_LOST, 91, 10, None), THERE: Reset(Cause.LOG_LOST, 7, 0, None)}
    )
    assert "end of the log: articles-0 asked for 91, begins at 10, articles-1 asked for 7, begins at 0." in text
    assert "ask their producers" in text
    text = message(Cause.LOG_REPLACED, {HERE: Reset(Cause.LOG_REPLACED, 50, 10, None)})
    assert "not those that were read: articles-0 asked for 50, begins at 10." in text
    assert "ask their producers" in text
    text = message(Cause.FIRST_START, {HERE: Reset(Cause.FIRST_START, None, 10, None)})
    assert text.endswith("begins with articles-0 at 10")


def test_refused_offset_is_due_once_it_was_refused_for_long_enough() -> None:
    refusals = Refusals()
    refusals.add(HERE, 7, 0.0)
    refusals.add(THERE, None, 0.0)
    assert refusals.due() == {THERE: None}, "a first start needs no second answer"
    refusals.add(HERE, 7, CONFIRM_SECONDS)
    assert refusals.due() == {HERE: 7, THERE: None}
    refusals.forget([HERE, THERE])
    assert refusals.due() == {}


def test_another_offset_begins_its_wait_anew() -> None:
    refusals = Refusals()
    refusals.add(HERE, 7, 0.0)
    refusals.add(HERE, 8, CONFIRM_SECONDS)
    assert refusals.due() == {}
