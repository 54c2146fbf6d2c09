"""Thresholds: their bounds, and one class for those of all flags."""

from __future__ import annotations

import pytest

from monitor.scoring import flags
from monitor.scoring.flags.thin import ThinThresholds
from monitor.scoring.thresholds import Thresholds


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"near_duplicate": 0}, "near_duplicate must be above 0, not 0"),
        ({"near_duplicate": 1.5}, "near_duplicate must be at most 1, not 1.5"),
        ({"repeated_body_share": float("nan")}, "repeated_body_share must be a number"),
        ({"repeated_body_share": True}, "repeated_body_share must be a number"),
        ({"thin_words": 2.5}, "thin_words must be a whole number, not 2.5"),
        ({"thin_words": -1}, "thin_words must be at least 0, not -1"),
    ],
)
def test_value_out_of_bounds_is_named(values: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        flags.thresholds(**values)


def test_thresholds_of_all_flags_fit_each_check() -> None:
    thresholds = flags.thresholds(thin_words=7.0)
    assert isinstance(thresholds, ThinThresholds)
    assert repr(thresholds.thin_words) == "7"
    for kind in flags.FLAGS:
        assert isinstance(thresholds, kind.thresholds)


def test_each_threshold_has_a_description() -> None:
    for threshold in flags.THRESHOLDS.values():
        assert len(threshold.metadata["description"]) > 20
    assert issubclass(flags.AllThresholds, Thresholds)
