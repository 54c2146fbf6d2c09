"""The headers of every answer."""

from __future__ import annotations

from tests.web.site import Site, raw


def test_every_answer_is_hardened(site: Site) -> None:
    for path in ("/", "/metrics", "/healthz", "/nowhere"):
        answer = raw(site.address, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()).decode()
        assert "frame-ancestors 'none'" in answer
        assert "Content-Security-Policy: default-src 'none'" in answer
        assert "X-Content-Type-Options: nosniff" in answer
        # The pages' own forms must say where they come from.
        assert f"Referrer-Policy: {'same-origin' if path == '/' else 'no-referrer'}" in answer
        assert "Cache-Control: no-store" in answer
        assert "Connection: close" in answer
        assert "Server: monitor\r\n" in answer


def test_answer_to_an_unreadable_request_is_hardened_and_names_no_version(site: Site) -> None:
    for request in (
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x00\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
        b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nExpect: tea\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
    ):
        head, _, body = raw(site.address, request).partition(b"\r\n\r\n")
        assert head.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4")), head
        for line in (
            b"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
            b"X-Content-Type-Options: nosniff",
            b"Referrer-Policy: no-referrer",
            b"Cache-Control: no-store",
            b"Connection: close",
            b"Server: monitor",
        ):
            assert line in head.split(b"\r\n"), (request[:40], line)
        for name in (b"Python", b"aiohttp"):
            assert name not in head + body
