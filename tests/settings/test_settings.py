"""The settings in one place: names, descriptions that stand alone, secrets and thresholds."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.scoring.flags.thin import ThinThresholds
from monitor.settings import SECRETS, Settings


def words_of_source(settings: Settings, source: str) -> int:
    thresholds = settings.thresholds_for(source)
    assert isinstance(thresholds, ThinThresholds)
    return thresholds.thin_words


def test_each_setting_is_described_by_a_phrase_that_stands_alone() -> None:
    for name, setting in Settings.model_fields.items():
        description = setting.description or ""
        assert len(description.split()) >= 3, name
        assert not description.startswith(("its ", "as ", "the same", "it ")), name


def test_each_secret_has_a_file_beside_it(tmp_path: Path) -> None:
    assert SECRETS == ("sasl_password", "ssl_key_password", "web_token")
    for name in SECRETS:
        assert f"{name}_file" in Settings.model_fields
    (tmp_path / "token").write_text("0123456789abcdef\n")
    settings = Settings(web_token_file=tmp_path / "token")
    assert settings.secret("web_token") == "0123456789abcdef"
    assert "0123456789abcdef" not in repr(settings)


def test_thresholds_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_THRESHOLDS__THIN_WORDS", "20")
    monkeypatch.setenv("MONITOR_SOURCES", '{"Brief": {"thin_words": 5}}')
    settings = Settings()
    assert words_of_source(settings, "Daily") == 20
    assert words_of_source(settings, "Brief") == 5
    assert settings.thresholds_for("Daily") is settings.thresholds_for("Other")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"thresholds": {"thin_wordz": 2}}, "no such threshold: thin_wordz"),
        ({"sources": {"Brief": {"thin_words": -1}}}, "Brief: thin_words must be at least 0"),
        ({"fields": {"boddy": "x"}}, "no such field: boddy; there are body, id"),
        ({"hang_seconds": 1}, "hang_seconds .* must be longer than delivery_timeout_seconds"),
    ],
)
def test_wrong_setting_is_named(given: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Settings(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("servers", "message"),
    [
        ("kafka://kafka-1:9092", "kafka://kafka-1:9092 has a scheme; write kafka-1:9092"),
        ("kafka-1", "kafka-1 is not HOST:PORT, as in kafka-1:9092"),
        ("kafka-1:9092,", "an empty address is not HOST:PORT"),
        ("::1:9092", "::1:9092 is not HOST:PORT"),
    ],
)
def test_address_with_scheme_or_without_port_is_refused(servers: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Settings(bootstrap_servers=servers)


@pytest.mark.parametrize("servers", ["kafka-1:9092, kafka-2:9092", "[::1]:9092", "10.0.0.1:9092"])
def test_addresses_with_a_port_are_taken(servers: str) -> None:
    assert Settings(bootstrap_servers=servers).bootstrap_servers == servers


@pytest.mark.parametrize(
    ("names", "message"),
    [(("news", "news"), "news is named twice"), (("news in",), "'news in' is no topic's name")],
)
def test_input_topics_that_cannot_be_are_refused(names: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Settings(input_topics=names)


def test_misspelt_variable_is_named_with_what_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    # As Kubernetes sets for a service of that name.
    monkeypatch.setenv("MONITOR_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("MONITOR_PORT_8080_TCP_ADDR", "10.0.0.1")
    assert Settings().group == "monitor"
    monkeypatch.setenv("MONITOR_BOOTSTRAP_SERVER", "kafka-1:9092")
    with pytest.raises(ValidationError, match=r"MONITOR_BOOTSTRAP_SERVER in the .* MONITOR_BOOTSTRAP_SERVERS is meant"):
        Settings()
