"""What is generated in docs/ is what the code says now."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.cli.documents import documents

DOCS = Path(__file__).parent.parent.parent / "docs"


@pytest.mark.parametrize("name", documents())
def test_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text() == documents()[name], "run: make docs"
