"""monitor clean as a shell calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell import LINES, TWICE, run

CONTENT = json.loads(TWICE)["content"]


def test_clean_article_is_its_text_with_the_offsets_of_what_was_cut(tmp_path: Path) -> None:
    (tmp_path / "feed.jsonl").write_bytes(LINES[0] + b"{broken\n" + TWICE)
    result = run("clean", "feed.jsonl", cwd=tmp_path)
    _, clean = map(json.loads, result.stdout.splitlines())
    assert (clean["id"], clean["origin"], clean["bad"]) == ("quayline-002", "feed.jsonl line 3", True)
    assert clean["codes"] == ["repeated_body"]
    again = "".join(CONTENT[cut["start"] : cut["end"]] for cut in clean["cut"] if cut["reason"] == "repeats")
    assert again.strip() in clean["text"]
    assert len(clean["text"]) + sum(cut["end"] - cut["start"] for cut in clean["cut"]) == len(CONTENT)
    assert result.stderr.decode().startswith("feed.jsonl line 2: not JSON")
    assert result.returncode == 2


def test_format_text_prints_texts_alone() -> None:
    result = run("clean", "--format", "text", "--cut-boilerplate", "1", stdin=TWICE)
    lines = result.stdout.decode().splitlines()
    assert lines == list(dict.fromkeys(CONTENT.splitlines()))
    assert "1 article scored, 1 bad (1 repeated_body)" in result.stderr.decode()


def test_file_that_is_to_be_read_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "feed.jsonl").write_bytes(TWICE)
    (tmp_path / "link.jsonl").symlink_to("feed.jsonl")
    for arguments in (["feed.jsonl"], ["."], ["*.jsonl"], ["absent.txt", "link.jsonl"]):
        result = run("clean", "--output", "feed.jsonl", *arguments, cwd=tmp_path)
        assert (result.returncode, result.stdout) == (2, b"")
        assert b"feed.jsonl: is one of the files to be read; write to another" in result.stderr
        assert (tmp_path / "feed.jsonl").read_bytes() == TWICE


def test_new_output_in_the_folder_that_is_read_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(TWICE)
    result = run("clean", "--output", "clean.jsonl", ".", cwd=tmp_path)
    assert (result.returncode, (tmp_path / "clean.jsonl").read_bytes().count(b"\n")) == (0, 1)


@pytest.mark.parametrize("command", ["clean", "score"])
def test_file_that_standard_output_goes_to_is_named_and_not_read(tmp_path: Path, command: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(TWICE)
    with (tmp_path / "out.jsonl").open("wb") as out:
        result = subprocess.run(
            [sys.executable, "-m", "monitor", command, "."], cwd=tmp_path, stdout=out, stderr=subprocess.PIPE,
            timeout=60, check=False,
        )  # fmt: skip
    assert result.returncode == 2
    assert result.stderr.startswith(b"out.jsonl: is not read, since the output goes there\n")
    assert (tmp_path / "out.jsonl").read_bytes().count(b"\n") == 1


def test_output_goes_to_a_file_and_a_full_disk_is_named(tmp_path: Path) -> None:
    assert run("clean", "--output", "clean.jsonl", cwd=tmp_path, stdin=TWICE).returncode == 0
    assert json.loads((tmp_path / "clean.jsonl").read_text())["id"] == "quayline-002"
    full = run("clean", "--output", "/dev/full", stdin=TWICE)
    assert (full.returncode, full.stderr.decode()) == (2, "monitor: /dev/full: No space left on device\n")
