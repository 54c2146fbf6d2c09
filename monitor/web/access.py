"""Who may ask for what: the token, and which pages of other sites may not make a browser ask."""

from __future__ import annotations

import hmac
import ipaddress

from aiohttp import BasicAuth, hdrs, web
from aiohttp.typedefs import Handler, Middleware

#: Open to all who reach the port: what Prometheus and a platform's probes ask for.
OPEN = frozenset({"/metrics", "/healthz", "/readyz"})
#: Methods that change nothing. A browser may use them wherever it comes from: a link in Grafana leads here.
SAFE_METHODS = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})
#: What a browser says of a request that no other site's page made it send (the header Sec-Fetch-Site).
OWN_SITES = frozenset({"none", "same-origin"})


def is_loopback(host: str) -> bool:
    """Whether an address is reached from its own machine alone. A name is not, but for ``localhost``."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def access(token: str | None) -> Middleware:
    """Lets a request through, or answers 401 (no token), 403 (sent by another site's page) or 421 (another name).

    Without a token the server is on loopback. There a site's own name that is made to point at this
    machine (DNS rebinding) would let that site's pages read ours, so only names of loopback are answered.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method not in SAFE_METHODS and _from_another_site(request):
            raise web.HTTPForbidden(text="not from another site's page\n")
        if token is None and not is_loopback(_asked_for(request)):
            raise web.HTTPMisdirectedRequest(
                text="asked for under a name that is not this machine's own; ask for 127.0.0.1, or set web_token\n"
            )
        if token is not None and request.path not in OPEN and not hmac.compare_digest(_given(request), token.encode()):
            raise web.HTTPUnauthorized(
                text="a token is needed (web_token)\n", headers={hdrs.WWW_AUTHENTICATE: 'Basic realm="monitor"'}
            )
        return await handler(request)

    return check


def _from_another_site(request: web.Request) -> bool:
    """Whether a browser sends it on behalf of a page that is not this server's own."""
    if request.headers.get("Sec-Fetch-Site", "none").lower() not in OWN_SITES:
        return True
    origin = request.headers.get(hdrs.ORIGIN)
    return origin is not None and origin.partition("://")[2] != request.headers.get(hdrs.HOST)


def _asked_for(request: web.Request) -> str:
    """The host that the client asked for; empty for one that is none."""
    try:
        return request.url.host or ""
    except ValueError:
        return ""


def _given(request: web.Request) -> bytes:
    """The token a request brings: as a bearer token, or as the password that a browser asks its user for."""
    scheme, _, rest = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip().encode("utf-8", "surrogateescape")
    try:
        password: str = BasicAuth.decode(f"{scheme} {rest}", "utf-8").password
    except ValueError:
        return b""
    return password.encode()
