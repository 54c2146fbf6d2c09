"""``monitor deadletters``: see which records could not be handled and why, and put them back."""

from __future__ import annotations

import typer

from monitor.cli.deadletters.list import list_dead_letters
from monitor.cli.deadletters.replay import replay_dead_letters

app = typer.Typer(
    help="See which records could not be handled and why, and put them back.",
    no_args_is_help=True,
    add_completion=False,
)
app.command("list")(list_dead_letters)
app.command("replay")(replay_dead_letters)
