"""Slow, many and broken clients."""

from __future__ import annotations

import contextlib
import logging
import socket
import time

import pytest

from monitor.settings import Settings
from monitor.web import connection, scoring
from monitor.web.server import serve
from tests.web.site import TOKEN, Site, raw, status


def test_a_slow_client_is_cut_off(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(scoring, "BODY_SECONDS", 0.5)
    begin = time.monotonic()
    assert raw(site.address, b"GET / HT") == b""
    head = b"POST /score HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"
    assert status(raw(site.address, head + b"{")) == 408
    monkeypatch.setattr(connection, "CONNECTION_SECONDS", 0.5)
    monkeypatch.setattr(scoring, "BODY_SECONDS", 60)
    assert raw(site.address, head + b"{") == b""
    assert time.monotonic() - begin < 10


def test_a_crowd_of_slow_clients_keeps_no_probe_out(site: Site) -> None:
    host, _, port = site.address.rpartition(":")
    with contextlib.ExitStack() as stack:
        for _ in range(2 * connection.CONNECTIONS):
            stack.enter_context(socket.create_connection((host, int(port)), timeout=5)).sendall(b"G")
        begin = time.monotonic()
        assert site.ask("/healthz")[0] == 200
        assert time.monotonic() - begin < 2


def test_heads_are_bounded(site: Site) -> None:
    for request in (
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: a\r\n" * 1000 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n",
    ):
        assert status(raw(site.address, request)) == 400


def hostile_requests() -> list[bytes]:
    """Requests that no parser takes, each with the token in it; the last two are broken in their body."""
    bearer = b"Authorization: Bearer " + TOKEN.encode()
    get, post = b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST /score HTTP/1.1\r\nHost: x\r\n"
    return [
        get + bearer + b"\rX\r\n\r\n",
        get + bearer + b"\x00\r\n\r\n",
        get + bearer + b"\n\x01: x\r\n\r\n",
        get + bearer + b"\r\n" + bearer + b"\r\n" + b" folded\r\n\r\n",
        b"GET /\x00" + TOKEN.encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        TOKEN.encode() + b"\xff\xfe / HTTP/1.1\r\n" + bearer + b"\r\n\r\n",
        b"GET / HTTP/9.9\r\n" + bearer + b"\r\n\r\n",
        post + bearer + b"\r\nContent-Length: -1\r\n\r\n",
        post + bearer + b"\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        post + b"Transfer-Encoding: chunked\r\n\r\n" + TOKEN.encode() + b"\r\n",
        post + bearer + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + TOKEN.encode() + b"-no length\r\n",
    ]


@pytest.mark.parametrize("request_", hostile_requests())
def test_broken_request_leaves_no_token_and_no_error(request_: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    site = Site()
    settings = Settings(web="0.0.0.0:0", web_token=TOKEN)
    with serve(settings, site.served) as address:
        answer = raw(address, request_)
    assert status(answer) in (400, 401)
    assert TOKEN.encode() not in answer
    assert TOKEN not in caplog.text
    assert "Traceback" not in caplog.text
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_defect_of_the_server_is_one_line_without_its_message(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> None:
        raise ValueError("a text of its own")

    monkeypatch.setattr(site.health, "hangs", lambda: broken(None))
    answer = raw(site.address, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert status(answer) == 500
    assert b"Server: monitor\r\n" in answer
    assert "answered 500: ValueError < test_connection.py" in caplog.text
    assert "a text of its own" not in caplog.text + answer.decode()
