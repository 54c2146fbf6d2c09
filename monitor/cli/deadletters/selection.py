"""The flags that select dead letters: the same for listing and for replaying them."""

from __future__ import annotations

import functools
import inspect
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from monitor.articles.printable import printable
from monitor.cli.options import fail
from monitor.settings import Settings
from monitor.streaming.deadletters.read import Selection

WHEN = "RFC 3339 (UTC where no zone is given), or so long ago: 90s, 15m, 6h, 7d"

_AGO = re.compile(r"(\d{1,5})([smhd])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def with_selection(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command, whose first arguments are settings and a selection, the flags that select dead letters."""
    flags = inspect.signature(_selection, eval_str=True).parameters

    @functools.wraps(command)
    def run(settings: Settings, **arguments: Any) -> None:
        selection = _selection(**{name: arguments.pop(name) for name in flags})
        command(settings, selection, **arguments)

    signature = inspect.signature(command, eval_str=True)
    settings, _, *own = signature.parameters.values()
    run.__signature__ = signature.replace(parameters=[settings, *flags.values(), *own])  # type: ignore[attr-defined]
    return run


def _selection(
    reason: Annotated[list[str] | None, typer.Option(help="only these reasons; may be given again")] = None,
    source: Annotated[str | None, typer.Option(help="only this source, as far as the record names one")] = None,
    partition: Annotated[int | None, typer.Option(min=0, help="only records of this partition of articles")] = None,
    since: Annotated[str | None, typer.Option(metavar="WHEN", help=f"only what failed from then on: {WHEN}")] = None,
    until: Annotated[str | None, typer.Option(metavar="WHEN", help="only what failed before then")] = None,
) -> Selection:
    return Selection(frozenset(reason or ()), source, partition, _moment("--since", since), _moment("--until", until))


def _moment(option: str, text: str | None) -> float | None:
    """Seconds since 1970 of a moment as a person writes it.

    Raises:
        typer.Exit: the text is neither a time nor so long ago.
    """
    if text is None:
        return None
    if ago := _AGO.fullmatch(text):
        return (datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})).timestamp()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise fail(f"{option} {text!r} is no time; write {WHEN}") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def by_reason(counts: Counter[str]) -> str:
    """``: 10 no_body, 5 not_json``, the most frequent reason first; empty where nothing was counted."""
    reasons = ", ".join(f"{count} {printable(reason)}" for reason, count in counts.most_common())
    return f": {reasons}" if reasons else ""
