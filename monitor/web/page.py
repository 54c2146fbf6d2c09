"""The page: how the worker is, and the latest bad copies with their evidence."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from monitor.metrics import Metrics
from monitor.scoring.verdict import Verdict

TEMPLATES = Environment(
    loader=PackageLoader("monitor.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def is_link(url: str | None) -> bool:
    """Whether an article's address may stand on the page as a link: http or https, nothing that runs."""
    return url is not None and url.lower().startswith(("http://", "https://"))


TEMPLATES.tests["link"] = is_link


def page(metrics: Metrics, wrong: Sequence[str], verdicts: Sequence[Verdict]) -> web.Response:
    """The page as a response: everything escaped, nothing loaded from elsewhere, no script allowed."""
    nonce = secrets.token_urlsafe(16)
    text = TEMPLATES.get_template("page.html").render(
        nonce=nonce,
        wrong=wrong,
        verdicts=verdicts,
        articles=_sum(metrics, "monitor_articles_total"),
        bad=_sum(metrics, "monitor_articles_total", verdict="bad"),
        dead=_sum(metrics, "monitor_dead_letters_total"),
        lag=_sum(metrics, "monitor_consumer_lag_records"),
    )
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": policy})


def _sum(metrics: Metrics, name: str, **labels: str) -> int:
    """The sum of a metric's series that have these labels."""
    return int(
        sum(
            sample.value
            for family in metrics.registry.collect()
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )
    )
