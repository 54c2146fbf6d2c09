"""Sets where Grafana, the runbooks and the pages are, wherever a link to them stands: ``make links``.

The addresses stand once, as the external labels ``grafana``, ``runbooks`` and ``pages`` of
``prometheus/prometheus.yml``. Alerts of a Prometheus that reads that file take them from there. Dashboards, Grafana's
own alerts and the Prometheus operator's rules cannot; in these the old address is replaced by the new one.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

DEPLOY = Path(__file__).parent


def addresses(deploy: Path = DEPLOY) -> dict[str, str]:
    """The addresses in force, by their labels."""
    text = (deploy / "prometheus" / "prometheus.yml").read_text()
    return {name: re.findall(rf"^    {name}: (\S+)$", text, re.M)[0] for name in ("grafana", "runbooks", "pages")}


def in_grafana(grafana: str, runbooks: str) -> str:
    """The runbooks' address for a link within Grafana: a path where Grafana itself serves them."""
    return runbooks.removeprefix(grafana)


def set_links(grafana: str, runbooks: str, pages: str, deploy: Path = DEPLOY) -> None:
    """Put the addresses into every file of ``deploy`` that holds one.

    Raises:
        ValueError: an address is no absolute one.
    """
    for address in (grafana, runbooks, pages):
        if not re.fullmatch(r"https?://[^\s\"'#]+[^\s\"'#/]", address):
            raise ValueError(f"{address!r} is no absolute address without a slash at its end, https://…")
    old = addresses(deploy)
    changes = {
        "prometheus/prometheus.yml": [
            (f"    {name}: {old[name]}\n", f"    {name}: {new}\n")
            for name, new in (("grafana", grafana), ("runbooks", runbooks), ("pages", pages))
        ],
        "grafana/provisioning/alerting/rules.yml": [(f"{old['runbooks']}#", f"{runbooks}#")],
    }
    for path in (deploy / "grafana" / "dashboards").glob("*.json"):
        before, after = in_grafana(old["grafana"], old["runbooks"]), in_grafana(grafana, runbooks)
        changes[str(path.relative_to(deploy))] = [(f'"{before}"', f'"{after}"'), (f'"{old["pages"]}"', f'"{pages}"')]
    for name, pairs in changes.items():
        file = deploy / name
        text = file.read_text()
        for before, after in pairs:
            text = text.replace(before, after)
        file.write_text(text)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: make links GRAFANA=https://… RUNBOOKS=https://… PAGES=https://…")
    try:
        set_links(*sys.argv[1:])
    except ValueError as error:
        sys.exit(str(error))
