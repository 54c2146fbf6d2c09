"""A real Kafka without containers: the jars from Maven Central, run under Java 17.

``python -m tests.kafka.server`` runs one for a person until Ctrl-C (``make kafka``). ``KAFKA_VERSION=3.3.2`` in the
environment takes that version instead of the one in ``pom.xml``.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

HERE = Path(__file__).parent
VERSION = os.environ.get("KAFKA_VERSION")
JARS = HERE.parent.parent / ".kafka" / (f"libs-{VERSION}" if VERSION else "libs")


class Missing(Exception):
    """Java or Maven is not there, or Maven could not get the jars; the message says which."""


def jars() -> Path:
    """The folder of Kafka's jars, filled by Maven the first time.

    Raises:
        Missing: see the class.
    """
    for program, package in (("java", "openjdk-17-jre-headless"), ("mvn", "maven")):
        if shutil.which(program) is None:
            raise Missing(f"{program} is not installed (Debian: {package})")
    JARS.mkdir(parents=True, exist_ok=True)
    # Processes of pytest-xdist ask at once: the first gets them, the others wait.
    with (JARS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not any(JARS.glob("kafka_2.13-*.jar")):
            command = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
            command += [f"-Dkafka.version={VERSION}"] if VERSION else []
            got = subprocess.run([*command, f"-DoutputDirectory={JARS}"], capture_output=True, text=True, check=False)
            if got.returncode:
                raise Missing(f"Maven could not get Kafka's jars: {(got.stdout + got.stderr)[-500:]}")
    return JARS


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_cluster_id() -> str:
    """An id as Kafka's storage tool takes it: one that begins with a dash would be read as an option."""
    while (id_ := urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        pass
    return id_


class Kafka:
    """One broker, its own controller, in a folder of its own. Can be killed and started again.

    ``beside`` is a further listener, PROTOCOL://HOST:PORT, whose settings are in ``config``; ``scram`` are
    users as StorageTool's --add-scram takes them.
    """

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        config: Mapping[str, str] | None = None,
        cluster_id: str | None = None,
        beside: str = "",
        scram: Sequence[str] = (),
    ) -> None:
        self.folder = folder
        self._port = port or free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"127.0.0.1:{self._port}"
        controller = free_port()
        open_to = f"PLAINTEXT://{self.address}" + (f",{beside}" if beside else "")
        protocol = beside.partition(":")[0]
        settings = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "listeners": f"{open_to},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": open_to,
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"
            + (f",{protocol}:{protocol}" if beside else ""),
            "controller.listener.names": "CONTROLLER",
            "log.dirs": str(folder / "log"),
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "transaction.state.log.num.partitions": "4",
            "group.initial.rebalance.delay.ms": "0",
            "auto.create.topics.enable": "false",
        }
        lines = (f"{name}={value}" for name, value in (settings | dict(config or {})).items())
        self._properties = folder / "server.properties"
        self._properties.write_text("\n".join(lines) + "\n")
        users = [argument for user in scram for argument in ("--add-scram", user)]
        id_ = cluster_id or new_cluster_id()
        self._run("kafka.tools.StorageTool", "format", "-t", id_, "-c", str(self._properties), *users)

    def _java(self, heap: str = "256m") -> list[str]:
        return ["java", f"-Xmx{heap}", "-cp", f"{jars()}/*"]

    def _run(self, *arguments: str) -> None:
        subprocess.run([*self._java(), *arguments], check=True, capture_output=True)

    def start(self, timeout: float = 60.0) -> None:
        """Start, and wait until it answers.

        Raises:
            TimeoutError: it did not within ``timeout`` seconds; the message shows the end of its log.
        """
        with (self.folder / "kafka.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._java("512m"), "kafka.Kafka", str(self._properties)],
                stdout=log,
                stderr=log,
                env=os.environ | {"LOG_DIR": str(self.folder)},
                start_new_session=True,
            )
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(KafkaException):
                client = AdminClient({"bootstrap.servers": self.address, "log_level": 0})
                client.list_topics(timeout=1)
                return
        tail = (self.folder / "kafka.log").read_text(errors="replace")[-1500:]
        self.kill()
        raise TimeoutError(f"Kafka did not answer at {self.address} within {timeout:g} s: {tail}")

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it by a signal, and wait for its end."""
        if self._process is not None:
            if self._process.poll() is None:
                self._process.send_signal(how)
            self._process.wait(timeout=60)
            self._process = None


@contextlib.contextmanager
def kafka(
    port: int = 0, config: Mapping[str, str] | None = None, beside: str = "", scram: Sequence[str] = ()
) -> Iterator[Kafka]:
    """A running Kafka in a temporary folder, ended with the block.

    Raises:
        Missing: Java, Maven or the jars are not there.
    """
    jars()
    with tempfile.TemporaryDirectory(prefix="kafka-") as folder:
        server = Kafka(Path(folder), port, config, beside=beside, scram=scram)
        try:
            server.start()
            yield server
        finally:
            server.kill()


@contextlib.contextmanager
def cluster(count: int) -> Iterator[list[Kafka]]:
    """That many brokers, the first of them the controller; topics of its own kept by three.

    Raises:
        Missing: Java, Maven or the jars are not there.
    """
    jars()
    id_, controller = new_cluster_id(), free_port()
    with tempfile.TemporaryDirectory(prefix="kafka-") as folder:
        brokers = []
        for node in range(1, count + 1):
            port = free_port()
            first = f",CONTROLLER://127.0.0.1:{controller}" if node == 1 else ""
            config = {
                "node.id": str(node),
                "process.roles": "broker,controller" if node == 1 else "broker",
                "controller.quorum.voters": f"1@127.0.0.1:{controller}",
                "listeners": f"PLAINTEXT://127.0.0.1:{port}{first}",
                "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
                "offsets.topic.replication.factor": str(count),
                "transaction.state.log.replication.factor": str(count),
                "min.insync.replicas": "2",
            }
            home = Path(folder) / str(node)
            home.mkdir()
            brokers.append(Kafka(home, port, config, id_))
        try:
            for broker in brokers:
                broker.start()
            yield brokers
        finally:
            for broker in brokers:
                broker.kill()


def main() -> None:
    """Run one at 127.0.0.1:9092 until Ctrl-C."""
    with kafka(int(os.environ.get("KAFKA_PORT", "9092"))) as server:
        sys.stderr.write(f"Kafka at {server.address}; Ctrl-C ends it\n")
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
