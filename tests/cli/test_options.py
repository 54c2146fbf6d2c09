"""Flags made from the settings."""

from __future__ import annotations

import inspect

import pytest
import typer

from monitor.cli.options import load, with_settings
from monitor.settings import Settings


def test_command_gets_a_flag_for_each_named_setting() -> None:
    received = []

    @with_settings("group")
    def command(settings: Settings, limit: int = 1) -> None:
        received.append((settings.group, limit))

    assert list(inspect.signature(command).parameters) == ["more", "group"]
    command(group="mine", more=2)
    command(group=None, more=3)
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
