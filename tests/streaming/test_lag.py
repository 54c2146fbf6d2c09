"""Seconds behind, of one partition."""

from __future__ import annotations

from monitor.streaming.lag import Behind


def test_what_was_there_at_the_start_has_no_seconds() -> None:
    behind = Behind()
    assert behind.look(0, committed=0, end=100) is None
    assert behind.look(5, committed=99, end=150) is None
    assert behind.look(10, committed=100, end=150) == 5, "150 was first seen at 5"
    assert behind.look(12, committed=150, end=150) == 0


def test_a_partition_that_is_not_handled_falls_behind_a_second_a_second() -> None:
    behind = Behind()
    assert behind.look(0, committed=7, end=7) == 0
    assert behind.look(5, committed=7, end=9) == 0
    assert behind.look(10, committed=7, end=20) == 5
    assert behind.look(65, committed=7, end=20) == 60


def test_steady_work_stays_as_far_behind_as_it_is() -> None:
    behind = Behind()
    behind.look(0, committed=0, end=0)
    looks = [behind.look(n, committed=10 * (n - 3), end=10 * n) for n in range(4, 40)]
    assert set(looks[3:]) == {2}


def test_looks_are_bounded() -> None:
    behind = Behind()
    behind.look(0, committed=0, end=0)
    for n in range(1, 5000):
        behind.look(n, committed=0, end=n)
    assert behind.look(5000, committed=0, end=5000) == 999
