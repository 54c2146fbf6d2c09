"""The settings of the worker: waits that fit into each other, and limits that can be switched off."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from monitor.settings import Settings


def test_worker_waits_longer_for_progress_than_for_a_delivery() -> None:
    settings = Settings()
    assert settings.session_timeout_seconds < settings.delivery_timeout_seconds < settings.hang_seconds
    assert Settings(hang_seconds=31, delivery_timeout_seconds=30).hang_seconds == 31
    with pytest.raises(
        ValidationError, match=r"hang_seconds \(30\) must be longer than delivery_timeout_seconds \(30\)"
    ):
        Settings(hang_seconds=30, delivery_timeout_seconds=30)


def test_stopping_fits_into_the_grace_period_of_kubernetes() -> None:
    assert Settings().shutdown_seconds < 30


@pytest.mark.parametrize("name", ["dead_letter_consecutive", "dead_letter_ratio", "source_labels"])
def test_limit_can_be_switched_off_by_zero(name: str) -> None:
    assert Settings(**{name: 0}).model_dump()[name] == 0  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match=name):
        Settings(**{name: -1})  # type: ignore[arg-type]


def test_sources_with_labels_of_their_own_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_SOURCE_ALLOW", '["Daily Example", "Lantern"]')
    assert Settings().source_allow == ("Daily Example", "Lantern")
