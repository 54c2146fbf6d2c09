"""Alertmanager on the shipped file: what explains what, and that the runbooks' silences silence."""

from __future__ import annotations

import json
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.deploy.servers import DEPLOY, Shortened, alertmanager

pytestmark = pytest.mark.prometheus

RUNBOOKS = (DEPLOY.parent / "docs" / "runbooks.md").read_text()
ALERTS = {
    rule["alert"]: rule["labels"]["severity"]
    for group in yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
}
#: What must be told, of all alerts of one job and one source that fire at once.
TOLD = {
    "WorkerDown",
    "DeliveriesFailing",
    "DeadLettersFlood",
    "OffsetReset",
    "PartitionHeld",
    "RetentionRunsOut",
    "SourceBadShareFast",
    "SourceIncident",
    "SourcesBrokeTogether",
    "IncidentsBeyond",
    "ResentStorm",
    "CopiesStorm",
    "StaleStories",
    "CopiesWindowFull",
    "TemplatesStill",
    "TemplatesUnreadable",
    "Watchdog",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with alertmanager(tmp_path_factory.mktemp("alertmanager"), Shortened(240), "127.0.0.1:9", "none") as server:
        yield server


def post(address: str, job: str, **labels: str) -> None:
    """All alerts of a job fire, with these labels."""
    alerts = [
        {"labels": {"alertname": name, "severity": severity, "job": job} | labels} for name, severity in ALERTS.items()
    ]
    request = urllib.request.Request(
        f"http://{address}/api/v2/alerts", json.dumps(alerts).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert answer.status == 200


def states(address: str, job: str) -> dict[str, dict[str, Any]]:
    """The state of each alert of a job, once all are there."""
    deadline = time.monotonic() + 10
    while True:
        with urllib.request.urlopen(f"http://{address}/api/v2/alerts", timeout=5) as answer:
            alerts = [alert for alert in json.load(answer) if alert["labels"]["job"] == job]
        status_by_name = {alert["labels"]["alertname"]: alert["status"] for alert in alerts}
        if set(status_by_name) == set(ALERTS) and all(
            status["state"] != "unprocessed" for status in status_by_name.values()
        ):
            return status_by_name
        assert time.monotonic() < deadline, status_by_name
        time.sleep(0.1)


def told(address: str, job: str) -> set[str]:
    """The alerts of a job that nothing inhibits."""
    return {name for name, status in states(address, job).items() if not status["inhibitedBy"]}


def test_what_explains_another_is_told_alone(address: str) -> None:
    post(address, "explained", source="Lantern", instance="w")
    # Alerts are active a moment before those that inhibit them are seen.
    deadline = time.monotonic() + 10
    while (notified := told(address, "explained")) != TOLD and time.monotonic() < deadline:
        time.sleep(0.1)
    assert notified == TOLD


def test_each_silence_of_the_runbooks_silences_its_alert(address: str) -> None:
    """The commands as they stand there, after the lines that say what ``silence`` is."""
    (definitions,) = re.findall(r"^(?:am|silence)\(\) \{.*$\n^silence\(\).*$", RUNBOOKS, re.M)
    definitions = definitions.replace("127.0.0.1:9093", address)
    chapters = re.findall(r"^## (\w+)$(.*?)(?=^## |\Z)", RUNBOOKS, re.M | re.S)
    assert len(chapters) == len(ALERTS)
    for number, (name, chapter) in enumerate(chapters):
        (command,) = re.findall(r"\*\*Silence\.\*\* .*?`(silence .*)`$", chapter, re.M)
        job = "monitor" if "job=" in command else f"silenced {number}"
        labels = dict(re.findall(r"'(source|instance|code|kind|reason|topic|partition)=\"(.*?)\"'", command))
        post(address, job, **labels)
        # Each only for its own job, so that the chapters do not silence for each other.
        only = "" if "job=" in command else f" 'job=\"{job}\"'"
        result = subprocess.run(
            ["bash", "-c", f"USER=me\n{definitions}\n{command}{only}"], capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stderr
        assert states(address, job)[name]["silencedBy"] == [result.stdout.strip()], command
