"""Flags made from the settings, so that a setting's name, default and help stand once."""

from __future__ import annotations

import functools
import inspect
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError
from rich.console import Console

from monitor.articles.printable import printable
from monitor.settings import CONFIG_VARIABLE, SECRETS, Settings, config_file

#: The option that every command with settings has.
Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="settings file (default: MONITOR_CONFIG, else ./monitor.toml)"),
]
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
            command(load(arguments.pop("config"), **given), **arguments)

        signature = inspect.signature(command, eval_str=True)
        own = list(signature.parameters.values())[1:]
        config = inspect.Parameter("config", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Config)
        run.__signature__ = signature.replace(  # type: ignore[attr-defined]
            parameters=[p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*own, *flags, config)]
        )
        return run

    return decorate


def load(config: Path | None = None, **given: Any) -> Settings:
    """The settings in force; ``config`` is the file that is read in place of ``monitor.toml``.

    A variable ``MONITOR_…`` that is no setting is named on standard error.

    Raises:
        typer.Exit: a value is not usable; what and where has been printed.
    """
    if config is not None:
        if not config.is_file():
            raise fail(f"--config {config}: no such file")
        # By the environment, so that a process that this one starts reads the same.
        os.environ[CONFIG_VARIABLE] = str(config.absolute())
    for name, meant in unknown_variables(os.environ):
        suggestion = f"; did you mean {meant}?" if meant else "; monitor settings prints them all"
        typer.echo(f"monitor: {printable(name)} is no setting and is ignored{suggestion}", err=True)
    try:
        settings = Settings(**given)
        _check_topics(settings)
        return settings
    except UnicodeDecodeError as error:
        raise fail(f"settings: {config_file()} is not UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise fail(f"settings: {config_file()}: {error.strerror or error}") from error
    except (SettingsError, tomllib.TOMLDecodeError) as error:
        raise fail(f"settings: {error}; check {config_file()} and MONITOR_…") from error
    except ValidationError as error:
        wrong = "; ".join(map(_wrong, error.errors()))
        # Not "from error": its text holds what was given, secrets too.
        raise fail(f"settings: {wrong}; without it, monitor settings prints them all") from None


def _check_topics(settings: Settings) -> None:
    """See that the setting ``topics`` names topics that there are, and no two alike.

    Raises:
        typer.Exit: it does not; what and where has been printed.
    """
    if not settings.topics:
        return
    # Only here: the stages load what scores.
    from monitor.streaming.stages import STAGES, topics_of
    from monitor.streaming.topics import NamedTwice, NoSuchTopic, check_names, full_names

    try:
        check_names(topics_of(STAGES), settings)
        full_names(topics_of(STAGES), settings)
    except (NamedTwice, NoSuchTopic) as error:
        raise fail(f"settings: {error}") from error


def unknown_variables(environment: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """Each variable ``MONITOR_…`` that is no setting, and the one that was meant where one is nearly the same.

    Kubernetes makes some for a service named monitor; those are left out.
    """
    for name in environment:
        prefix, _, setting = name.lower().partition("__")[0].partition("monitor_")
        if prefix or not setting or name == CONFIG_VARIABLE or setting in Settings.model_fields:
            continue
        if not _KUBERNETES.match(name):
            meant = _nearest(setting)
            yield name, f"MONITOR_{meant.upper()}" if meant else None


_KUBERNETES = re.compile(r"MONITOR_(\w+_)?(SERVICE_(HOST|PORT)\w*|PORT(_\d+_(TCP|UDP)\w*)?)\Z")


def _nearest(name: str) -> str | None:
    """The setting whose name is nearly this."""
    return next(iter(get_close_matches(name, Settings.model_fields, 1)), None)


def _wrong(error: ErrorDetails) -> str:
    """What is wrong with one setting, as a phrase."""
    name = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        meant = _nearest(name)
        return f"{name} is no setting{f'; did you mean {meant}?' if meant else ''}"
    return f"{name}{': ' if name else ''}{error['msg'].removeprefix('Value error, ')}{_got(error)}"


def _got(error: ErrorDetails) -> str:
    """What was given instead; nothing where that may be a secret, or a misspelt one, or holds all settings."""
    setting = error["loc"][0] if error["loc"] else None
    if setting in SECRETS or setting not in Settings.model_fields:
        return ""
    return f" (got {str(error['input'])[:80]!r})"


def _flag(name: str) -> inspect.Parameter:
    field = Settings.model_fields[name]
    flag = "--" + name.replace("_", "-")
    help_ = f"{field.description} (default: {'none' if field.default == '' else field.default})"
    option = typer.Option(flag, help=help_, show_default=False, envvar=None)
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[field.annotation | None, option],  # type: ignore[operator]
    )
