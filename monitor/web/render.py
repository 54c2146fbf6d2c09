"""Turns what a page shows into HTML: everything escaped, nothing loaded from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from monitor.articles.printable import printable
from monitor.scoring.sources.incident import Incident
from monitor.streaming.stages import STAGES, topics_of
from monitor.streaming.topics import COPIES

TEMPLATES = Environment(
    loader=PackageLoader("monitor.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _own(name: str) -> str:
    return files("monitor.web").joinpath("templates", name).read_text()


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


#: The only style and script, which the policy allows by their hashes: nothing that an article holds can be one.
STYLE, SCRIPT = _own("page.css"), _own("page.js")
POLICY = (
    f"default-src 'none'; style-src {_hash(STYLE)}; script-src {_hash(SCRIPT)}; connect-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: Of every page. The pages' own forms say where they come from, and no other site is told.
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}
#: The pages that every page leads to.
PAGES = frozenset(
    {"/", "/incidents", "/sources", "/dead", "/try"} | ({"/copies"} if COPIES in topics_of(STAGES) else set())
)
#: A name that a browser takes for a step up, or that holds what parts a path, goes into the query.
_PLAIN = re.compile(r"(?!\.+\Z)[^/\\\x00-\x1f]{1,300}(?<!\.json)\Z")


def render(template: str, **values: Any) -> bytes:
    """A page as HTML."""
    return TEMPLATES.get_template(template).render(**values).encode("utf-8", "replace")


def is_link(url: str | None) -> bool:
    """Whether an article's address may stand on a page as a link.

    http or https, with a host, and without a user name, which makes the address look like that of another site.

    >>> is_link("https://www.example.org/a?b=c")
    True
    >>> is_link("https://www.example.org@evil.example/"), is_link("http:///www.example.org")
    (False, False)
    """
    if url is None or "\\" in url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def source_path(source: str) -> str:
    """The address of a source's page.

    >>> source_path("Daily Ex?"), source_path("a/b"), source_path("..")
    ('/sources/Daily%20Ex%3F', '/sources?name=a%2Fb', '/sources?name=..')
    """
    if _PLAIN.match(source):
        return "/sources/" + quote(source, safe="")
    return "/sources?" + urlencode({"name": source})


def query(**values: str | None) -> str:
    """A query of what is not empty, with its question mark; empty where all is.

    >>> query(source="A & B", code="")
    '?source=A+%26+B'
    """
    given = {name: value for name, value in values.items() if value}
    return "?" + urlencode(given) if given else ""


def age(at: datetime, now: float) -> str:
    """How long ago, in the largest unit that fits.

    >>> age(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 0, 3, 20, tzinfo=UTC).timestamp())
    '3 min'
    """
    return span(now - at.timestamp())


def span(seconds: float) -> str:
    """A span of time, in the largest unit that fits.

    >>> span(1800.0), span(59.9), span(-3.0)
    ('30 min', '59 s', '0 s')
    """
    seconds = max(0, int(seconds))
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def utc(at: datetime) -> str:
    """A time for a person.

    >>> utc(datetime(2026, 1, 1, 12, 30, 5, tzinfo=UTC))
    '2026-01-01 12:30:05 UTC'
    """
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def percent(share: float) -> str:
    """A share as a whole percentage, with one digit below 10 %.

    >>> percent(0.41), percent(0.034), percent(0.0)
    ('41\N{NO-BREAK SPACE}%', '3.4\N{NO-BREAK SPACE}%', '0\N{NO-BREAK SPACE}%')
    """
    digits = 1 if 0 < share < 0.1 else 0
    return f"{100 * share:.{digits}f}\N{NO-BREAK SPACE}%"


def counted(number: int, what: str) -> str:
    """A number of something, in the plural where there is not one.

    >>> counted(1, "outlet"), counted(2, "copy")
    ('1 outlet', '2 copies')
    """
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{number} {what if number == 1 else plural}"


def in_words(code: str) -> str:
    """A flag's code as words.

    >>> in_words("repeated_body")
    'repeated body'
    """
    return code.replace("_", " ")


def printable_lines(text: str) -> str:
    """A text of several lines, each of them printable."""
    return "\n".join(map(printable, text.split("\n")))


def incident_in_words(incident: Incident) -> str:
    """What is wrong with a source, as a sentence.

    Of a share, what it usually is and what it is; of a silence or a flood, how many articles came and are usual.
    """
    usual, now = incident.before, incident.now
    if incident.kind == "share":
        return (
            f"{percent(now)} of its articles are flagged, {incident.affected} of {incident.articles}; "
            f"usually {percent(usual)}."
        )
    if incident.kind == "layout":
        return f"{percent(now)} of its articles have other lines than usual; before, {percent(usual)} had."
    return f"{counted(incident.articles, 'article')} came where {usual:.0f} are usual."


TEMPLATES.tests["link"] = is_link
TEMPLATES.filters |= {
    "printable": printable,
    "age": age,
    "span": span,
    "counted": counted,
    "utc": utc,
    "percent": percent,
    "in_words": in_words,
    "source_path": source_path,
    "printable_lines": printable_lines,
    "incident_in_words": incident_in_words,
}
TEMPLATES.globals |= {
    "style": Markup(STYLE),  # noqa: S704 - a file of ours
    "script": Markup(SCRIPT),  # noqa: S704 - a file of ours
    "query": query,
    "pages": PAGES,
}
