"""The unpacked model of languages: kept, shared, and never needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.scoring.language_model import load_identifier

TEXTS = [
    "Die Minister einigten sich am Montag nicht.",
    "Les ministres ne se sont pas mis d'accord.",
    "部长们没有达成协议。",
]


def answers(cache: Path | None) -> list[tuple[str, float]]:
    identifier = load_identifier(cache)
    return [identifier.classify(text) for text in TEXTS]


def test_an_unpacked_model_gives_the_same_answers(tmp_path: Path) -> None:
    expected = answers(None)
    assert answers(tmp_path) == expected
    (folder,) = tmp_path.iterdir()
    assert len(list(folder.iterdir())) == 6
    assert answers(tmp_path) == expected


@pytest.mark.parametrize("damage", [b"", b"no array"])
def test_a_damaged_cache_is_passed_over(tmp_path: Path, damage: bytes) -> None:
    load_identifier(tmp_path)
    (folder,) = tmp_path.iterdir()
    (folder / "nextmove.npy").write_bytes(damage)
    assert answers(tmp_path) == answers(None)


def test_a_folder_that_cannot_be_made_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert answers(tmp_path / "file") == answers(None)
