"""The wheel holds all that runs: code, model, templates, the demo's articles."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, ROOT], check=True, capture_output=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("monitor/")}
    package = {p.relative_to(ROOT).as_posix() for p in (ROOT / "monitor").rglob("*") if p.is_file()}
    assert inside == {name for name in package if "__pycache__" not in name}
