"""The page: how the worker is, and the latest bad copies with their evidence."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable
from importlib.resources import files
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from prometheus_client.metrics import MetricWrapperBase

from monitor.articles.printable import printable
from monitor.metrics import Metrics
from monitor.streaming.health.awaited import Health
from monitor.streaming.stages.latest_bad import LatestBad

TEMPLATES = Environment(
    loader=PackageLoader("monitor.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
#: The page's only style, which its policy allows by its hash: nothing that an article holds can be one.
STYLE = files("monitor.web").joinpath("templates", "page.css").read_text()
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: Measurings of the lag that may fail in a row before the page says that Kafka does not answer.
INTERVALS = 3


def is_link(url: str | None) -> bool:
    """Whether an article's address may stand on the page as a link.

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


TEMPLATES.tests["link"] = is_link
TEMPLATES.filters["printable"] = printable


class Page:
    """Draws the page from what the worker knows; the cost does not grow with the number of sources."""

    def __init__(
        self,
        metrics: Metrics,
        health: Health,
        recent: LatestBad,
        lag_interval_seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._metrics = metrics
        self._health = health
        self._recent = recent
        self._interval = lag_interval_seconds
        self._clock = clock
        self._template = TEMPLATES.get_template("page.html")

    def draw(self) -> bytes:
        """The page as HTML: everything escaped, nothing loaded from elsewhere, no script."""
        articles, bad = self._recent.counts()
        silent = self._kafka_silent_seconds()
        wrong = self._health.hangs() + self._health.not_ready()
        return self._template.render(
            style=Markup(STYLE),  # noqa: S704 - a file of ours
            wrong=wrong,
            silent=silent,
            verdicts=self._recent.latest(),
            articles=articles,
            bad=bad,
            dead=_sum(self._metrics.dead_letters),
            lag=_sum(self._metrics.lag),
        ).encode()

    def _kafka_silent_seconds(self) -> int | None:
        """Seconds since the lag was measured, where that is longer ago than it may be; ``None`` where it is not."""
        measured = _sum(self._metrics.lag_measured)
        if not measured or not _sum(self._metrics.partitions):
            return None
        seconds = int(self._clock() - measured)
        return seconds if seconds > INTERVALS * self._interval else None


def _sum(metric: MetricWrapperBase) -> int:
    """The sum of a metric's series, of which there are few: a partition, a reason."""
    return int(sum(s.value for family in metric.collect() for s in family.samples))
