"""monitor evaluate as a shell calls it."""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
from pathlib import Path

import pytest

from tests.cli.shell import run
from tests.conftest import without
from tests.evaluation.made_up import BODY


@pytest.fixture
def data(tmp_path: Path) -> Path:
    links = ["Read more: ten stories you may have missed", "Sign up for our newsletter", "Advertisement"]
    row: dict[str, object] = {"set": "made-up", "body": BODY, "container": [*BODY.split("\n"), *links]}
    row |= {"container_content": [1] * 6 + [0] * 3}
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "pages.jsonl.gz").write_bytes(
        gzip.compress("".join(json.dumps({"id": i, **row}) + "\n" for i in range(3)).encode())
    )
    (folder / "wire.jsonl").write_text(json.dumps({"id": "w", "text": BODY}) + "\n")
    (folder / "README.md").write_text("no data")
    return folder


def test_json_has_every_figure_with_its_interval_and_a_note(data: Path) -> None:
    result = run("evaluate", str(data), "--damage", "--format", "json")
    assert result.returncode == 0, result.stderr.decode()
    evaluation = json.loads(result.stdout)
    assert "docs/boilerplate.md" in evaluation["note"]
    figures = {(f["subject"], f["set"], f["figure"]): f for f in evaluation["figures"] if f["language"] == "all"}
    assert figures["boilerplate words", "made-up", "recall"]["documents"] == 3
    assert ("boilerplate words", "wire", "recall") not in figures
    assert figures["false alarms: mojibake", "all", "share"]["value"] == 0
    assert figures["false alarms: mojibake", "all", "share"]["high"] > 0
    assert figures["repeated words", "wire", "F1"]["value"] > 0.9
    assert figures["defect: markup", "all", "recall"]["value"] > 0.9
    assert figures["CPU ms a verdict", "wire", "mean"]["value"] > 0
    assert evaluation["boilerplate_thresholds"]["made-up"][0]["recall"] == 1


def test_without_damage_none_is_made(data: Path) -> None:
    text = run("evaluate", str(data / "wire.jsonl")).stdout.decode()
    assert "false alarms on clean bodies" in text
    assert "repeated words" not in text
    assert "its training" in text


def test_unreadable_input_is_named_and_the_rest_is_judged(data: Path) -> None:
    (data / "wire.jsonl").write_bytes((data / "wire.jsonl").read_bytes() + b"{broken\n")
    (data / "cut.jsonl.gz").write_bytes((data / "pages.jsonl.gz").read_bytes()[:60])
    result = run("evaluate", str(data), str(data / "none.jsonl"))
    assert result.returncode == 2
    errors = result.stderr.decode()
    assert "wire.jsonl line 2: not a document" in errors
    assert "cut.jsonl.gz: " in errors
    assert "none.jsonl: No such file or directory" in errors
    assert "boilerplate words" in result.stdout.decode()


def test_no_documents_is_bad_usage(tmp_path: Path) -> None:
    result = run("evaluate", str(tmp_path))
    assert result.returncode == 2
    assert "no documents" in result.stderr.decode()


def test_the_plot_has_a_panel_a_set_and_is_repeatable(data: Path, tmp_path: Path) -> None:
    plots = [tmp_path / "a.svg", tmp_path / "b.svg"]
    processes = [run("evaluate", str(data), "--plot", str(path)) for path in plots]
    if importlib.util.find_spec("matplotlib") is None:
        assert processes[0].returncode == 2
        assert "syndication-monitor[plot]" in processes[0].stderr.decode()
        without("matplotlib")
    assert [process.returncode for process in processes] == [0, 0], processes[0].stderr.decode()
    assert "made-up" in plots[0].read_text()
    assert plots[0].read_bytes() == plots[1].read_bytes()


def test_no_set_or_language_of_a_document_steers_the_terminal(tmp_path: Path) -> None:
    hostile = "\x1b]0;mine\x07\x9b31m\r"
    file = tmp_path / f"{hostile}.jsonl"
    lines = [{"id": "a", "text": BODY, "set": hostile, "language": hostile}, {"id": "b", "set": hostile}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    result = run("evaluate", str(file), environment={"PYTHONIOENCODING": "utf-8"})
    shown = result.stdout.decode() + result.stderr.decode()
    assert "\ufffd]0;mine" in shown
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", shown)


def test_judgements_of_a_person_are_told_by_flag_and_source(tmp_path: Path) -> None:
    cut = {"content": f"{BODY}\nThe mayor said that the… [+200 chars]", "source": "Daily"}
    lines = [
        {**cut, "expected": ["truncated"]},
        {**cut, "source": "Wire", "good": True},
        {"content": BODY, "source": "Wire", "good": True},
        {"content": BODY, "source": "Wire", "expected": ["cut"]},
    ]
    file = tmp_path / "mine.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    result = run("evaluate", str(file), "--format", "json")
    assert result.returncode == 2
    assert "line 4: expected names 'cut', which is no flag" in " ".join(result.stderr.decode().split())
    figures = {(f["subject"], f["set"], f["figure"]): f["value"] for f in json.loads(result.stdout)["figures"]}
    assert figures["judgements: truncated", "Daily", "precision"] == 1
    assert figures["judgements: truncated", "Wire", "precision"] == 0
    assert figures["judgements: bad", "all", "precision"] == 0.5
    assert figures["judgements: bad", "all", "recall"] == 1
