"""Ends a worker that hangs, so that its platform starts it again.

A thread of its own, since an event loop that hangs cannot watch itself. What hangs is logged with the
stacks of all threads and tasks; ``/healthz`` is red from then on; if it still hangs after a grace, the
process ends with its own exit code. The grace also lets a process that was stopped (SIGSTOP, a machine
that slept) come to itself: all its clocks are late when it goes on.

A thread that never gives back the interpreter's lock stops this one as well. For that case
:mod:`faulthandler`, which needs no lock, is set to end the process unless it is set anew.
"""

from __future__ import annotations

import asyncio
import faulthandler
import io
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from monitor.streaming.engine.exit import ExitCode
from monitor.streaming.health.awaited import Health

log = logging.getLogger(__name__)

#: Seconds between two looks, and for which what hangs must go on hanging before the process is ended.
LOOK_SECONDS = 1.0
GRACE_SECONDS = 10.0
#: Seconds without a look after which the interpreter itself stands still. Decoding or scoring holds the
#: lock for fractions of a second.
LOCKED_SECONDS = 300.0


@contextmanager
def watchdog(
    health: Health,
    exit_process: Callable[[ExitCode, str], object],
    tasks: Callable[[], Iterable[asyncio.Task[object]]] = tuple,
    grace_seconds: float = GRACE_SECONDS,
    look_seconds: float = LOOK_SECONDS,
) -> Iterator[None]:
    """Watch while the block runs; ``exit_process`` is called with what hangs. ``tasks`` are shown with the threads."""
    stop = threading.Event()

    def watch() -> None:
        since: float | None = None
        while not stop.wait(look_seconds):
            faulthandler.dump_traceback_later(LOCKED_SECONDS, exit=True)
            hangs = "; ".join(health.hangs())
            if not hangs:
                if since is not None:
                    log.warning("what hung has moved on")
                since = None
            elif since is None:
                since = time.monotonic()
                log.critical(
                    "%s; the worker ends in %g s unless it moves on; stacks:\n%s", hangs, grace_seconds, stacks(tasks())
                )
            elif time.monotonic() - since >= grace_seconds:
                exit_process(ExitCode.HANGS, hangs)

    thread = threading.Thread(target=watch, name="watchdog", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        faulthandler.cancel_dump_traceback_later()


def stacks(tasks: Iterable[asyncio.Task[object]] = ()) -> str:
    """Where each thread stands, the most recent call last, then where each task waits.

    The main thread, which turns the event loop, comes first: a line of the log is cut where it is too long.
    """
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    main = threading.main_thread().ident
    out = io.StringIO()
    for ident, frame in sorted(sys._current_frames().items(), key=lambda each: each[0] != main):
        out.write(f"thread {names.get(ident, ident)}\n{''.join(traceback.format_stack(frame))}")
    for task in tasks:
        task.print_stack(limit=5, file=out)
    return out.getvalue()
