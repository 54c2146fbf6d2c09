"""The headers of every answer, also of what is refused before it is read as a request."""

from __future__ import annotations

from aiohttp import hdrs, web

#: On every answer; the page has a policy of its own.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def harden(response: web.StreamResponse) -> None:
    """Put the headers on an answer, and end its connection after it: a connection serves one request."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # Without it aiohttp would name itself, Python and their versions.
    response.headers[hdrs.SERVER] = "monitor"
    response.force_close()
    response.headers[hdrs.CONNECTION] = "close"
