"""Files, folders and patterns."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.library.paths import STDIN, files_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.jsonl", "a.txt", "deep/er/c.html", ".hidden", ".git/d.txt", "odd\n[1].txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    return tmp_path


def names(folder: Path, *paths: str) -> list[str]:
    return [str(path.relative_to(folder)) for path in files_in(folder / path for path in paths)]


def test_folder_is_all_its_files_in_the_order_of_names(folder: Path) -> None:
    assert names(folder, "") == ["a.txt", "b.jsonl", "deep/er/c.html", "odd\n[1].txt"]


def test_pattern_is_its_matches_and_two_stars_go_deep(folder: Path) -> None:
    assert names(folder, "*.txt") == ["a.txt", "odd\n[1].txt"]
    assert names(folder, "**/*.html") == ["deep/er/c.html"]


def test_file_whose_name_looks_like_a_pattern_is_that_file(folder: Path) -> None:
    assert names(folder, "odd\n[1].txt") == ["odd\n[1].txt"]


def test_what_means_nothing_is_given_as_it_is(folder: Path) -> None:
    assert names(folder, "none.txt", "*.none") == ["none.txt", "*.none"]
    assert list(files_in(["-"])) == [STDIN]
