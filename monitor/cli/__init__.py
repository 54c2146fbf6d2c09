"""The command line: one file a command, arguments in, printing out.

A command's module is imported when the command is called, so that ``monitor --help`` loads neither Faust nor numpy.
``options.py`` makes flags from the settings, ``printing/`` has the rows and tables.
"""

from __future__ import annotations

import gc
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from monitor import __version__

#: Each command and its line in ``monitor --help``. The command is the function of its name in the module of its
#: name, or the Typer named ``app`` there where it has commands of its own.
COMMANDS = {
    "score": "Score articles: one verdict each, in the order of the input.",
    "clean": "Print articles without their repeated paragraphs and boilerplate.",
    "worker": "Read articles from Kafka without stopping: score, flag, count.",
    "pages": "Show what an editor looks at: bad copies, incidents, sources, copies; for all workers.",
    "watch": "Follow bad copies, incidents and copies across outlets as they come, until Ctrl-C.",
    "demo": "Watch articles go through Kafka: an embedded broker, a feed, a worker and its pages.",
    "feed": "Put each article of FILE on the topic articles.",
    "evaluate": "Judge verdicts by documents of which the truth is known.",
    "backtest": "Score the past under other thresholds beside today's: how many more and fewer flags.",
    "settings": "Print the settings in force, secrets hidden.",
    "topics": "Make the topics, or say what is there.",
    "templates": "See what each source always sends, have it learned or forgotten.",
    "incidents": "See which source broke, since when, with examples; close or mute it.",
    "copies": "See which outlets carried a story, and how a copy differs from the earliest.",
    "partitions": "See which partitions are held, and let them go on.",
    "deadletters": "See which records could not be handled and why, and put them back.",
}


class LazyCommands(TyperGroup):
    """Commands that are known by name and summary, and imported when one is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command to call, imported; typer has checked that it is one of :data:`COMMANDS`."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name else command, rest


def load(name: str) -> Any:
    """The click command of one of :data:`COMMANDS`; imports its module."""
    # What is imported stays. Not looked through for garbage while it is made, nor ever after, it takes a command
    # 0.1 to 0.2 s less of a processor.
    gc.disable()
    try:
        module = import_module(f"monitor.cli.{name}")
    finally:
        gc.freeze()
        gc.enable()
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False)
        app.command()(getattr(module, name))
    command = typer.main.get_command(app)
    for known in (command, *getattr(command, "commands", {}).values()):
        known.help = _reflowed(known.help or "")
    return command


def _reflowed(text: str) -> str:
    """A help whose paragraphs are a line each, since a terminal has lines of its own."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


app = typer.Typer(
    name="monitor",
    cls=LazyCommands,
    help="Watches syndicated news: says of each article how much repeats itself and how much is boilerplate.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(is_set: bool) -> None:
    if is_set:
        typer.echo(f"monitor {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def _never_called() -> None:
    raise RuntimeError("LazyCommands loads the command that is called in place of this one")


for _name, _summary in COMMANDS.items():
    app.command(_name, help=_summary)(_never_called)


def main() -> None:
    """The console script."""
    app()
