"""The server, asked as a client asks."""

from __future__ import annotations

import contextlib
import socket
import urllib.error
import urllib.request
from datetime import UTC, datetime

from monitor.metrics import Metrics
from monitor.scoring.verdict import Flag, Verdict
from monitor.streaming.deadletters.held import HeldPartitions
from monitor.streaming.health.awaited import Health
from monitor.streaming.stages.latest_bad import LatestBad

TOKEN = "0123456789abcdef"  # noqa: S105


class Site:
    def __init__(self) -> None:
        self.metrics, self.health, self.recent = Metrics(), Health(), LatestBad()
        self.held = HeldPartitions(self.metrics, self.health)
        self.address = ""

    def ask(self, path: str, body: bytes | None = None, content_type: str = "application/json") -> tuple[int, str]:
        request = urllib.request.Request(f"http://{self.address}{path}", body, {"Content-Type": content_type})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


def raw(address: str, request: bytes, wait: float = 20.0) -> bytes:
    """What the server answers to these bytes until it closes the connection."""
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=wait) as connection:
        connection.sendall(request)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(65536):
                answer += part
        return answer


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def bad_verdict(source: str = "S", title: str = "T", url: str | None = None, message: str = "few") -> Verdict:
    """A verdict that the page shows."""
    return Verdict(
        id="1", source=source, url=url, title=title, published_at=None,
        scored_at=datetime(2026, 1, 1, tzinfo=UTC), version="0", language=None, words=1, repetition=0.5,
        boilerplate=0.0, bad=True, flags=(Flag("thin", 1.0, message),), paragraphs=(),
    )  # fmt: skip
