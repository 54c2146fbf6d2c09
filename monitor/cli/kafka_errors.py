"""Kafka's errors, printed for a person where a command ends with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from confluent_kafka import KafkaException

from monitor.cli.options import fail
from monitor.settings import Settings
from monitor.streaming.connection import Unreachable
from monitor.streaming.topics import NamedTwice


@contextmanager
def fail_on_kafka_errors(
    settings: Settings, topic: str, progress: Callable[[Exception], str] = lambda _: ""
) -> Iterator[None]:
    """End the command with exit code 1 where Kafka does not answer, or refuses what the block does; 2 for an input
    that is an output too.

    ``topic`` is what the block reads or writes. ``progress`` says, as the end of a sentence, what the block had
    done before the error.

    Raises:
        typer.Exit: a broker was not reached or refused; the message has been printed.
    """
    try:
        yield
    except NamedTwice as error:
        raise fail(str(error)) from error
    except Unreachable as error:
        raise fail(str(error), 1) from error
    except KafkaException as error:
        reason = error.args[0].str()
        raise fail(f"{topic} at {settings.bootstrap_servers}: {reason}{progress(error)}", 1) from error


def noted(error: Exception) -> str:
    """What the broker had before an error, as :class:`~monitor.streaming.sender.Sender` notes it: a ``progress``."""
    return "".join(f"; {note}" for note in getattr(error, "__notes__", ()))
