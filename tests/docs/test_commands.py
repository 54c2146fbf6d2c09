"""Every command that README.md, docs/ and the commands' own help show exists, with the options that are shown."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from monitor.cli import COMMANDS, load

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
#: What typer raises for a wrong call; it has no public name for it.
UsageError: Any = typer.BadParameter.__bases__[0]
#: What ends a command in a line of shell.
_ENDS = re.compile(r"^[|;&<>()]+$")


def shown(text: str) -> Iterator[str]:
    """Commands shown on a page: the lines of its blocks, lines joined at a backslash, and what stands in backticks."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S):
        yield from block.replace("\\\n", " ").splitlines()
    yield from (line for line in prose.splitlines() if line.startswith("    "))
    yield from re.findall(r"`([^`\n]+)`", prose)


def calls(line: str) -> Iterator[tuple[str, list[str]]]:
    """Each call of ``monitor`` or ``make`` in a line of shell, and its arguments."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = "#"
    try:
        words = list(lexer)
    except ValueError:
        return
    program, arguments = "", list[str]()
    for word in [*words, ";"]:
        if _ENDS.match(word):
            if program in ("monitor", "make"):
                yield program, arguments
            program, arguments = "", []
        elif program:
            arguments.append(word)
        elif not re.match(r"[A-Z_]+=|export$|time$|nohup$", word):
            program = word.rpartition("/")[2]


def parse(command: Any, name: str, arguments: list[str]) -> None:
    """What click does with the arguments before it calls the command.

    Raises:
        UsageError: there is no such command or option, or a value is wrong.
    """
    with command.make_context(name, list(arguments)) as context:
        if hasattr(command, "commands"):
            given = [*context._protected_args, *context.args]
            sub_name, sub, rest = command.resolve_command(context, given)
            parse(sub, sub_name or "", rest)


def error_of(program: str, arguments: list[str]) -> str | None:
    """Why a call cannot be made; ``None`` where it can, or shows the command's name without all that it needs."""
    if program == "make":
        names = [word for word in arguments if not word.startswith("-") and "=" not in word]
        return next(
            (f"make has no target {name}" for name in names if name.isidentifier() and name not in TARGETS), None
        )
    if not arguments or arguments[0] in ("--help", "--version") or not re.fullmatch(r"[a-z]+", arguments[0]):
        return None
    if arguments[0] not in COMMANDS:
        return f"no command {arguments[0]}"
    if any("…" in word or word in ("...", "[FILE") for word in arguments):
        arguments = [word for word in arguments if "…" not in word and "..." not in word]
    try:
        parse(load(arguments[0]), arguments[0], arguments[1:])
    except typer.Exit:
        return None
    except UsageError as error:
        message: str = error.format_message()
        return None if message.startswith(("Missing", "Usage")) else message
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_on_a_page_can_be_called(page: Path) -> None:
    wrong = {
        line: error
        for line in shown(page.read_text())
        for program, arguments in calls(line)
        if (error := error_of(program, arguments))
    }
    assert not wrong


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its full name, those of groups too."""
    for name in COMMANDS:
        command = load(name)
        if hasattr(command, "commands"):
            yield from ((f"{name} {sub_name}", sub) for sub_name, sub in command.commands.items())
        else:
            yield name, command


@pytest.mark.parametrize(("name", "command"), [pytest.param(*known, id=known[0]) for known in commands()])
def test_help_of_each_command_has_examples_that_can_be_called(name: str, command: Any) -> None:
    examples = [call for line in (command.help or "").splitlines() for call in calls(line) if call[0] == "monitor"]
    own = [arguments for _, arguments in examples if " ".join(arguments).startswith(name)]
    assert own, f"no example in the help of {name}"
    assert not [error for call in examples if (error := error_of(*call))]


def test_what_is_shown_wrong_is_told() -> None:
    line = "X=1 .venv/bin/monitor score --jobz 3 a.txt | jq . && make demo nothing  # a comment"
    assert [error_of(*call) for call in calls(line)] == [
        "No such option: --jobz (Possible options: --jobs)",
        "make has no target nothing",
    ]
    assert error_of("monitor", ["scores"]) == "no command scores"
    assert error_of("monitor", ["topics", "make"])
