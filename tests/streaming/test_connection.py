"""Kafka over TLS, with a password: what gets in, what does not, and what is said of it."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from monitor.settings import Settings
from monitor.streaming.connection import Unreachable, client, credentials
from monitor.streaming.engine.exit import ExitCode
from tests.conftest import without
from tests.kafka.reading import read_all
from tests.kafka.server import Kafka, Missing, free_port, kafka
from tests.kafka.topics import Topics
from tests.kafka.worker import worker

PASSWORD = "wrong horse battery"  # noqa: S105
ARTICLE = {"id": "a-1", "content": "The ferry keeps its hours until the end of the month.", "source": "Lantern"}


class Secured(NamedTuple):
    """A Kafka with a SASL_SSL listener, and how to get in."""

    broker: Kafka
    address: str
    settings: dict[str, str]


def pkcs8(pem: bytes) -> bytes:
    """A private key as Kafka takes it."""
    key = serialization.load_pem_private_key(pem, None)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = tmp_path_factory.mktemp("secured")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    certificate = authority.issue_cert("localhost")
    chain = b"".join(part.bytes() for part in certificate.cert_chain_pems)
    (folder / "broker.pem").write_bytes(pkcs8(certificate.private_key_pem.bytes()) + chain)
    address = f"localhost:{free_port()}"
    plain, scram = (
        f"org.apache.kafka.common.security.{module}LoginModule required" for module in ("plain.Plain", "scram.Scram")
    )
    config = {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(folder / "broker.pem"),
        "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
        "listener.name.sasl_ssl.plain.sasl.jaas.config": f'{plain} user_monitor="{PASSWORD}";',
        "listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config": f"{scram};",
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": f"{scram};",
    }
    users = [f"SCRAM-SHA-{bits}=[name=monitor,password={PASSWORD}]" for bits in (256, 512)]
    settings = {
        "bootstrap_servers": address,
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_username": "monitor",
        "sasl_password": PASSWORD,
        "ssl_ca_file": str(folder / "ca.pem"),
    }
    try:
        with kafka(config=config, beside=f"SASL_SSL://{address}", scram=users) as broker:
            yield Secured(broker, address, settings)
    except Missing as missing:
        without(str(missing))


def monitor(
    *arguments: str, settings: Mapping[str, str] = MappingProxyType({}), stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """A command as a shell runs it, with settings in the environment; ended after 30 s."""
    environment = os.environ | {f"MONITOR_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "monitor", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, env=environment, timeout=30, check=False)


@pytest.mark.kafka
@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_a_verdict_over_tls_with_a_password(secured: Secured, mechanism: str, tmp_path: Path) -> None:
    prefix = f"{mechanism.lower()}."
    (tmp_path / "password").write_text(PASSWORD + "\n")
    settings = secured.settings | {
        "sasl_mechanism": mechanism,
        "sasl_password_file": str(tmp_path / "password"),
        "topic_prefix": prefix,
        "group": prefix,
    }
    del settings["sasl_password"]
    created = monitor("topics", "create", "--partitions", "2", settings=settings)
    assert created.returncode == 0, created.stderr
    fed = monitor("feed", "-", stdin=json.dumps(ARTICLE).encode(), settings=settings)
    assert fed.returncode == 0, fed.stderr
    with worker(tmp_path / "log", **settings) as process:
        process.wait_ready()
        deadline = time.monotonic() + 30
        scored = Topics.named(prefix).scored
        while not (records := read_all(secured.broker.address, scored)) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert json.loads(records[0].value or b"")["id"] == "a-1"
        assert process.process is not None
        command = Path(f"/proc/{process.process.pid}/cmdline").read_bytes()
        assert process.end() == 0
        assert PASSWORD not in process.text() + command.decode()


REFUSALS = {
    "a wrong password": ({"sasl_password": "no"}, "invalid credentials", "check sasl_mechanism, sasl_username"),
    "an authority that is not trusted": ({"ssl_ca_file": ""}, "certificate could not be verified", "ssl_ca_file"),
    "a certificate for another host": ({"bootstrap_servers": "127.0.0.1"}, "certificate verify failed", "this host"),
    "no TLS": (
        {"security_protocol": "SASL_PLAINTEXT", "ssl_ca_file": ""},
        "no Kafka answers",
        "check bootstrap_servers, security_protocol",
    ),
}


@pytest.mark.kafka
@pytest.mark.parametrize(
    ("command", "case"),
    [
        *((["worker"], case) for case in REFUSALS),
        *((c, next(iter(REFUSALS))) for c in (["topics", "list"], ["feed", "-"])),
    ],
    ids=str,
)
def test_a_refusal_is_named_within_seconds(secured: Secured, command: list[str], case: str) -> None:
    change, reason, check = REFUSALS[case]
    settings = secured.settings | {"web": "127.0.0.1:0"} | change
    settings["bootstrap_servers"] = secured.address.replace("localhost", settings["bootstrap_servers"].split(":")[0])
    begin = time.monotonic()
    result = monitor(*command, stdin=json.dumps(ARTICLE).encode(), settings={n: v for n, v in settings.items() if v})
    assert time.monotonic() - begin < 20
    text = result.stderr.decode()
    assert result.returncode == (ExitCode.TOPICS_MISSING if command == ["worker"] else 1), text
    assert reason in text
    assert check in text
    assert "Traceback" not in text
    assert PASSWORD not in text


@pytest.mark.kafka
def test_faust_verifies_the_host_and_the_authority_too(secured: Secured) -> None:
    context = credentials(Settings(**secured.settings)).ssl_context  # type: ignore[arg-type]
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_a_file_that_holds_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    settings = Settings(security_protocol="SSL", ssl_ca_file=tmp_path / "ca.pem")
    with pytest.raises(Unreachable, match="ssl_ca_file"):
        credentials(settings)
    key, certificate = tmp_path / "key.pem", trustme.CA().issue_cert("monitor")
    private = serialization.load_pem_private_key(certificate.private_key_pem.bytes(), None)
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
        + certificate.cert_chain_pems[0].bytes()
    )
    for password, works in (("secret", True), ("another", False), (None, False)):
        settings = Settings(security_protocol="SSL", ssl_cert_file=key, ssl_key_password=password)
        if works:
            assert credentials(settings)
        else:
            with pytest.raises(Unreachable, match="ssl_key_password"):
                credentials(settings)


def test_secrets_are_shown_nowhere(tmp_path: Path) -> None:
    secret = "horse-battery-staple"  # noqa: S105
    given = {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "PLAIN",
        "sasl_username": "u",
        "sasl_password": secret,
        "web_token": secret,
    }
    settings = Settings(**given)  # type: ignore[arg-type]
    assert client(settings)["sasl.password"] == secret
    assert secret not in repr(settings) + str(settings) + repr(credentials(settings))
    for arguments in (["settings"], ["settings", "--format", "json"]):
        result = monitor(*arguments, settings=given)
        assert result.returncode == 0
        assert secret not in (result.stdout + result.stderr).decode()
    # One wrong setting beside them, or the secret itself under a wrong name or with a wrong value.
    (tmp_path / "monitor.toml").write_text(f'web_tokn = "{secret}"\n')
    wrong = [{"group": ""}, {"sasl_mechanism": "GSSAPI"}, {"security_protocol": "SSL"}, {"web_token": secret[:9]}]
    for change in wrong:
        result = monitor("settings", settings=given | change)
        assert result.returncode == 2
        assert secret[:9] not in (result.stdout + result.stderr).decode()
    command = [sys.executable, "-m", "monitor", "settings"]
    result = subprocess.run(command, capture_output=True, cwd=tmp_path, check=False)
    assert b"web_tokn" in result.stderr
    assert secret not in (result.stdout + result.stderr).decode()
    assert "--sasl-password" not in monitor("worker", "--help").stdout.decode()
