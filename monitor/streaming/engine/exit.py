"""Ending the process at once, with a reason and an exit code of its own.

Faust waits on stop for every event in hand. Where one can never be finished, only leaving hard ends
the process; nothing is lost by it, since nothing in hand has been committed. Before that it leaves its
consumer groups, so that its partitions go to other workers at once, not after the session.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from enum import IntEnum
from typing import NoReturn

log = logging.getLogger(__name__)


class ExitCode(IntEnum):
    """Why the worker ended by itself."""

    TOPICS_MISSING = 3
    DELIVERY_FAILED = 4
    SHUTDOWN_DEADLINE = 5
    STAGE_FAILED = 6
    # 7 was an end for too many dead letters, which hold a partition now.
    HANGS = 8


#: Seconds in which what is to be done before the end must be done.
BEFORE_SECONDS = 3.0
_before: list[Callable[[], object]] = []


def before_exit(call: Callable[[], object]) -> None:
    """Call this before the process ends, from a thread of its own; it may hang or fail."""
    _before.append(call)


def exit_process(code: ExitCode, message: str) -> NoReturn:
    """Log the reason, leave the groups, flush the log, and end the process with the code; within seconds."""
    log.critical("%s; the process ends with exit code %d", message, code)
    threads = [threading.Thread(target=call, name="before exit", daemon=True) for call in _before]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + BEFORE_SECONDS
    for thread in threads:
        thread.join(max(deadline - time.monotonic(), 0.0))
    logging.shutdown()
    os._exit(code)
