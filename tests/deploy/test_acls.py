"""docs/operate.md's ACLs against Kafka's own authorizer: they suffice, and with any one less something fails."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    OffsetSpec,
    ResourcePatternType,
    ResourceType,
)
from confluent_kafka.cimpl import NewTopic

from monitor.settings import Settings
from monitor.streaming.stages import STAGES
from monitor.streaming.worker import NotAllowed, check_topics
from tests.conftest import without
from tests.kafka.reading import read_all
from tests.kafka.server import Kafka, Missing, free_port, kafka
from tests.kafka.worker import Worker

pytestmark = pytest.mark.kafka

OPERATE = (Path(__file__).parent.parent.parent / "docs" / "operate.md").read_text()
#: Who the lines are for, as docs/operate.md names them.
WORKER, PAGES, FEED, OPERATOR, KEDA = "monitor", "pages", "feed", "operator", "keda"
OUTPUTS = (
    "articles.scored",
    "articles.flagged",
    "articles.dead",
    "articles.sightings",
    "articles.fingerprints",
    "articles.copies",
    "sources.templates",
    "sources.incidents",
)
#: Those that one bad copy brings nothing to.
RARE = ("articles.copies", "sources.incidents")
PASSWORD = "wrong horse battery"  # noqa: S105
KINDS = {"topic": ResourceType.TOPIC, "group": ResourceType.GROUP, "transactional_id": ResourceType.TRANSACTIONAL_ID}


class Right(NamedTuple):
    """One operation on one resource."""

    operation: str
    kind: str
    name: str

    def binding(self, principal: str, prefix: str) -> AclBinding:
        """As the cluster takes it, for the topics and the group of one test."""
        return AclBinding(
            KINDS[self.kind],
            prefix + self.name,
            ResourcePatternType.LITERAL,
            f"User:{principal}",
            "*",
            AclOperation[self.operation.upper()],
            AclPermissionType.ALLOW,
        )


def documented() -> dict[str, list[Right]]:
    """The rights of each principal by the lines ``kafka-acls`` of docs/operate.md; no other option is understood."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("--bootstrap-server")
    parser.add_argument("--command-config")
    parser.add_argument("--add", action="store_true", required=True)
    parser.add_argument("--allow-principal", required=True)
    for option in ("--operation", "--topic", "--group", "--transactional-id"):
        parser.add_argument(option, action="append", default=[])
    rights: dict[str, list[Right]] = {}
    text = OPERATE.replace("\\\n", " ")
    for line in re.findall(r"^kafka-acls\.sh (.*)$", text, re.M):
        given = parser.parse_args(shlex.split(line))
        rights.setdefault(given.allow_principal.removeprefix("User:"), []).extend(
            Right(operation, kind, name)
            for operation in given.operation
            for kind in KINDS
            for name in getattr(given, kind)
        )
    return rights


RIGHTS = documented()


@pytest.fixture(scope="module")
def guarded() -> Iterator[tuple[Kafka, str]]:
    """A Kafka that lets a user do only what its ACLs say, and the address that users come to; admins come without."""
    address = f"127.0.0.1:{free_port()}"
    users = " ".join(f'user_{name}="{PASSWORD}"' for name in RIGHTS)
    config = {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
        "sasl.enabled.mechanisms": "PLAIN",
        "listener.name.sasl_plaintext.plain.sasl.jaas.config": (
            f"org.apache.kafka.common.security.plain.PlainLoginModule required {users};"
        ),
    }
    try:
        with kafka(config=config, beside=f"SASL_PLAINTEXT://{address}") as broker:
            yield broker, address
    except Missing as missing:
        without(str(missing))


class Case:
    """Topics of a test's own, and one principal with some rights to them."""

    def __init__(self, guarded: tuple[Kafka, str], principal: str, rights: list[Right], name: str) -> None:
        self.broker, self.address = guarded[0].address, guarded[1]
        self.prefix = f"{re.sub(r'[^a-z0-9]', '-', name.lower())}."
        self.admin = AdminClient({"bootstrap.servers": self.broker})
        self.settings = {
            "bootstrap_servers": self.address,
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "PLAIN",
            "sasl_username": principal,
            "sasl_password": PASSWORD,
            "topic_prefix": self.prefix,
            "group": self.prefix + "monitor",
        }
        if rights:
            for future in self.admin.create_acls([right.binding(principal, self.prefix) for right in rights]).values():
                future.result(30)

    def make_topics(self, *records: bytes) -> None:
        """All topics, by somebody who may do everything, and records on the first."""
        names = [self.prefix + name for name in ("articles", *OUTPUTS)]
        for future in self.admin.create_topics([NewTopic(name, 1, 1) for name in names]).values():
            future.result(30)
        producer = Producer({"bootstrap.servers": self.broker})
        for record in records:
            producer.produce(names[0], record)
        assert producer.flush(30) == 0
        # A topic exists a moment before its partition has a leader that answers.
        deadline = time.monotonic() + 30
        while not all(self.has_leader(name) for name in names):
            assert time.monotonic() < deadline, f"no leader of {names} answers"
            time.sleep(0.2)

    def has_leader(self, topic: str) -> bool:
        """Whether the leader of a topic's partition says its end, to somebody who may do everything."""
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        (end,) = self.admin.list_offsets({TopicPartition(topic, 0): latest}, request_timeout=10).values()
        try:
            return bool(end.result(30).offset >= 0)
        except KafkaException:
            return False

    def has_committed(self) -> bool:
        """Whether each stage's group has committed all that :data:`RECORDS` gives it to read."""
        group = self.settings["group"]
        read = {group: ("articles", 2), f"{group}.sources": ("articles.sightings", 1)}
        read[f"{group}.link"] = ("articles.fingerprints", 1)
        for name, (topic, count) in read.items():
            request = ConsumerGroupTopicPartitions(name, [TopicPartition(self.prefix + topic, 0)])
            (committed,) = self.admin.list_consumer_group_offsets([request]).values()
            if committed.result(30).topic_partitions[0].offset != count:
                return False
        return True

    def run(self, *arguments: str, stdin: bytes = b"") -> bool:
        """Whether a command of the principal's succeeds."""
        environment = os.environ | {f"MONITOR_{name.upper()}": value for name, value in self.settings.items()}
        command = [sys.executable, "-m", "monitor", *arguments]
        result = subprocess.run(command, input=stdin, capture_output=True, env=environment, timeout=90, check=False)
        print(arguments, result.returncode, result.stderr.decode())  # noqa: T201 - shown where the test fails
        return result.returncode == 0

    def client(self) -> AdminClient:
        """A client with the principal's rights."""
        return AdminClient(
            {
                "bootstrap.servers": self.address,
                "security.protocol": "SASL_PLAINTEXT",
                "sasl.mechanism": "PLAIN",
                "sasl.username": self.settings["sasl_username"],
                "sasl.password": PASSWORD,
                "log_level": 0,
            }
        )


#: A bad copy, and what is no article.
RECORDS = (b'{"id": "bad", "source": "S", "content": "Few words."}', b"none")


def works_as_worker(case: Case, log: Path) -> bool:
    """Whether a bad copy and a record that is no article reach their topics, and each stage commits what it read."""
    case.make_topics(*RECORDS)
    outputs = [case.prefix + name for name in OUTPUTS if name not in RARE]
    settings = case.settings | {"delivery_timeout_seconds": "5", "hang_seconds": "10"}
    process = Worker(log, settings.pop("bootstrap_servers"), None, **settings)
    process.start()
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.process is not None and process.process.poll() is None:
            if [len(read_all(case.broker, name)) for name in outputs] == [1] * len(outputs) and case.has_committed():
                break
            time.sleep(0.5)
        process.end()
        print(process.text()[-3000:])  # noqa: T201 - shown where the test fails
    finally:
        process.end()
    return case.has_committed()


def works_as_pages(case: Case, log: Path) -> bool:
    """Whether a bad copy is listed with its text, and nothing is said to miss."""
    case.make_topics(*RECORDS)
    worker = Worker(log.with_name("worker"), case.broker, None, topic_prefix=case.prefix, group=case.settings["group"])
    address = f"127.0.0.1:{free_port()}"
    environment = os.environ | {f"MONITOR_{name.upper()}": value for name, value in case.settings.items()}
    command = [sys.executable, "-m", "monitor", "pages", "--web", address]
    worker.start()
    pages = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and pages.poll() is None:
            time.sleep(0.5)
            first = asked(f"http://{address}/index.json")
            if first.get("bad") and first["dead_letters"] == 1 and first["hour"]["articles"] == 1:
                article = asked(f"http://{address}/article/{first['bad'][0]['place']}.json")
                return not first["wrong"] and article.get("text") == "Few words."
        return False
    finally:
        pages.terminate()
        pages.wait(timeout=20)
        worker.end()


def asked(address: str) -> Any:
    """The JSON at an address; nothing where there is none yet."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return json.load(answer)
    except OSError:
        return {}


def works_as_feed(case: Case, _: Path) -> bool:
    """Whether articles can be sent."""
    case.make_topics()
    return case.run("feed", "-", stdin=b'{"content": "x"}\n')


def works_as_operator(case: Case, _: Path) -> bool:
    """Whether topics can be made, and dead letters listed and put back."""
    if not case.run("topics", "create", "--partitions", "1"):
        return False
    producer = Producer({"bootstrap.servers": case.broker})
    source = {"topic": case.prefix + "articles", "partition": "0", "offset": "0"}
    headers: list[tuple[str, str | bytes | None]] = [(f"__connect.errors.{name}", v) for name, v in source.items()]
    headers.append(("monitor.reason", "not_json"))
    producer.produce(case.prefix + "articles.dead", b"none", headers=headers)
    assert producer.flush(30) == 0
    return case.run("deadletters", "list") and case.run("deadletters", "replay", "--expect", "1")


def works_as_keda(case: Case, _: Path) -> bool:
    """Whether the end of the topic and the group's offsets can be read."""
    case.make_topics()
    partition = TopicPartition(case.prefix + "articles", 0)
    client = case.client()
    try:
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        (end,) = client.list_offsets({partition: latest}, request_timeout=10).values()
        request = ConsumerGroupTopicPartitions(case.settings["group"], [partition])
        (committed,) = client.list_consumer_group_offsets([request], request_timeout=10).values()
        return bool(end.result(30).offset == 0 and committed.result(30).topic_partitions)
    except KafkaException:
        return False


WORKS: dict[str, Callable[[Case, Path], bool]] = {
    WORKER: works_as_worker,
    PAGES: works_as_pages,
    FEED: works_as_feed,
    OPERATOR: works_as_operator,
    KEDA: works_as_keda,
}


def test_there_are_lines_for_each_who_needs_rights() -> None:
    assert set(RIGHTS) == set(WORKS)
    assert all(len(rights) == len(set(rights)) for rights in RIGHTS.values())


@pytest.mark.parametrize("principal", WORKS)
def test_the_documented_rights_suffice(guarded: tuple[Kafka, str], principal: str, tmp_path: Path) -> None:
    assert WORKS[principal](Case(guarded, principal, RIGHTS[principal], f"all-{principal}"), tmp_path / "log")


def test_a_worker_says_at_its_start_what_it_may_not_do(guarded: tuple[Kafka, str]) -> None:
    rest = [right for right in RIGHTS[WORKER] if right.name != "sources.incidents"]
    case = Case(guarded, WORKER, [*rest, Right("Describe", "topic", "sources.incidents")], "says-at-start")
    case.make_topics()
    with pytest.raises(NotAllowed) as refused:
        check_topics(Settings(**case.settings), STAGES)  # type: ignore[arg-type]
    assert str(refused.value) == (
        "the user of this worker may not read says-at-start.sources.incidents, or write "
        "says-at-start.sources.incidents; give it the rights of docs/operate.md (ACLs)"
    )


ONE_LESS = [(principal, right) for principal, rights in RIGHTS.items() for right in rights]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("principal", "right"), ONE_LESS, ids=lambda value: " ".join([value] if value in WORKS else value)
)
def test_with_one_right_less_something_fails(
    guarded: tuple[Kafka, str], principal: str, right: Right, tmp_path: Path
) -> None:
    rest = [other for other in RIGHTS[principal] if other != right]
    assert not WORKS[principal](Case(guarded, principal, rest, "-".join((principal, *right))), tmp_path / "log")
