"""``monitor deadletters replay``: put dead letters back on the topic articles."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from monitor.cli.deadletters.selection import by_reason, with_selection
from monitor.cli.kafka_errors import fail_on_kafka_errors
from monitor.cli.options import fail, with_settings
from monitor.settings import Settings
from monitor.streaming.deadletters.read import Selection, read_dead_letters
from monitor.streaming.deadletters.replay import Plan, Replay, TakenOver, plan
from monitor.streaming.topics import DEAD, articles_name


@with_settings("bootstrap_servers", "topic_prefix")
@with_selection
def replay_dead_letters(
    settings: Settings,
    selection: Selection,
    expect: Annotated[
        int | None, typer.Option(min=0, help="put them back, if there are so many; without it they are only counted")
    ] = None,
) -> None:
    """Put dead letters back on the topic articles, each once; says how many these are, unless --expect N is given.

    Exit 0; 1 where Kafka does not answer, or another replay took over; 2 where there are not --expect N.

    monitor deadletters replay --reason no_body --since 6h

    monitor deadletters replay --reason no_body --since 6h --expect 120
    """
    articles = articles_name(settings)
    with _fail_on_errors(settings, lambda: "; nothing was put back" if expect else ""):
        # The lock comes first: only then does no other replay change what is left to put back.
        replay = Replay(settings) if expect is not None else None
        planned = _plan(settings, selection, articles)
    _print_left_out(planned, articles)
    if replay is None:
        _print_plan(planned, articles)
        return
    if len(planned.offsets) != expect:
        raise _not_expected(planned, expect)
    count = _put_back(settings, replay, planned, selection.since)
    typer.echo(f"{count} dead letters are back on {articles}{by_reason(planned.reasons)}")


def _plan(settings: Settings, selection: Selection, articles: str) -> Plan:
    decoder = settings.decoder()
    return plan(
        read_dead_letters(settings, selection.since),
        articles,
        lambda letter: selection.takes(letter, decoder.source_of(letter.value, letter.headers)),
    )


def _put_back(settings: Settings, replay: Replay, planned: Plan, since: float | None) -> int:
    """Put the planned letters back, with a progress bar on a terminal; returns how many went back."""
    count = 0

    def show(so_far: int) -> None:
        nonlocal count
        count = so_far
        progress.update(task, completed=so_far)

    articles = articles_name(settings)
    bar = Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with _fail_on_errors(settings, lambda: f"; {count} dead letters are back on {articles}"), bar as progress:
        task = progress.add_task("putting back", total=len(planned.offsets))
        replay.run(planned, since, show)
    return count


@contextmanager
def _fail_on_errors(settings: Settings, so_far: Callable[[], str]) -> Iterator[None]:
    """End the command with exit code 1 on an error of Kafka, or where another replay has the lock."""
    with fail_on_kafka_errors(settings, DEAD.full_name(settings.topic_names), lambda _: so_far()):
        try:
            yield
        except TakenOver as error:
            raise fail(f"another replay has begun and took over{so_far()}; count anew before the next", 1) from error


def _print_plan(planned: Plan, articles: str) -> None:
    count = len(planned.offsets)
    typer.echo(f"{count} dead letters would go back to {articles}{by_reason(planned.reasons)}")
    if count:
        typer.echo(f"nothing was put back; to do so, add --expect {count}", err=True)


def _not_expected(planned: Plan, expected: int | None) -> typer.Exit:
    count = len(planned.offsets)
    return fail(
        f"{count} dead letters would go back, not {expected}; nothing was put back. Add --until to leave out "
        f"what fails meanwhile, or --expect {count}"
    )


def _print_left_out(planned: Plan, articles: str) -> None:
    for count, why in (
        (planned.already, "were put back already"),
        (planned.without_value, "have no value (it was too large for the topic, or the record had none)"),
        (planned.elsewhere, f"did not come from {articles}"),
    ):
        if count:
            typer.echo(f"left out: {count} {why}", err=True)
