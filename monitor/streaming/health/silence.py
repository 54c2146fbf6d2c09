"""When Kafka is silent, and how ``/readyz`` and the pages say so: in the same words, after as many looks."""

from __future__ import annotations

#: Looks without an answer after which Kafka is silent, and the least seconds: an answer waits behind the fetch that
#: is under way.
SILENT_LOOKS, SILENT_SECONDS = 3, 10.0


def is_silent(seconds: float, look_seconds: float) -> bool:
    """Whether Kafka, asked every ``look_seconds``, is silent once it has not answered for ``seconds``."""
    return seconds > max(SILENT_LOOKS * look_seconds, SILENT_SECONDS)


def silence(seconds: float) -> str:
    """What is said of Kafka that has not answered for ``seconds``."""
    return f"Kafka has not answered for {seconds:.0f} s; what is shown is as old"
