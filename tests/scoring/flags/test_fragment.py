"""What stands behind the last full stop of a text."""

from __future__ import annotations

from monitor.scoring.flags.fragment import fragment, probability

WHOLE = "Divers freed the propeller of the ferry by the evening, in water that was as cold as ice."


def test_sentence_that_ends_leaves_no_fragment() -> None:
    for end in ("", " (kas)", " – Reuters", "（完）"):
        assert fragment([WHOLE + end], [17]) is None


def test_credit_that_hangs_on_a_full_stop_is_no_fragment() -> None:
    assert fragment([WHOLE + "(wal)"], [18]) is None
    assert fragment(["연락선이 다시 다닐 것이라고 약속했다.이수진기자"], [6]) is None


def test_thai_needs_no_full_stop_before_a_credit() -> None:
    assert fragment(["สะพานจะปิดตั้งแต่วันจันทร์หน้า (สำนักข่าวไทย)"], [40]) is None


def test_sentence_that_breaks_off_is_likelier_a_cut_than_a_name() -> None:
    cut = fragment([WHOLE, WHOLE + " The mayor said that the"], [17, 22])
    name = fragment([WHOLE, WHOLE + "\nMaren Holt, Lower Quay"], [17, 21])
    assert cut is not None
    assert name is not None
    assert probability(cut) > probability(name)
