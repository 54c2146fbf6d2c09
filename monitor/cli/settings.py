"""``monitor settings``: what is in force."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.options import load
from monitor.settings import SECRETS


def settings(
    format_: Annotated[str, typer.Option("--format", help="toml or json")] = "toml",
) -> None:
    """Print the settings in force, secrets hidden. Flag over MONITOR_… over monitor.toml over default."""
    in_force = load()
    if format_ == "json":
        typer.echo(in_force.model_dump_json(indent=2))
        return
    values = in_force.model_dump(mode="json")
    for name, value in values.items():
        if not isinstance(value, dict):
            typer.echo(f"# {type(in_force).model_fields[name].description}\n{_line(name, value)}\n")
    for name, value in values.items():
        if isinstance(value, dict):
            typer.echo(f"[{name}]")
            for key, inner in value.items():
                typer.echo(f"{_toml(key) if name != 'thresholds' else key} = {_toml(inner)}")
            typer.echo()


def _line(name: str, value: object) -> str:
    """A setting's line, such that the printed settings can be read back: not set and secret ones are comments."""
    if value is None:
        return f"# {name} is not set"
    return f"# {name} is set, and hidden" if name in SECRETS else f"{name} = {_toml(value)}"


def _toml(value: object) -> str:
    """A TOML value. Settings hold texts, numbers, booleans, lists and tables of those."""
    import json

    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)
