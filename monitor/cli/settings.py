"""``monitor settings``: what is in force."""

from __future__ import annotations

from typing import Annotated, Literal

import tomli_w
import typer

from monitor.cli.options import Config, load
from monitor.scoring.flags import THRESHOLDS
from monitor.settings import SECRETS, config_file


def settings(
    format_: Annotated[Literal["toml", "json"], typer.Option("--format")] = "toml",
    config: Config = None,
) -> None:
    """Print the settings in force, secrets hidden. Flag over MONITOR_… over monitor.toml over default.

    monitor settings --config production.toml

    monitor settings --format json
    """
    in_force = load(config)
    file = config_file()
    typer.echo(
        f"read from {file.absolute()}" if file.is_file() else f"no settings file: {file} does not exist", err=True
    )
    if format_ == "json":
        typer.echo(in_force.model_dump_json(indent=2))
        return
    # Tables last: one would take the settings after it for its own.
    for name, value in sorted(in_force.model_dump(mode="json").items(), key=lambda item: isinstance(item[1], dict)):
        description = f"# {type(in_force).model_fields[name].description}"
        if name == "thresholds":
            typer.echo(f"{description}\n[thresholds]")
            for threshold, number in value.items():
                typer.echo(f"# {THRESHOLDS[threshold].metadata['description']}\n{_toml(threshold, number)}")
            typer.echo()
        else:
            typer.echo(f"{description}\n{_line(name, value)}\n")


def _line(name: str, value: object) -> str:
    """A setting as it can be read back; what is not set, and what is secret, is a comment."""
    if value is None:
        return f"# {name} is not set"
    return f"# {name} is set, and hidden" if name in SECRETS else _toml(name, value)


def _toml(name: str, value: object) -> str:
    return tomli_w.dumps({name: value}).rstrip()
