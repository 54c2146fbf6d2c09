"""How Kafka is reached, and what its topics are called and keep."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple, Self

from pydantic import BaseModel, Field, FilePath, SecretStr, field_validator, model_validator

#: What Kafka takes as a topic's name.
_NAME = re.compile(r"[A-Za-z0-9._-]{1,249}")


class TopicNames(NamedTuple):
    """What the topics are called: those named here as said, all others by their own name behind a prefix."""

    prefix: str = ""
    named: Mapping[str, str] = {}

    def full(self, name: str) -> str:
        """The name in force of a topic that is declared as ``name``."""
        return self.named.get(name, self.prefix + name)


class KafkaSettings(BaseModel):
    """How Kafka is reached, and what its topics are called and keep."""

    bootstrap_servers: str = Field(
        "127.0.0.1:9092", description="addresses of Kafka's brokers, HOST:PORT, separated by commas"
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT",
        description="how Kafka is reached, under Kafka's own names: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL",
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = Field(
        None, description="PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, where security_protocol has SASL"
    )
    sasl_username: str | None = Field(
        None, min_length=1, description="user name for SASL, where security_protocol has SASL"
    )
    sasl_password: SecretStr | None = Field(None, min_length=1, description="password for SASL; MONITOR_SASL_PASSWORD")
    sasl_password_file: FilePath | None = Field(
        None, description="file that holds the password for SASL, as a mounted secret, instead of sasl_password"
    )
    ssl_ca_file: FilePath | None = Field(
        None,
        description="file of certificates (PEM) of the authorities that may sign the brokers' certificates, where "
        "security_protocol has SSL; without it the system's are used. A broker's certificate must name the host that "
        "the "
        "broker is reached at",
    )
    ssl_cert_file: FilePath | None = Field(
        None, description="file of the worker's own certificate (PEM), where the brokers ask for one"
    )
    ssl_key_file: FilePath | None = Field(
        None, description="file of the key (PEM) of the worker's certificate, where the key is not in ssl_cert_file"
    )
    ssl_key_password: SecretStr | None = Field(
        None,
        min_length=1,
        description="password of the key in ssl_key_file, where it is encrypted; MONITOR_SSL_KEY_PASSWORD",
    )
    ssl_key_password_file: FilePath | None = Field(
        None, description="file that holds the password of the key, instead of ssl_key_password"
    )
    group: str = Field(
        "monitor", min_length=1, description="name of the consumer group in Kafka; also the prefix of client ids"
    )
    first_start: Literal["earliest", "latest"] = Field(
        "earliest",
        description="where a group that has committed nothing begins: earliest, with all that the topics keep, or "
        "latest, with what comes from then on. An offset that is not in the log is always followed by the earliest",
    )
    topic_prefix: str = Field("", pattern=r"^[A-Za-z0-9._-]*$", description="prefix of every topic's name")
    input_topics: tuple[str, ...] = Field(
        (),
        description="full names of the topics that articles are read from, in place of the topic articles; "
        "MONITOR_INPUT_TOPICS as a list in JSON. monitor feed and deadletters replay write to the first",
    )
    topics: dict[str, str] = Field(
        {},
        description="full names of single topics, by the names that the documentation gives them, in place of those "
        "with topic_prefix; a table in the settings file, MONITOR_TOPICS as an object in JSON",
    )

    write_clean: bool = Field(
        False,
        description="whether each article goes on without its repeats and boilerplate, on the topic articles.clean",
    )
    write_routed: bool = Field(
        False,
        description="whether each record goes on as it came, with the verdict and the codes of its flags in headers, "
        "on the topic articles.routed",
    )

    retention_days: float = Field(
        7.0,
        gt=0,
        description="days for which articles, verdicts and bad copies are kept, set when their topics are made",
    )
    dead_retention_days: float = Field(
        30.0,
        gt=0,
        description="days for which dead letters are kept, set when their topic is made; longer than it takes to mend "
        "the cause and to replay them",
    )

    @field_validator("bootstrap_servers")
    @classmethod
    def _addresses_have_a_port_and_no_scheme(cls, servers: str) -> str:
        for server in (part.strip() for part in servers.split(",")):
            if "://" in server:
                raise ValueError(
                    f"{server} has a scheme; write {server.partition('://')[2]}, and security_protocol apart"
                )
            if not re.fullmatch(r"(\[[0-9A-Fa-f:.%\w]+\]|[^\s:\[\]/]+):\d{1,5}", server):
                raise ValueError(f"{server or 'an empty address'} is not HOST:PORT, as in kafka-1:9092")
        return servers

    @field_validator("topics")
    @classmethod
    def _topics_have_names_of_their_own(cls, topics: dict[str, str]) -> dict[str, str]:
        if "articles" in topics:
            raise ValueError("articles is named by input_topics; move it there")
        for declared, name in topics.items():
            if not _NAME.fullmatch(name):
                raise ValueError(f"{declared}: {name!r} is no topic's name: letters, digits, dots, dashes, underscores")
        return topics

    @field_validator("input_topics")
    @classmethod
    def _inputs_are_named_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no topic's name: letters, digits, dots, dashes and underscores")
            if names.count(name) > 1:
                raise ValueError(f"{name} is named twice; name it once")
        return names

    @property
    def topic_names(self) -> TopicNames:
        """What the topics are called."""
        return TopicNames(self.topic_prefix, self.topics)

    @model_validator(mode="after")
    def _kafka_is_reached_one_way(self) -> Self:
        sasl = {name: getattr(self, name) for name in ("sasl_mechanism", "sasl_username", "sasl_password")}
        ssl = {name: getattr(self, name) for name in ("ssl_ca_file", "ssl_cert_file", "ssl_key_file")}
        protocol = self.security_protocol
        if "SASL" in protocol:
            if missing := [name for name, value in sasl.items() if value is None]:
                raise ValueError(f"security_protocol {protocol} needs {', '.join(missing)} as well")
        elif given := [name for name, value in sasl.items() if value is not None]:
            with_sasl = "SASL_SSL" if protocol == "SSL" else "SASL_SSL or SASL_PLAINTEXT"
            raise ValueError(
                f"{', '.join(given)} set, but security_protocol is {protocol}, which sends none; set it to {with_sasl}"
            )
        if not protocol.endswith("SSL") and (given := [name for name, value in ssl.items() if value is not None]):
            with_ssl = "SASL_SSL" if "SASL" in protocol else "SSL"
            raise ValueError(
                f"{', '.join(given)} set, but security_protocol is {protocol}, which is not encrypted; "
                f"set it to {with_ssl}"
            )
        if self.ssl_cert_file is None and (self.ssl_key_file or self.ssl_key_password):
            raise ValueError("a key without its certificate: set ssl_cert_file as well")
        return self
