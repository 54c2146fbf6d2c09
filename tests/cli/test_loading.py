"""Commands are imported when they are called: what is quick stays quick."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from monitor import __version__
from monitor.cli import COMMANDS, load
from tests.cli.shell import run

SLOW = {"aiokafka", "confluent_kafka", "datasketch", "faust", "matplotlib", "numba", "numpy", "prometheus_client"}
SLOW |= {"pydantic", "scipy"}


def slow_modules_after(code: str) -> set[str]:
    """The slow packages that a new interpreter has imported once it has run ``code``."""
    script = f"{code}\nimport sys\nprint(*(name for name, module in sys.modules.items() if module), file=sys.stderr)"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, timeout=60)
    return {name.split(".")[0] for name in result.stderr.decode().split()} & SLOW


def test_help_and_import_load_nothing_slow() -> None:
    call_help = "from monitor.cli import app\nassert app(['--help'], standalone_mode=False) == 0"
    assert slow_modules_after("import monitor") == set()
    assert slow_modules_after(call_help) == set()


def test_score_loads_nothing_of_kafka() -> None:
    score = "from monitor.cli import app\napp(['score', '-'], standalone_mode=False)"
    # Numba imports scipy where it is installed, as for the tests; the command must do without.
    without_scipy = "import sys, io\nsys.modules['scipy'] = None\nsys.stdin = io.TextIOWrapper(io.BytesIO(b'A text.'))"
    assert slow_modules_after(f"{without_scipy}\n{score}") <= {"numba", "numpy", "pydantic"}


@pytest.mark.parametrize("name", COMMANDS)
def test_summary_is_how_the_commands_own_help_begins(name: str) -> None:
    assert " ".join(load(name).help.split()).startswith(COMMANDS[name].rstrip("."))


def test_version() -> None:
    result = run("--version")
    assert (result.returncode, result.stdout.decode()) == (0, f"monitor {__version__}\n")


def test_unknown_command_is_bad_usage_and_the_near_one_is_named() -> None:
    result = run("scor")
    assert result.returncode == 2
    assert "Did you mean 'score'?" in result.stderr.decode()


@pytest.mark.parametrize(
    ("words", "expected"),
    [("monitor sc", "score"), ("monitor score --fail", "--fail-on-bad"), ("monitor topics cr", "create")],
)
def test_completion_knows_commands_and_their_options(words: str, expected: str) -> None:
    environment = {"_MONITOR_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    code = "import sys; sys.argv[0] = 'monitor'; from monitor.cli import main; main()"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, timeout=60, check=False)
    assert expected in result.stdout.decode().split(), result.stderr.decode()


def test_garbage_is_collected_again_after_a_command_is_imported() -> None:
    load("clean")
    assert gc.isenabled()
    with pytest.raises(ModuleNotFoundError):
        load("no_command")
    assert gc.isenabled()
