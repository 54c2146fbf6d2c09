"""docker-compose.yml, without a container engine: the schema, and what each service must have."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor import __version__
from monitor.settings import Settings

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / "docker-compose.yml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOT = "topics"
OURS = {name for name, service in SERVICES.items() if "build" in service}
#: What the image itself does not allow; the reason stands in the file.
WRITABLE = {"kafka"}


def seconds(duration: str) -> int:
    """A duration of the form ``35s``."""
    return int(duration.removesuffix("s"))


def test_follows_the_schema_of_the_compose_specification() -> None:
    program = Path(sys.executable).parent / "check-jsonschema"
    result = subprocess.run(
        [program, "--builtin-schema", "vendor.compose-spec", FILE], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_holds_what_the_worker_needs_and_what_watches_it() -> None:
    assert set(SERVICES) == {"kafka", "topics", "worker", "prometheus", "alertmanager", "grafana", "feed"}
    assert [name for name, service in SERVICES.items() if "profiles" in service] == ["feed"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_pinned_bounded_and_confined(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"\S+:v?\d+\.\d+\.\d+", service["image"])
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == ("no" if name == ONE_SHOT else "unless-stopped")
    assert service["logging"]["options"]["max-size"]
    if name not in WRITABLE:
        assert service["read_only"] is True
        assert int(service["user"].partition(":")[0]) > 0
    assert not service.keys() & {"privileged", "cap_add", "network_mode", "pid"}


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_listens_beyond_this_machine(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port)


@pytest.mark.parametrize("name", SERVICES)
def test_the_health_of_what_serves_is_checked(name: str) -> None:
    check = SERVICES[name].get("healthcheck", {})
    if name == "worker":
        assert not check, "the image's own asks /healthz"
    elif name in OURS:
        assert check == {"disable": True}, "it serves nothing"
    else:
        assert check["test"][0] == "CMD"


def test_the_worker_may_finish_what_it_has_in_hand() -> None:
    assert seconds(SERVICES["worker"]["stop_grace_period"]) > Settings().shutdown_seconds


@pytest.mark.parametrize("name", sorted(OURS))
def test_the_environment_names_settings(name: str) -> None:
    assert SERVICES[name]["image"] == f"syndication-monitor:{__version__}"
    for variable in SERVICES[name]["environment"]:
        assert variable.removeprefix("MONITOR_").lower() in Settings.model_fields, variable


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_read_only_container_has_room_for_the_language_model(name: str) -> None:
    """py3langid unpacks it into a temporary file, without which nothing starts."""
    assert SERVICES[name]["tmpfs"] == ["/tmp:size=128m,mode=1777"]  # noqa: S108


def test_no_secret_stands_in_the_file() -> None:
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
    assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|TOKEN|SECRET|KEY", variable):
                assert value.startswith("/run/secrets/"), variable
        for secret in service.get("secrets", []):
            assert secret in COMPOSE["secrets"]


def test_what_is_mounted_is_there() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source, _, rest = volume.partition(":")
            if source.startswith("."):
                assert (ROOT / source).is_dir(), source
                assert rest.endswith(":ro")
            else:
                assert source in COMPOSE["volumes"]


def test_prometheus_finds_the_worker_and_alertmanager_under_their_names() -> None:
    prometheus = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())
    (scraped,) = prometheus["scrape_configs"][0]["dns_sd_configs"]
    (alertmanager,) = prometheus["alerting"]["alertmanagers"][0]["static_configs"]
    assert (scraped["names"], scraped["port"]) == (["worker"], 8080)
    assert alertmanager["targets"] == ["alertmanager:9093"]
    for name, port in (("worker", "8080"), ("alertmanager", "9093")):
        assert SERVICES[name]["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_files_read_the_secrets_that_are_mounted() -> None:
    for name, folder in (("alertmanager", "alertmanager"), ("grafana", "grafana/provisioning")):
        named = {
            secret
            for path in (ROOT / "deploy" / folder).rglob("*.yml")
            for secret in re.findall(r"/run/secrets/(\w+)", path.read_text())
        }
        assert named
        assert named <= set(SERVICES[name]["secrets"])
