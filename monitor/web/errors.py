"""What is refused, as a page for who asks with a browser, and as plain text for all others."""

from __future__ import annotations

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from monitor.web.render import HEADERS, render

TITLES = {
    400: "Not understood",
    401: "A token is needed",
    403: "Not allowed",
    404: "Nothing here",
    405: "Not this way",
    408: "Too slow",
    413: "Too large",
    415: "Not read",
    421: "Another name",
    429: "Too many at once",
    503: "Not now",
}


@web.middleware
async def in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers what is refused with a page, where a browser asks for one."""
    try:
        return await handler(request)
    except web.HTTPError as error:
        if "text/html" not in request.headers.get(hdrs.ACCEPT, ""):
            raise
        title = TITLES.get(error.status, "That did not work")
        text = (error.text or error.reason).strip()
        text = f"{text[:1].upper()}{text[1:]}."
        if error.status == 404 and text.startswith("404"):
            text = "There is no page at this address."
        headers = dict(HEADERS)
        for name in (hdrs.WWW_AUTHENTICATE, hdrs.RETRY_AFTER):
            if name in error.headers:
                headers[name] = error.headers[name]
        return web.Response(
            body=render("error.html", title=title, text=text),
            status=error.status,
            content_type="text/html",
            charset="utf-8",
            headers=headers,
        )
