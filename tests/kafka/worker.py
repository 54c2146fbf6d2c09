"""``monitor worker`` as a process, for tests: started, killed, asked for its state."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from signal import Signals


class Worker:
    """One worker process with its log in a file. Its page is on a port found by the system."""

    COMMAND: tuple[str, ...] = (sys.executable, "-m", "monitor", "worker")

    def __init__(
        self, log: Path, bootstrap_servers: str, environment: Mapping[str, str] | None = None, **settings: object
    ) -> None:
        self.log = log
        self._environment = dict(environment or {})
        self._settings = {
            "bootstrap_servers": bootstrap_servers,
            "web": "127.0.0.1:0",
            "session_timeout_seconds": 6,
            "lag_interval_seconds": 0.5,
        } | settings
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; does not wait until it is ready."""
        environment = {f"MONITOR_{name.upper()}": str(value) for name, value in self._settings.items()}
        with self.log.open("ab") as log:
            self._begin = log.tell()
            self.process = subprocess.Popen(
                self.COMMAND,
                stdout=log,
                stderr=log,
                env=os.environ | environment | self._environment,
                start_new_session=True,
            )

    def text(self) -> str:
        """What it has logged since it was last started."""
        return self.log.read_bytes()[self._begin :].decode(errors="replace")

    def get(self, path: str, timeout: float = 5.0) -> tuple[int, str]:
        """Status and text of a page of the worker; 0 while it does not answer."""
        match = re.search(r"http://([\w.:\[\]]+)", self.text())
        if not match:
            return 0, ""
        try:
            with urllib.request.urlopen(f"http://{match[1]}{path}", timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Wait until /readyz says so.

        Raises:
            TimeoutError: it did not in time, or the process ended; the message shows its log.
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and self.process is not None and self.process.poll() is None:
            if self.get("/readyz")[0] == 200:
                return
            time.sleep(0.1)
        raise TimeoutError(f"the worker is not ready: {self.text()[-3000:]}")

    def end(self, how: signal.Signals = signal.SIGTERM, timeout: float = 60.0) -> int:
        """Signal it, wait for its end, give its exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=timeout)
        self.process = None
        return code


class Supervised(Worker):
    """A worker that is started again whenever it ends by itself, as systemd or Kubernetes would."""

    RESTART_SECONDS = 1.0

    def __init__(
        self, log: Path, bootstrap_servers: str, environment: Mapping[str, str] | None = None, **settings: object
    ) -> None:
        super().__init__(log, bootstrap_servers, environment, **settings)
        #: The exit codes of those that ended by themselves or by a signal.
        self.exits: list[int] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._supervise, daemon=True)

    def _supervise(self) -> None:
        while not self._over.wait(0.1):
            process = self.process
            if process is not None and (code := process.poll()) is not None:
                self.exits.append(code)
                if not self._over.wait(self.RESTART_SECONDS):
                    self.start()

    def signal(self, how: signal.Signals) -> None:
        """Send the running process a signal."""
        if self.process is not None:
            self.process.send_signal(how)

    def __enter__(self) -> Supervised:
        self.start()
        self._thread.start()
        return self

    def end_for_good(self, how: Signals) -> int:
        """End it by a signal, and let it not be started again; gives its exit code."""
        self._over.set()
        self._thread.join(timeout=60)
        return self.end(how)

    def __exit__(self, *_: object) -> None:
        self.end_for_good(signal.SIGKILL)


@contextlib.contextmanager
def worker(log: Path, bootstrap_servers: str, **settings: object) -> Iterator[Worker]:
    """A started worker, killed at the end of the block if it still runs."""
    process = Worker(log, bootstrap_servers, None, **settings)
    process.start()
    try:
        yield process
    finally:
        process.end(signal.SIGKILL)
