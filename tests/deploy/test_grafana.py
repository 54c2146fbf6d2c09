"""What Grafana is given from files: what its loader requires, and that each query answers with data.

No Grafana runs here. Each panel's and each alert rule's query, with its variables filled in, is put to a
real Prometheus that scraped a real worker under a mixed load.
"""

from __future__ import annotations

import itertools
import json
import math
import re
import shutil
import signal
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from confluent_kafka import Producer

from monitor.demo.broker import embedded_broker
from monitor.demo.feed import feed
from monitor.metrics import Metrics
from monitor.scoring.sources.incident import Incident
from tests.conftest import without
from tests.kafka.server import free_port
from tests.kafka.topics import Topics
from tests.kafka.worker import Worker, worker

ROOT = Path(__file__).parent.parent.parent
GRAFANA = ROOT / "deploy" / "grafana"
PROMETHEUS = ROOT / "deploy" / "prometheus"
DASHBOARDS: dict[str, dict[str, Any]] = {
    p.name: json.loads(p.read_text()) for p in sorted((GRAFANA / "dashboards").iterdir())
}
PROVISIONED: dict[str, dict[str, Any]] = {
    p.relative_to(GRAFANA / "provisioning").as_posix(): yaml.safe_load(p.read_text())
    for p in sorted((GRAFANA / "provisioning").rglob("*.yml"))
}
RULES: list[dict[str, Any]] = PROVISIONED["alerting/rules.yml"]["groups"][0]["rules"]
ALERTS = {
    rule["alert"]: rule
    for group in yaml.safe_load((PROMETHEUS / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
}
#: A line of the demo's articles a hundredth of a second, and now and then what no decoder reads.
RATE = 60
POISON = (b"{", b"\xff\xfe\x00", b"[]", b'{"content": ""}')
#: Seconds of load before anything is asked.
LOAD_SECONDS = 15


class Panel(NamedTuple):
    """A panel and the name it is known by in a test's report."""

    name: str
    model: dict[str, Any]


PANELS = [
    Panel(f"{name}: {panel['title']}", panel)
    for name, dashboard in DASHBOARDS.items()
    for panel in dashboard["panels"]
    if panel["type"] != "row"
]
ASKING = [panel for panel in PANELS if panel.model["type"] != "alertlist"]


# What the loader requires


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_is_whole(name: str) -> None:
    dashboard = DASHBOARDS[name]
    assert dashboard["uid"] == f"monitor-{name.removesuffix('.json')}"
    assert dashboard["title"]
    assert 39 <= dashboard["schemaVersion"] <= 41
    assert not dashboard.keys() & {"id", "__inputs", "__requires"}, "an export for sharing, not for provisioning"
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for position, other in itertools.combinations([panel["gridPos"] for panel in panels], 2):
        apart = (
            position["x"] + position["w"] <= other["x"]
            or other["x"] + other["w"] <= position["x"]
            or position["y"] + position["h"] <= other["y"]
            or other["y"] + other["h"] <= position["y"]
        )
        assert apart, f"{position} lies over {other}"
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)
    names = {variable["name"] for variable in dashboard["templating"]["list"]}
    assert {"datasource", "job"} <= names
    used = set(re.findall(r"\$\{?([a-z]\w*)", json.dumps([panels, dashboard["links"]])))
    assert used <= names, "a variable that is not there"
    assert names - {"job", "datasource"} <= used, "a variable that nothing uses"


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_shows_what_changed_and_cannot_be_edited(name: str) -> None:
    """An edit in the browser would be lost at the next start, which reads the files again."""
    dashboard = DASHBOARDS[name]
    assert dashboard["editable"] is False
    (provider,) = PROVISIONED["dashboards/monitor.yml"]["providers"]
    assert provider["allowUiUpdates"] is False
    annotations = {annotation["name"]: annotation for annotation in dashboard["annotations"]["list"]}
    assert {"Starts", "Versions", "Rebalances", "Partitions held"} <= set(annotations)
    known = {d.name for d in Metrics().descriptions} | {"process_start_time_seconds"}
    for annotation in annotations.values():
        assert annotation["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert set(re.findall(r"\b(?:monitor|process)_\w+", annotation["expr"])) <= known


@pytest.mark.prometheus
def test_annotations_mark_a_start_and_a_rebalance(load: Server) -> None:
    (dashboard, *_) = DASHBOARDS.values()
    queries = {a["name"]: filled_in(a["expr"]) for a in dashboard["annotations"]["list"]}
    (started,) = load.values(queries["Starts"])
    assert abs(float(started["value"][1]) / 1000 - time.time()) < 600
    for name in ("Versions", "Rebalances", "Partitions held"):
        load.values(queries[name])


def test_each_dashboard_is_a_config_map_for_the_sidecar() -> None:
    kustomization = yaml.safe_load((GRAFANA / "kustomization.yaml").read_text())
    named = [name for generator in kustomization["configMapGenerator"] for name in generator["files"]]
    assert sorted(named) == [f"dashboards/{name}" for name in sorted(DASHBOARDS)]
    assert kustomization["generatorOptions"]["labels"] == {"grafana_dashboard": "1"}
    assert kustomization["generatorOptions"]["disableNameSuffixHash"] is True


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
def test_a_panel_says_what_it_shows_and_what_to_do(panel: Panel) -> None:
    model = panel.model
    assert model["title"]
    assert model["description"].endswith(".")
    assert len(model["description"]) > 20
    assert model["fieldConfig"]["defaults"]["unit"]
    assert model["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
    (link,) = model["links"]
    base, _, alert = link["url"].partition("#")
    assert base == "${runbooks}"
    assert not alert or alert in {name.lower() for name in ALERTS}, "no such runbook"
    references = [target["refId"] for target in model.get("targets", [])]
    assert len(set(references)) == len(references)
    assert bool(references) == (model["type"] != "alertlist")


@pytest.mark.parametrize("panel", ASKING, ids=lambda panel: panel.name)
def test_a_panel_asks_for_metrics_that_exist(panel: Panel) -> None:
    families = {d.name for d in Metrics().descriptions}
    for target in panel.model["targets"]:
        for name in re.findall(r"\bmonitor_\w+", target["expr"]):
            assert name in families or re.sub("_(bucket|count|sum)$", "", name) in families, name


def test_files_of_provisioning_are_of_version_1() -> None:
    assert set(PROVISIONED) == {
        "alerting/contact-points.yml",
        "alerting/policies.yml",
        "alerting/rules.yml",
        "dashboards/monitor.yml",
        "datasources/prometheus.yml",
    }
    assert {file["apiVersion"] for file in PROVISIONED.values()} == {1}


def test_datasources_are_there_under_their_uids() -> None:
    sources = {source["uid"]: source for source in PROVISIONED["datasources/prometheus.yml"]["datasources"]}
    assert {uid: source["type"] for uid, source in sources.items()} == {
        "prometheus": "prometheus",
        "alertmanager": "alertmanager",
    }
    assert sources["prometheus"]["jsonData"]["alertmanagerUid"] == "alertmanager"
    interval = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())["global"]["scrape_interval"]
    assert sources["prometheus"]["jsonData"]["timeInterval"] == interval
    for dashboard in DASHBOARDS.values():
        (variable,) = [v for v in dashboard["templating"]["list"] if v["type"] == "datasource"]
        assert sources[variable["current"]["value"]]["type"] == variable["query"]


def test_the_dashboards_are_found_where_compose_mounts_them() -> None:
    (provider,) = PROVISIONED["dashboards/monitor.yml"]["providers"]
    assert provider["type"] == "file"
    mounted = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["grafana"]["volumes"]
    assert f"./deploy/grafana/dashboards:{provider['options']['path']}:ro" in mounted
    assert "./deploy/grafana/provisioning:/etc/grafana/provisioning:ro" in mounted


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["title"]))
def test_alert_rule_is_complete_and_agrees_with_prometheus(rule: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z-]{1,40}", rule["uid"])
    data = {query["refId"]: query for query in rule["data"]}
    assert [data[r]["model"].get("type") for r in "ABC"] == [None, "reduce", "threshold"]
    assert rule["condition"] in data
    for reference, query in data.items():
        assert query["model"]["refId"] == reference
        assert query["datasourceUid"] == ("prometheus" if reference == "A" else "__expr__")
        assert reference == "A" or query["model"]["expression"] in data
    assert data["A"]["relativeTimeRange"]["from"] > data["A"]["relativeTimeRange"]["to"]
    assert rule["noDataState"] in ("OK", "Alerting", "NoData", "KeepLast")
    assert rule["execErrState"] in ("OK", "Alerting", "Error", "KeepLast")

    twin = ALERTS[rule["title"]]
    assert rule["for"] == twin["for"]
    assert rule.get("keepFiringFor") == twin.get("keep_firing_for")
    assert rule["labels"] == twin["labels"]
    annotations = rule["annotations"]
    assert not re.search(r"\$[^$]", "".join(annotations.values())), "Grafana would take it for a variable"
    assert annotations["runbook_url"].endswith(f"/public/docs/runbooks.md#{rule['title'].lower()}")
    assert (annotations["__dashboardUid__"], int(annotations["__panelId__"])) == (rule["dashboardUid"], rule["panelId"])
    (panels,) = [d["panels"] for d in DASHBOARDS.values() if d["uid"] == rule["dashboardUid"]]
    assert any(panel["id"] == rule["panelId"] and panel["type"] != "row" for panel in panels)


def test_every_severity_has_its_way_to_someone() -> None:
    (policy,) = PROVISIONED["alerting/policies.yml"]["policies"]
    points = {point["name"]: point for point in PROVISIONED["alerting/contact-points.yml"]["contactPoints"]}
    assert policy["receiver"] in points
    ways = {route["object_matchers"][0][2]: route["receiver"] for route in policy["routes"]}
    # The Watchdog is Alertmanager's alone: a Grafana that is down could not say so.
    assert set(ways) == {rule["labels"]["severity"] for name, rule in ALERTS.items() if name != "Watchdog"}
    assert set(ways.values()) == set(points)
    for point in points.values():
        (receiver,) = point["receivers"]
        assert receiver["uid"]
        assert receiver["type"] == "webhook"
        assert receiver["settings"]["url"].startswith("${ALERT_WEBHOOK}/")
        assert receiver["settings"]["authorization_credentials"] == "$__file{/run/secrets/webhook_token}"


# What the queries answer


class Server:
    """A Prometheus that scrapes one worker every second, with the shipped rules."""

    def __init__(self, process: Worker, address: str) -> None:
        self.worker = process
        self._address = address

    def ask(self, path: str, **parameters: str) -> Any:
        """The data of an answer of its HTTP interface; fails where it is an error."""
        url = f"http://{self._address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(url, timeout=20) as answer:
            return json.load(answer)["data"]

    def values(self, expr: str, *, instant: bool = True) -> list[dict[str, Any]]:
        """The series that a query answers with, each with its ``value`` (the last one of a range)."""
        now = time.time()
        if instant:
            series: list[dict[str, Any]] = self.ask("query", query=expr)["result"]
            return series
        ranged = self.ask("query_range", query=expr, start=str(now - 10), end=str(now), step="1")["result"]
        return [series | {"value": series["values"][-1]} for series in ranged]


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A worker under a mixed load for some seconds, and the Prometheus that watched it."""
    if shutil.which("prometheus") is None:
        without("prometheus is not installed (Debian: prometheus)")
    folder = tmp_path_factory.mktemp("grafana")
    web, own = (f"127.0.0.1:{free_port()}" for _ in range(2))
    (folder / "prometheus.yml").write_text(
        yaml.safe_dump(
            {
                "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
                "rule_files": ["rules.yml", "alerts.yml"],
                "scrape_configs": [{"job_name": "monitor", "static_configs": [{"targets": [web]}]}],
            }
        )
    )
    for name in ("rules.yml", "alerts.yml"):
        (folder / name).write_text(re.sub(r"interval: \d+m", "interval: 1s", (PROMETHEUS / name).read_text()))
    stop = threading.Event()
    with embedded_broker(Topics.named()) as broker, worker(folder / "worker.log", broker, web=web) as process:
        with (folder / "prometheus.log").open("wb") as log:
            server = subprocess.Popen(
                [
                    "prometheus",
                    f"--config.file={folder}/prometheus.yml",
                    f"--storage.tsdb.path={folder}/data",
                    f"--web.listen-address={own}",
                ],
                stdout=log,
                stderr=log,
            )
        sending = threading.Thread(
            target=feed, args=(broker, Topics.named().articles, records(stop)), kwargs={"rate": RATE}
        )
        try:
            process.wait_ready()
            open_incident(broker)
            sending.start()
            time.sleep(LOAD_SECONDS)
            server_asked = Server(process, own)
            # On a machine that has other work it takes longer until a source has as many as the alerts ask for.
            deadline = time.monotonic() + 60
            enough = (
                'job_source:monitor_articles:increase1h{source="The Daily Lantern"} >= 60 '
                "and on () max(job_reason:monitor_dead_letters:increase30m) > 15"
            )
            while not server_asked.values(enough) and time.monotonic() < deadline:
                time.sleep(0.5)
            yield server_asked
        finally:
            stop.set()
            if sending.is_alive():
                sending.join(timeout=30)
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


def open_incident(broker: str) -> None:
    """A source is broken, as the stage sources would tell it."""
    now = datetime.now(UTC)
    incident = Incident(
        id="0", source="Quay", key="quay", kind="share", code="thin", since=now, opened=now, updated=now, score=9
    )
    producer = Producer({"bootstrap.servers": broker, "log_level": 2})
    producer.produce(Topics.named().incidents, incident.encode(), incident.record_key.encode())
    assert producer.flush(30) == 0


def records(stop: threading.Event) -> Iterator[bytes]:
    """The demo's articles over and over with ids of their own, every tenth record poison, until told to stop."""
    lines = files("monitor.demo").joinpath("articles.jsonl").read_bytes().splitlines()
    for number in itertools.count():
        if stop.is_set():
            return
        if number % 10 == 9:
            yield POISON[number // 10 % len(POISON)]
            continue
        article = json.loads(lines[number % len(lines)])
        yield json.dumps(article | {"id": f"{article['id']}-{number}"}).encode()


def filled_in(expr: str) -> str:
    """A query as Grafana sends it: scraped every second, a minute shown, everything chosen."""
    values = {
        "__rate_interval": "10s",
        "__range": "60s",
        "job": "monitor",
        "instance": ".*",
        "source": "The Daily Lantern",
    }
    for name, value in values.items():
        if name == "source" and "=~" in expr.partition("$source")[0][-4:]:
            value = ".*"
        expr = re.sub(rf"\$\{{?{name}\b\}}?", value, expr)
    assert "$" not in expr
    return expr


@pytest.mark.prometheus
@pytest.mark.parametrize("panel", ASKING, ids=lambda panel: panel.name)
def test_every_query_of_a_panel_answers_with_numbers(load: Server, panel: Panel) -> None:
    for target in panel.model["targets"]:
        series = load.values(filled_in(target["expr"]), instant=target.get("instant", False))
        numbers = [float(sample["value"][1]) for sample in series]
        assert any(math.isfinite(number) for number in numbers), f"{target['expr']} answers {numbers}"
        for name in re.findall(r"\{\{(\w+)\}\}", target.get("legendFormat", "")):
            assert name == "reason" or all(name in sample["metric"] for sample in series), (
                f"no label {name} for the legend"
            )


@pytest.mark.prometheus
@pytest.mark.parametrize("name", DASHBOARDS)
def test_every_variable_has_values(load: Server, name: str) -> None:
    for variable in DASHBOARDS[name]["templating"]["list"]:
        if variable["type"] == "query":
            query = re.fullmatch(r"label_values\((.+), (\w+)\)", filled_in(variable["query"]["query"]))
            assert query is not None
            assert load.ask(f"label/{query[2]}/values", **{"match[]": query[1]}), variable["name"]


@pytest.mark.prometheus
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["title"]))
def test_every_alert_rule_has_a_number_to_compare(load: Server, rule: dict[str, Any]) -> None:
    series = load.values(rule["data"][0]["model"]["expr"])
    assert series, "no data"
    assert all(math.isfinite(float(sample["value"][1])) for sample in series)


def fires(load: Server, title: str) -> set[str]:
    """The sources or reasons of which an alert rule is over its threshold now; ``""`` where it has neither."""
    (rule,) = [rule for rule in RULES if rule["title"] == title]
    (condition,) = rule["data"][2]["model"]["conditions"]
    (limit,) = condition["evaluator"]["params"]
    over = {"gt": float.__gt__, "lt": float.__lt__}[condition["evaluator"]["type"]]
    return {
        sample["metric"].get("source", sample["metric"].get("reason", ""))
        for sample in load.values(rule["data"][0]["model"]["expr"])
        if over(float(sample["value"][1]), float(limit))
    }


@pytest.mark.prometheus
def test_the_alert_rules_tell_good_from_bad(load: Server) -> None:
    bad = fires(load, "SourceBadShareFast")
    assert "The Daily Lantern" in bad
    assert "Kaigan Shimbun" not in bad
    assert fires(load, "DeadLetters")
    assert fires(load, "SourceIncident") == {"Quay"}
    assert not fires(load, "LagNotDraining")
    assert not fires(load, "WorkerDown")
    load.worker.end(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while not fires(load, "WorkerDown") and time.monotonic() < deadline:
        time.sleep(0.5)
    assert fires(load, "WorkerDown") == {""}
