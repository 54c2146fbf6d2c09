"""The shipped rules: checked by promtool, each tested firing and not firing, each with its chapter."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.false_alarms import evaluate
from monitor.metrics import Metrics
from monitor.scoring.flags import FLAGS
from tests.conftest import without

ROOT = Path(__file__).parent.parent.parent
RULES = ROOT / "deploy" / "prometheus"
UNIT_TESTS = sorted((Path(__file__).parent / "rules").glob("*.yml"))
#: What Prometheus and its client add by themselves.
GIVEN = {"up", "process_start_time_seconds"}
#: The alert that fires always; whoever expects it notices when it stays away.
ALWAYS = "Watchdog"
#: Suffixes of a histogram's series.
SERIES = re.compile(r"_(bucket|count|sum)$")


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def rules(file: str) -> list[dict[str, Any]]:
    return [rule for group in loaded(RULES / file)["groups"] for rule in group["rules"]]


ALERTS = {rule["alert"]: rule for rule in rules("alerts.yml")}
RECORDS = {rule["record"] for rule in rules("rules.yml")}


def run(tool: str, *arguments: str | Path) -> None:
    path = shutil.which(tool) or without(f"no {tool}; Debian's packages prometheus and prometheus-alertmanager have it")
    result = subprocess.run([path, *arguments], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.prometheus
def test_promtool_and_amtool_take_the_files() -> None:
    run("promtool", "check", "config", RULES / "prometheus.yml")
    run("promtool", "check", "rules", "--lint-fatal", RULES / "rules.yml", RULES / "alerts.yml")
    run("amtool", "check-config", ROOT / "deploy" / "alertmanager" / "alertmanager.yml")


@pytest.mark.prometheus
@pytest.mark.parametrize("path", UNIT_TESTS, ids=lambda path: path.stem)
def test_unit_tests_of_the_rules(path: Path) -> None:
    run("promtool", "test", "rules", path)


def test_every_rule_has_a_unit_test_and_every_alert_one_each_way() -> None:
    cases = [case for path in UNIT_TESTS for case in loaded(path)["tests"]]
    alerts = [alert for case in cases for alert in case.get("alert_rule_test", ())]
    firing = {alert["alertname"] for alert in alerts if alert.get("exp_alerts")}
    quiet = {alert["alertname"] for alert in alerts if not alert.get("exp_alerts")}
    assert firing == set(ALERTS)
    assert quiet == firing - {ALWAYS}
    expressions = " ".join(test["expr"] for case in cases for test in case.get("promql_expr_test", ()))
    assert set(re.findall(r"[a-z_]+:[a-z_]+:\w+", expressions)) == RECORDS


def test_rules_read_only_what_there_is() -> None:
    """A name that is misspelt, or a metric that is renamed, would be a rule that never fires."""
    described = Metrics()
    known = {metric.name for metric in described.descriptions} | RECORDS | GIVEN
    for rule in (*rules("rules.yml"), *ALERTS.values()):
        code = re.sub(r"#.*", "", rule["expr"])
        names = re.findall(r"\b(?:[a-z_]+:[a-z_]+:\w+|monitor_\w+|up|process_\w+)\b", code)
        missing = {name for name in names if SERIES.sub("", name) not in known and name not in known}
        assert not missing, f"{rule.get('alert') or rule['record']}: nothing is named {missing}"


def test_every_alert_says_what_to_do() -> None:
    """Its severity has a route, its chapter is in the runbooks, its dashboard is one of the three."""
    chapters = re.findall(r"^## (\w+)$", (ROOT / "docs" / "runbooks.md").read_text(), re.M)
    assert chapters == list(ALERTS)
    for name, rule in ALERTS.items():
        notes = rule["annotations"]
        assert rule["labels"]["severity"] in ({"none"} if name == ALWAYS else {"page", "ticket"})
        assert notes["summary"]
        assert notes["description"].endswith(".")
        assert notes["runbook_url"].endswith(f"#{name.lower()}")
        assert re.search(r"/d/monitor-(\{\{ if .*\}\})?(overview|source|engine)\b", notes["dashboard"])


def test_inhibition_names_alerts_that_exist() -> None:
    for rule in loaded(ROOT / "deploy" / "alertmanager" / "alertmanager.yml")["inhibit_rules"]:
        for matcher in rule["source_matchers"] + rule["target_matchers"]:
            assert set(re.findall(r"[A-Z]\w+", matcher)) <= set(ALERTS)
        assert "job" in rule["equal"]


def test_flags_that_only_inform_page_nobody_and_mute_no_page() -> None:
    """Their incidents are tickets, in however many sources, and inhibit no alert of bad copies."""
    codes = "|".join(kind.code for kind in FLAGS if not kind.bad)
    assert f'code!~"{codes}"' in ALERTS["SourcesBrokeTogether"]["expr"]
    assert f'code=~"{codes}"' in ALERTS["SourceIncident"]["expr"]
    assert ALERTS["SourceIncident"]["labels"]["severity"] == "ticket"
    for rule in loaded(ROOT / "deploy" / "alertmanager" / "alertmanager.yml")["inhibit_rules"]:
        if 'alertname = "SourceIncident"' in rule["source_matchers"]:
            assert f'code !~ "{codes}"' in rule["source_matchers"]


def test_at_most_twenty_rules_a_group() -> None:
    for file in ("rules.yml", "alerts.yml"):
        for group in loaded(RULES / file)["groups"]:
            assert len(group["rules"]) <= 20, group["name"]


@pytest.mark.prometheus
@pytest.mark.slow
def test_days_of_normal_traffic_raise_nothing(tmp_path: Path) -> None:
    """The month itself, with its figures, is python -m bench.false_alarms."""
    raised = evaluate(3, seed=3, every="10m", scratch=tmp_path)
    assert {key[1] for key in raised} == {"Watchdog"}, "which always fires"


@pytest.mark.prometheus
@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (("alertname=Watchdog", "severity=none"), "watchdog"),
        (("alertname=WorkerDown", "severity=page"), "pages"),
        (("alertname=DeadLetters", "severity=ticket"), "tickets"),
    ],
)
def test_each_severity_has_its_receiver(labels: tuple[str, ...], receiver: str) -> None:
    config = f"--config.file={ROOT / 'deploy' / 'alertmanager' / 'alertmanager.yml'}"
    run("amtool", "config", "routes", "test", config, f"--verify.receivers={receiver}", *labels)


def test_the_table_of_alerts_names_each_with_its_severity() -> None:
    table = re.findall(r"^\| `(\w+)` \| (\w+) \|", (ROOT / "docs/alerting.md").read_text(), re.M)
    assert dict(table) == {name: rule["labels"]["severity"] for name, rule in ALERTS.items()}
