"""The systemd unit: systemd's own check where it is there, and that it agrees with the code."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.cli.options import USAGE
from monitor.settings import Settings
from monitor.streaming.engine.exit import ExitCode

UNIT = Path(__file__).parent.parent.parent / "deploy" / "systemd" / "monitor.service"


def section(name: str) -> dict[str, str]:
    """The settings of a section; where one stands twice, the last."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(UNIT.read_text())
    return dict(parser[name])


def test_systemd_knows_every_line_and_finds_it_well_confined(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed; the unit is read below")
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/monitor/bin/monitor", sys.executable))
    known = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (known.returncode, known.stderr) == (0, "")
    # 10 is not confined at all, 0 wholly.
    confined = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert confined.returncode == 0, confined.stdout[-300:]


def test_it_starts_again_unless_that_cannot_help() -> None:
    service = section("Service")
    assert service["Restart"] == "always"
    assert int(service["RestartSec"]) >= 1, "not hot"
    assert service["RestartPreventExitStatus"] == str(USAGE)
    assert USAGE not in set(ExitCode), "a code of the worker would keep it down"
    assert section("Unit")["StartLimitIntervalSec"] == "0", "systemd would give up after five"


def test_the_worker_may_finish_what_it_has_in_hand() -> None:
    assert int(section("Service")["TimeoutStopSec"]) > Settings().shutdown_seconds
    # SIGTERM to the worker alone: KillMode=mixed.
    assert section("Service")["KillMode"] == "mixed"


def test_it_runs_as_nobody_in_particular() -> None:
    service = section("Service")
    assert service["DynamicUser"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    assert service["CapabilityBoundingSet"] == ""
    assert "User" not in service
