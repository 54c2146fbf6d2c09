"""The addresses of Grafana and the runbooks: set once, and then in every link."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from deploy.links import DEPLOY, addresses, set_links

GRAFANA, RUNBOOKS = "https://grafana.example", "https://wiki.example/monitor/runbooks.md"
PAGES = "https://monitor.example"


@pytest.fixture
def deploy(tmp_path: Path) -> Path:
    """A copy of the shipped files."""
    return Path(shutil.copytree(DEPLOY, tmp_path / "deploy"))


def test_every_link_leads_where_it_is_set_to(deploy: Path) -> None:
    before = addresses(deploy)
    set_links(GRAFANA, RUNBOOKS, PAGES, deploy)
    assert addresses(deploy) == {"grafana": GRAFANA, "runbooks": RUNBOOKS, "pages": PAGES}
    for path in (deploy / "grafana" / "dashboards").glob("*.json"):
        (variable,) = [v for v in json.loads(path.read_text())["templating"]["list"] if v["name"] == "runbooks"]
        assert variable["query"] == variable["current"]["text"] == variable["current"]["value"] == RUNBOOKS
    for name in ("overview", "source"):
        dashboard = json.loads((deploy / "grafana" / "dashboards" / f"{name}.json").read_text())
        (variable,) = [v for v in dashboard["templating"]["list"] if v["name"] == "pages"]
        assert variable["query"] == variable["current"]["text"] == variable["current"]["value"] == PAGES
        assert any("${pages}/" in link.get("url", "") for link in dashboard["links"])
    rules = yaml.safe_load((deploy / "grafana" / "provisioning" / "alerting" / "rules.yml").read_text())
    for rule in rules["groups"][0]["rules"]:
        assert rule["annotations"]["runbook_url"] == f"{RUNBOOKS}#{rule['title'].lower()}"
    for path in (deploy / "grafana").rglob("*.*"):
        assert before["runbooks"] not in path.read_text(), path
        assert before["pages"] not in path.read_text(), path


def test_setting_them_back_restores_the_files(deploy: Path) -> None:
    before = addresses(deploy)
    set_links(GRAFANA, RUNBOOKS, PAGES, deploy)
    set_links(before["grafana"], before["runbooks"], before["pages"], deploy)
    for path in DEPLOY.rglob("*.*"):
        if path.is_file() and path.suffix in (".yml", ".yaml", ".json"):
            assert (deploy / path.relative_to(DEPLOY)).read_text() == path.read_text(), path


@pytest.mark.parametrize("wrong", ["grafana.example", "https://grafana.example/", "https://a b", "/d", 'https://"x'])
def test_what_is_no_absolute_address_is_refused(deploy: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="is no absolute address"):
        set_links(wrong, RUNBOOKS, PAGES, deploy)


def test_links_of_the_operators_rules_are_absolute() -> None:
    text = (DEPLOY / "kubernetes" / "prometheusrule.yaml").read_text()
    links = re.findall(r"(?:runbook_url|dashboard|page): '?(\S+)", text)
    assert len(links) > 30
    assert all(link.startswith(("http://", "https://")) for link in links)
