"""monitor settings: what it prints can be read back, and says what each setting is."""

from __future__ import annotations

import tomllib
from pathlib import Path

from monitor.settings import Settings
from tests.cli.test_commands import run


def test_printed_settings_with_odd_names_can_be_read_back(tmp_path: Path) -> None:
    environment = {"MONITOR_SOURCE_ALLOW": f'["Daily", "{chr(0x1F980)}\\u007f"]', "MONITOR_GROUP": "a\tb"}
    printed = run("settings", cwd=tmp_path, environment=environment).stdout
    values = tomllib.loads(printed.decode())
    assert values["source_allow"] == ["Daily", "\U0001f980\x7f"]
    assert values["group"] == "a\tb"
    assert values["thresholds"]["thin_words"] == 50
    (tmp_path / "monitor.toml").write_bytes(printed)
    assert run("settings", cwd=tmp_path).stdout == printed


def test_each_setting_is_printed_under_its_description(tmp_path: Path) -> None:
    lines = run("settings", cwd=tmp_path).stdout.decode().splitlines()
    for name, setting in Settings.model_fields.items():
        following = lines[lines.index(f"# {setting.description}") + 1]
        assert following.split(" ")[0].strip("[]") == name or following == f"# {name} is not set"


def test_secret_is_not_printed(tmp_path: Path) -> None:
    done = run("settings", cwd=tmp_path, environment={"MONITOR_WEB_TOKEN": "0123456789abcdef"})
    assert b"# web_token is set, and hidden" in done.stdout
    assert b"0123456789abcdef" not in done.stdout + done.stderr
