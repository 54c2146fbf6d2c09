"""The manifests, without a cluster: Kubernetes' schemas, and that they agree with the code and with each other."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from monitor import __version__
from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming.deadletters.held import HeldPartitions
from monitor.streaming.health.awaited import Health
from monitor.streaming.topics import ARTICLE_BYTES, OUTPUT_BYTES
from monitor.web.server import Served, application
from tests.kafka.topics import Topics

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "deploy" / "kubernetes"
KUSTOMIZATIONS = ("", "topics")
#: What each operator requires of its own kinds; Kubernetes' schemas do not know them.
OPERATORS = {
    "ScaledObject": ("keda.sh/v1alpha1", {"scaleTargetRef", "triggers"}),
    "TriggerAuthentication": ("keda.sh/v1alpha1", {"secretTargetRef"}),
    "PodMonitor": ("monitoring.coreos.com/v1", {"selector", "podMetricsEndpoints"}),
    "PrometheusRule": ("monitoring.coreos.com/v1", {"groups"}),
    "KafkaTopic": ("kafka.strimzi.io/v1", {"partitions", "replicas", "config"}),
}


def kustomization(folder: str) -> dict[str, Any]:
    """The kustomization of a folder under ``deploy/kubernetes``."""
    read: dict[str, Any] = yaml.safe_load((FOLDER / folder / "kustomization.yaml").read_text())
    return read


def resources(folder: str) -> list[dict[str, Any]]:
    """Every resource that a kustomization names."""
    return [
        resource
        for name in kustomization(folder)["resources"]
        for resource in yaml.safe_load_all((FOLDER / folder / name).read_text())
    ]


RESOURCES = [resource for folder in KUSTOMIZATIONS for resource in resources(folder)]


def resource_of(kind: str) -> dict[str, Any]:
    """The one resource of a kind."""
    (resource,) = [resource for resource in RESOURCES if resource["kind"] == kind]
    return resource


POD = resource_of("Deployment")["spec"]["template"]
(WORKER,) = POD["spec"]["containers"]


@pytest.mark.parametrize("folder", KUSTOMIZATIONS)
def test_every_file_is_part_of_its_kustomization(folder: str) -> None:
    read = kustomization(folder)
    assert (read["apiVersion"], read["kind"]) == ("kustomize.config.k8s.io/v1beta1", "Kustomization")
    assert {p.name for p in (FOLDER / folder).glob("*.yaml")} == {"kustomization.yaml", *read["resources"]}
    for generator in read.get("configMapGenerator", []):
        assert all((FOLDER / folder / name).is_file() for name in generator["files"])


@pytest.mark.parametrize("folder", KUSTOMIZATIONS)
def test_kustomize_builds_it(folder: str) -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed; its kustomization was read above")
    result = subprocess.run(["kubectl", "kustomize", FOLDER / folder], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    kinds = {resource["kind"] for resource in yaml.safe_load_all(result.stdout)}
    assert kinds >= {resource["kind"] for resource in resources(folder)}


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda r: f"{r['kind']} {r['metadata']['name']}")
def test_a_resource_follows_its_schema(resource: dict[str, Any]) -> None:
    if resource["kind"] in OPERATORS:
        version, required = OPERATORS[resource["kind"]]
        assert resource["apiVersion"] == version
        assert required <= resource["spec"].keys()
    else:
        kubernetes_validate.validate(resource, "1.33", strict=True)


def test_the_worker_is_confined() -> None:
    pod, container = POD["spec"]["securityContext"], WORKER["securityContext"]
    assert pod["runAsNonRoot"]
    assert pod["runAsUser"] > 0
    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["readOnlyRootFilesystem"]
    assert container["allowPrivilegeEscalation"] is False
    assert container["capabilities"] == {"drop": ["ALL"]}
    assert POD["spec"]["automountServiceAccountToken"] is False
    assert resource_of("ServiceAccount")["automountServiceAccountToken"] is False
    assert resource_of("Namespace")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert WORKER["resources"]["limits"]["memory"]
    assert WORKER["resources"]["requests"].keys() == {"cpu", "memory"}


def test_the_read_only_container_has_room_for_the_language_model() -> None:
    """py3langid unpacks it into a temporary file, without which nothing starts."""
    pod = resource_of("Deployment")["spec"]["template"]["spec"]
    assert {"name": "tmp", "mountPath": "/tmp"} in pod["containers"][0]["volumeMounts"]  # noqa: S108
    assert {"name": "tmp", "emptyDir": {"sizeLimit": "128Mi"}} in pod["volumes"]


def test_the_worker_may_finish_what_it_has_in_hand() -> None:
    assert POD["spec"]["terminationGracePeriodSeconds"] > Settings().shutdown_seconds


def test_the_probes_ask_for_pages_that_are_served() -> None:
    metrics, health = Metrics(), Health()
    app = application(Settings(), Served(metrics, health, HeldPartitions(metrics, health)))
    served = {str(r.canonical) for r in app.router.resources()}
    for probe, path in (("startupProbe", "/healthz"), ("readinessProbe", "/readyz"), ("livenessProbe", "/healthz")):
        assert WORKER[probe]["httpGet"] == {"path": path, "port": "web"}
        assert path in served
    (endpoint,) = resource_of("PodMonitor")["spec"]["podMetricsEndpoints"]
    assert endpoint["path"] in served


def test_the_same_labels_and_ports_everywhere() -> None:
    labels = POD["metadata"]["labels"]
    for kind in ("Deployment", "PodDisruptionBudget", "PodMonitor"):
        assert resource_of(kind)["spec"]["selector"] == {"matchLabels": labels}
    assert resource_of("NetworkPolicy")["spec"]["podSelector"] == {"matchLabels": labels}
    assert (
        resource_of("ScaledObject")["spec"]["scaleTargetRef"]["name"] == resource_of("Deployment")["metadata"]["name"]
    )
    (port,) = WORKER["ports"]
    assert port["name"] == resource_of("PodMonitor")["spec"]["podMetricsEndpoints"][0]["port"]
    assert kustomization("")["images"] == [{"name": WORKER["image"], "newTag": __version__}]
    # The rules expect this job.
    assert labels[resource_of("PodMonitor")["spec"]["jobLabel"]] == "monitor"
    assert 'up{job="monitor"}' in (ROOT / "deploy" / "prometheus" / "rules.yml").read_text()


def test_the_settings_exist_and_the_page_is_guarded() -> None:
    settings = tomllib.loads((FOLDER / "monitor.toml").read_text())
    assert settings.keys() <= Settings.model_fields.keys()
    assert settings["web"] == f"0.0.0.0:{WORKER['ports'][0]['containerPort']}"
    mounts = {mount["name"]: mount["mountPath"] for mount in WORKER["volumeMounts"]}
    assert settings["web_token_file"] == f"{mounts['secrets']}/web_token"
    assert mounts["settings"] == "/etc/monitor"
    assert "WORKDIR /etc/monitor" in (ROOT / "Dockerfile").read_text()
    (generator,) = kustomization("")["configMapGenerator"]
    volumes = {volume["name"]: volume for volume in POD["spec"]["volumes"]}
    assert volumes["settings"]["configMap"]["name"] == generator["name"]
    assert "Secret" not in {resource["kind"] for resource in RESOURCES}, "a secret is made by hand, never a file here"


def test_the_workers_scale_on_their_own_group_up_to_the_partitions() -> None:
    settings = tomllib.loads((FOLDER / "monitor.toml").read_text())
    spec = resource_of("ScaledObject")["spec"]
    (trigger,) = spec["triggers"]
    assert trigger["metadata"]["consumerGroup"] == settings["group"]
    assert trigger["metadata"]["topic"] == Topics.named().articles
    assert trigger["metadata"]["bootstrapServersFromEnv"] in {variable["name"] for variable in WORKER["env"]}
    assert all(isinstance(value, str) for value in trigger["metadata"].values())
    (articles,) = [
        r for r in RESOURCES if r["kind"] == "KafkaTopic" and r["metadata"]["name"] == Topics.named().articles
    ]
    assert spec["maxReplicaCount"] == articles["spec"]["partitions"]
    assert spec["minReplicaCount"] >= 1
    assert "replicas" not in resource_of("Deployment")["spec"]


def test_kube_prometheus_stack_selects_the_rules_and_the_workers() -> None:
    """It selects both by the name of its Helm release."""
    for kind in ("PodMonitor", "PrometheusRule"):
        assert resource_of(kind)["metadata"]["labels"]["release"] == "kube-prometheus-stack"


def test_kafka_is_let_out_to_at_each_usual_port() -> None:
    (kafka, names) = resource_of("NetworkPolicy")["spec"]["egress"]
    (ports,) = kafka["ports"]
    assert set(range(ports["port"], ports["endPort"] + 1)) >= {9092, 9093, 9094, 9095, 9096, 9098}
    assert {port["port"] for port in names["ports"]} == {53}


SASL = FOLDER.parent / "kubernetes-sasl"


def test_sasl_overlay_names_settings_secrets_and_keda_authentication() -> None:
    patch = yaml.safe_load((SASL / "deployment.yaml").read_text())
    (container,) = patch["spec"]["template"]["spec"]["containers"]
    given = {v["name"].removeprefix("MONITOR_").lower(): v["value"] for v in container["env"]}
    assert set(given) <= set(Settings.model_fields)
    assert (given["security_protocol"], given["sasl_mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")
    mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert {given[name].rpartition("/")[0] for name in ("sasl_password_file", "ssl_ca_file")} == mounts
    authentication = yaml.safe_load((SASL / "triggerauthentication.yaml").read_text())
    (added,) = yaml.safe_load((SASL / "scaledobject.yaml").read_text())
    assert added["value"]["name"] == authentication["metadata"]["name"]
    secrets = {volume["secret"]["secretName"] for volume in patch["spec"]["template"]["spec"]["volumes"]}
    assert {reference["name"] for reference in authentication["spec"]["secretTargetRef"]} == secrets
    read = yaml.safe_load((SASL / "kustomization.yaml").read_text())
    named = {*read["resources"], *(change["path"] for change in read["patches"])}
    assert named == {"../kubernetes", *(p.name for p in SASL.glob("*.yaml"))} - {"kustomization.yaml"}


@pytest.mark.parametrize("folder", ["kubernetes-sasl", "grafana"])
def test_kustomize_builds_what_stands_beside(folder: str) -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed; the kustomization was read above")
    result = subprocess.run(
        ["kubectl", "kustomize", FOLDER.parent / folder], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    for resource in yaml.safe_load_all(result.stdout):
        if resource["kind"] not in OPERATORS:
            kubernetes_validate.validate(resource, "1.33", strict=True)


def test_the_topics_are_those_that_the_command_makes() -> None:
    configs = {r["metadata"]["name"]: r["spec"]["config"] for r in RESOURCES if r["kind"] == "KafkaTopic"}
    topics = Topics.named()
    assert set(configs) == set(topics)
    for name, config in configs.items():
        assert config["max.message.bytes"] == (ARTICLE_BYTES if name == topics.articles else OUTPUT_BYTES)


def test_the_prometheus_rule_holds_the_shipped_rules_with_absolute_links() -> None:
    labels = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())["global"][
        "external_labels"
    ]
    shipped = [
        group
        for name in ("rules.yml", "alerts.yml")
        for group in yaml.safe_load(
            (ROOT / "deploy" / "prometheus" / name)
            .read_text()
            .replace('{{ or $externalLabels.runbooks "docs/runbooks.md" }}', labels["runbooks"])
            .replace("{{ $externalLabels.grafana }}", labels["grafana"])
            .replace("{{ $externalLabels.pages }}", labels["pages"])
        )["groups"]
    ]
    assert resource_of("PrometheusRule")["spec"]["groups"] == shipped, "run: make docs"
