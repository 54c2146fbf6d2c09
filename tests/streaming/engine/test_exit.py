"""The end of the process says why and carries its own exit code."""

from __future__ import annotations

import subprocess
import sys

import pytest

from monitor.streaming.engine import exit as exit_module
from monitor.streaming.engine.exit import ExitCode


@pytest.mark.parametrize("code", ExitCode)
def test_process_ends_at_once_with_the_code_and_the_reason(code: ExitCode) -> None:
    program = (
        "import threading, time\n"
        "from monitor.streaming.engine.exit import ExitCode, exit_process\n"
        "threading.Thread(target=time.sleep, args=(1000,)).start()\n"
        f"exit_process(ExitCode({int(code)}), 'the disk is full')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code
    assert f"the disk is full; the process ends with exit code {int(code)}" in done.stderr


def test_process_ends_after_what_comes_before_also_where_that_hangs_or_fails() -> None:
    program = (
        "import sys, time\n"
        "from monitor.streaming.engine import exit\n"
        "exit.BEFORE_SECONDS = 0.5\n"
        "exit.before_exit(lambda: time.sleep(1000))\n"
        "exit.before_exit(lambda: 1 / 0)\n"
        "exit.before_exit(lambda: print('left', flush=True))\n"
        "exit.exit_process(exit.ExitCode.HANGS, 'it hangs')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (exit_module.ExitCode.HANGS, "left\n")


def test_exit_codes_are_not_those_of_bad_usage() -> None:
    assert not {0, 1, 2} & {int(code) for code in ExitCode}
