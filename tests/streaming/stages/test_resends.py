"""What comes again is noticed, within a bounded memory."""

from __future__ import annotations

from monitor.streaming.stages.resends import Resends


def test_the_same_id_with_the_same_text_is_seen_again() -> None:
    resent = Resends()
    assert [resent.seen("a", "x"), resent.seen("a", "y"), resent.seen("b", "x"), resent.seen("a", "x")] == [
        False,
        False,
        False,
        True,
    ]


def test_the_one_not_seen_for_longest_is_forgotten() -> None:
    resent = Resends(2)
    for id_ in ("a", "b", "a", "c"):
        resent.seen(id_, "x")
    assert resent.seen("a", "x")
    assert not resent.seen("b", "x")


def test_any_text_can_be_remembered() -> None:
    assert not Resends().seen("\ud83d", "\x00")
