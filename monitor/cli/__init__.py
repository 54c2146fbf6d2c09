"""The command line: one file a command, arguments in, printing out."""

from __future__ import annotations

import typer

from monitor.cli import deadletters, demo, evaluate, feed, score, settings, topics, worker

app = typer.Typer(
    name="monitor",
    help="Watches syndicated news: says of each article how much repeats itself and how much is boilerplate.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(score.score)
app.command()(worker.worker)
app.command()(demo.demo)
app.command()(feed.feed)
app.command()(evaluate.evaluate)
app.command()(settings.settings)
app.add_typer(topics.app, name="topics")
app.add_typer(deadletters.app, name="deadletters")


def main() -> None:
    """The console script."""
    app()
