"""Ending the process at once, with a reason and an exit code of its own.

Faust waits on stop for every event in hand. Where one can never be finished, only leaving hard ends
the process; nothing is lost by it, since nothing in hand has been committed.
"""

from __future__ import annotations

import logging
import os
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


def exit_process(code: ExitCode, message: str) -> NoReturn:
    """Log the reason, flush the log, and end the process at once with the code."""
    log.critical("%s; the process ends with exit code %d", message, code)
    logging.shutdown()
    os._exit(code)
