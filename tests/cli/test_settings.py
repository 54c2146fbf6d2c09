"""monitor settings: what it prints can be read back, and says what each setting is."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from monitor.settings import Settings
from tests.cli.shell import run


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
    result = run("settings", cwd=tmp_path, environment={"MONITOR_WEB_TOKEN": "0123456789abcdef"})
    assert b"# web_token is set, and hidden" in result.stdout
    assert b"0123456789abcdef" not in result.stdout + result.stderr


def group(tmp_path: Path, **environment: str) -> str:
    """The group in force, in a folder that may hold monitor.toml."""
    return str(json.loads(run("settings", "--format", "json", cwd=tmp_path, environment=environment).stdout)["group"])


def test_settings_come_from_environment_over_file_over_default(tmp_path: Path) -> None:
    assert group(tmp_path) == "monitor"
    (tmp_path / "monitor.toml").write_text('group = "by-file"\n')
    assert group(tmp_path) == "by-file"
    assert group(tmp_path, MONITOR_GROUP="by-env") == "by-env"


def test_printed_settings_can_be_read_back(tmp_path: Path) -> None:
    named = {"MONITOR_GROUP": "mine", "MONITOR_TOPICS": '{"articles.scored": "verdicts", "articles.dead": "dead"}'}
    printed = run("settings", cwd=tmp_path, environment=named).stdout
    assert tomllib.loads(printed.decode())["topics"] == {"articles.scored": "verdicts", "articles.dead": "dead"}
    (tmp_path / "monitor.toml").write_bytes(printed)
    assert run("settings", cwd=tmp_path).stdout == printed


@pytest.mark.parametrize(
    ("file", "environment", "expected"),
    [
        ("", {"MONITOR_FIELDS": "notjson"}, "fields"),
        ("not toml", {}, "monitor.toml"),
        ("[sources.x]\nthin_wordz = 2\n", {}, "thin_wordz"),
        ("[sources.x]\nrepeated_body_share = -9\n", {}, "repeated_body_share"),
        ("grop = 'x'\n", {}, "grop"),
        ("[topics]\n'articles.scord' = 'x'\n", {}, "topics names articles.scord, which nothing writes; there are"),
        ("[topics]\narticles = 'x'\n", {}, "articles is named by input_topics; move it there"),
        ("[topics]\n'articles.dead' = 'a b'\n", {}, "articles.dead: 'a b' is no topic's name"),
        ("[topics]\n'articles.dead' = 'articles.scored'\n", {}, "are both called articles.scored"),
        ("[fields]\nboddy = 'article.text'\n", {}, "no such field: boddy; there are body, id, url, title"),
    ],
)
def test_wrong_setting_is_named(tmp_path: Path, file: str, environment: dict[str, str], expected: str) -> None:
    (tmp_path / "monitor.toml").write_text(file)
    result = run("settings", cwd=tmp_path, environment=environment)
    assert result.returncode == 2
    assert expected in result.stderr.decode()
    assert "Traceback" not in result.stderr.decode()
