"""What is generated is what the code says now."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.cli import documents
from monitor.scoring.flags import FLAGS, PROMISED, THRESHOLDS

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("path", documents.documents(ROOT))
def test_is_up_to_date(path: str) -> None:
    assert (ROOT / path).read_text() == documents.documents(ROOT)[path], "run: make docs"


def test_every_flag_and_threshold_is_documented() -> None:
    text = (ROOT / "docs/flags.md").read_text()
    for kind in FLAGS:
        assert f"| `{kind.code}` | {kind.documentation} |" in text
        assert f"| `{kind.code}` | {kind.documentation} |" in (ROOT / "README.md").read_text()
    for name in THRESHOLDS:
        assert f"| `{name}` |" in text


def test_schema_allows_the_codes_that_are_raised_and_promised() -> None:
    codes = documents.schema()["$defs"]["Flag"]["properties"]["code"]["enum"]
    assert set(codes) == {kind.code for kind in FLAGS} | set(PROMISED)


def test_readme_without_its_marks_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("no table")
    with pytest.raises(ValueError, match="around the table of flags"):
        documents.documents(tmp_path)
