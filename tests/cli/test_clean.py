"""monitor clean as a shell calls it."""

from __future__ import annotations

import json
from pathlib import Path

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


def test_output_goes_to_a_file_and_a_full_disk_is_named(tmp_path: Path) -> None:
    assert run("clean", "--output", "clean.jsonl", cwd=tmp_path, stdin=TWICE).returncode == 0
    assert json.loads((tmp_path / "clean.jsonl").read_text())["id"] == "quayline-002"
    full = run("clean", "--output", "/dev/full", stdin=TWICE)
    assert (full.returncode, full.stderr.decode()) == (2, "monitor: /dev/full: No space left on device\n")
