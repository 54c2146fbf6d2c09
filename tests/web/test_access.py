"""Who is let in: the token, names of this machine, other sites' pages."""

from __future__ import annotations

from base64 import b64encode

import pytest

from monitor.settings import Settings
from monitor.web.server import BadAddress, serve
from tests.web.site import TOKEN, Site, raw, status


def test_beyond_loopback_it_is_served_with_a_token_only() -> None:
    site = Site()
    for address in ("0.0.0.0:0", "[::]:0", "example.org:0"):
        with (
            pytest.raises(BadAddress, match="no token is set; set MONITOR_WEB_TOKEN or"),
            serve(Settings(web=address), site.served),
        ):
            pass
    settings = Settings(web="0.0.0.0:0", web_token=TOKEN)
    with serve(settings, site.served) as address:
        basic = b64encode(f"anyone:{TOKEN}".encode()).decode()
        for given, expected in (
            ("", 401),
            ("Bearer wrong", 401),
            ("Bearer é", 401),
            ("Basic ***", 401),
            (f"Bearer {TOKEN}", 200),
            (f"Basic {basic}", 200),
        ):
            head = f"Host: monitor.example\r\nAuthorization: {given}\r\n"
            assert status(raw(address, f"GET / HTTP/1.1\r\n{head}\r\n".encode())) == expected
            body = f"POST /score HTTP/1.1\r\n{head}Content-Length: 16\r\n\r\n".encode() + b'{"content": "x"}'
            assert status(raw(address, body)) == expected
        for path in ("/metrics", "/healthz"):
            assert status(raw(address, f"GET {path} HTTP/1.1\r\nHost: monitor.example\r\n\r\n".encode())) == 200


def test_other_names_and_other_pages_are_turned_away(site: Site) -> None:
    assert status(raw(site.address, b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")) == 421
    assert status(raw(site.address, b"GET /metrics HTTP/1.1\r\nHost: evil.example:8080\r\n\r\n")) == 421
    for host in (b"", b"[", b"127.0.0.1@evil.example", b"127.0.0.1.evil.example"):
        assert status(raw(site.address, b"GET / HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")) in (400, 421), host
    assert status(raw(site.address, b"GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n")) == 200
    post = b"POST /score HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\nContent-Length: 1\r\n\r\nx"
    assert status(raw(site.address, post)) == 403


@pytest.mark.parametrize("site_of_origin", ["cross-site", "same-site", "Cross-Site"])
def test_post_on_behalf_of_another_site_is_refused(site: Site, site_of_origin: str) -> None:
    head = f"POST /score HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: {site_of_origin}\r\nContent-Length: 16\r\n\r\n"
    assert status(raw(site.address, head.encode() + b'{"content": "x"}')) == 403


def test_link_from_another_site_leads_to_the_page(site: Site) -> None:
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\n\r\n"
    assert status(raw(site.address, head)) == 200
