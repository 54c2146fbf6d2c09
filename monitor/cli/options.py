"""Flags made from the settings, so that a setting's name, default and help stand once."""

from __future__ import annotations

import functools
import inspect
import tomllib
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError
from rich.console import Console

from monitor.articles.printable import printable
from monitor.settings import SECRETS, Settings

#: Bad usage, or input that could not be read.
USAGE = 2


class Format(StrEnum):
    """How what is found is printed."""

    AUTO = "auto"
    JSON = "json"
    TABLE = "table"

    def is_json(self, out: Console) -> bool:
        """Whether it is printed as JSON: as asked, else where ``out`` is no terminal."""
        return self is Format.JSON or (self is Format.AUTO and not out.is_terminal)


def fail(message: str, code: int = USAGE) -> typer.Exit:
    """Print a message for a person to standard error; raise what this returns."""
    # A message may name a file, and a file may have any name.
    typer.echo(f"monitor: {printable(message)}", err=True)
    return typer.Exit(code)


def with_settings(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command a flag for each named setting, and ``settings`` as its first argument.

    ``bootstrap_servers`` becomes ``--bootstrap-servers``. A flag that is not given leaves the
    setting to the environment, ``monitor.toml`` or its default.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        flags = [_flag(name) for name in names]

        @functools.wraps(command)
        def run(**arguments: Any) -> None:
            given = {name: value for name in names if (value := arguments.pop(name)) is not None}
            command(load(**given), **arguments)

        signature = inspect.signature(command, eval_str=True)
        own = list(signature.parameters.values())[1:]
        run.__signature__ = signature.replace(  # type: ignore[attr-defined]
            parameters=[p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*own, *flags)]
        )
        return run

    return decorate


def load(**given: Any) -> Settings:
    """The settings in force.

    Raises:
        typer.Exit: a value is not usable; what and where has been printed.
    """
    try:
        return Settings(**given)
    except (SettingsError, tomllib.TOMLDecodeError) as error:
        raise fail(f"settings: {error}; check monitor.toml and MONITOR_…") from error
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc']))}{': ' if e['loc'] else ''}{e['msg'].removeprefix('Value error, ')}{_got(e)}"
            for e in error.errors()
        )
        # Not "from error": its text holds what was given, secrets too.
        raise fail(f"settings: {wrong}; without it, monitor settings prints them all") from None


def _got(error: ErrorDetails) -> str:
    """What was given instead; nothing where that may be a secret, or a misspelt one, or holds all settings."""
    setting = error["loc"][0] if error["loc"] else None
    if setting in SECRETS or setting not in Settings.model_fields:
        return ""
    return f" (got {str(error['input'])[:80]!r})"


def _flag(name: str) -> inspect.Parameter:
    field = Settings.model_fields[name]
    flag = "--" + name.replace("_", "-")
    help_ = f"{field.description} (default: {field.default})"
    option = typer.Option(flag, help=help_, show_default=False, envvar=None)
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[field.annotation | None, option],  # type: ignore[operator]
    )
