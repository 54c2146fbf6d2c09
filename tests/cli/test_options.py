"""Flags made from the settings."""

from __future__ import annotations

import inspect
import os
from pathlib import Path

import pytest
import typer

from monitor.cli.options import load, unknown_variables, with_settings
from monitor.settings import Settings


def test_command_gets_a_flag_for_each_named_setting() -> None:
    received = []

    @with_settings("group")
    def command(settings: Settings, limit: int = 1) -> None:
        received.append((settings.group, limit))

    assert list(inspect.signature(command).parameters) == ["limit", "group", "config"]
    command(group="mine", limit=2, config=None)
    command(group=None, limit=3, config=None)
    assert received == [("mine", 2), ("monitor", 3)]


def test_wrong_setting_is_named_with_its_value(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        load(log_level="LOUD")
    assert "log_level" in (message := capsys.readouterr().err)
    assert "got 'LOUD'" in message


def test_secret_is_left_out_of_the_error(capsys: pytest.CaptureFixture[str]) -> None:
    given = "short-secret"
    with pytest.raises(typer.Exit):
        load(web_token=given)
    assert given not in capsys.readouterr().err


def test_unknown_variable_is_named_with_what_was_meant() -> None:
    environment = {"MONITOR_GROPU": "x", "MONITOR_GROUP": "x", "MONITOR_THRESHOLDS__THIN_WORDS": "9", "OTHER": "x"}
    assert list(unknown_variables(environment)) == [("MONITOR_GROPU", "MONITOR_GROUP")]
    assert list(unknown_variables({"MONITOR_QQQQQQ": "x"})) == [("MONITOR_QQQQQQ", None)]


def test_variables_that_kubernetes_makes_are_left_out() -> None:
    made = ["MONITOR_SERVICE_HOST", "MONITOR_SERVICE_PORT_WEB", "MONITOR_PORT", "MONITOR_PORT_8080_TCP_ADDR"]
    assert list(unknown_variables(dict.fromkeys(made, "10.0.0.1"))) == []


def test_config_is_read_in_place_of_monitor_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_CONFIG", "")
    (tmp_path / "mine.toml").write_text('group = "mine"\n')
    assert load(tmp_path / "mine.toml").group == "mine"
    assert os.environ["MONITOR_CONFIG"] == str(tmp_path / "mine.toml")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('group = "a"'.encode("utf-16"), "is not UTF-8; save it as UTF-8"),
        (b"grop = 'a'", "grop is no setting; did you mean group?"),
        (b"not toml", "check "),
    ],
)
def test_damaged_settings_file_is_named(
    tmp_path: Path, content: bytes, expected: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_CONFIG", "")
    (tmp_path / "mine.toml").write_bytes(content)
    with pytest.raises(typer.Exit):
        load(tmp_path / "mine.toml")
    assert expected in capsys.readouterr().err


def test_config_that_does_not_exist_is_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        load(tmp_path / "none.toml")
    assert ended.value.exit_code == 2
    assert "no such file" in capsys.readouterr().err
