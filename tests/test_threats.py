"""docs/threats.md names a test beside each line; each of them must exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_each_test_that_threats_names_exists() -> None:
    text = (ROOT / "docs/threats.md").read_text()
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text))
    rows = [row for row in text.splitlines() if row.startswith("| ") and not row.startswith(("| what ", "| ---"))]
    assert len(rows) > 25
    assert [row for row in rows if "`tests/" not in row] == []
    for file, name in sorted(named):
        tree = ast.parse((ROOT / file).read_text())
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{file}::{name}"
