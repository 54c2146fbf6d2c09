"""The server, asked as a client asks."""

from __future__ import annotations

import contextlib
import socket
import urllib.error
import urllib.request

from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming.deadletters.held import HeldPartitions
from monitor.streaming.health.awaited import Health
from monitor.web.kept.board import Board
from monitor.web.server import Served
from tests.web.topics import Topics

TOKEN = "0123456789abcdef"  # noqa: S105


class Site:
    def __init__(self) -> None:
        self.metrics, self.health = Metrics(), Health()
        self.held = HeldPartitions(self.metrics, self.health)
        self.board = Board(Settings())
        self.topics = Topics(self.board)
        self.served = Served(self.metrics, self.health, self.held, self.board, self.topics.fetch)
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
