"""Every setting, its default, its unit and the reason for its value.

A setting comes from a flag, else from ``MONITOR_…`` in the environment, else from ``monitor.toml``,
else from its default here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, FilePath, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from monitor.articles.decode import Decoder
from monitor.articles.fields import NAMES
from monitor.articles.size_limits import SizeLimits

#: Each is hidden wherever settings are shown, and has a setting beside it, NAME_file, that names a file
#: which holds it. None is ever a flag: a command line can be read by everyone on the machine.
SECRETS = ("sasl_password", "ssl_key_password", "web_token")
#: Fields of an article whose place in a record can be set; ``articles/fields.py`` has where each is looked for.
FIELDS = ("body", *NAMES)


class Thresholds(BaseModel):
    """When a flag is raised. Each can be set for all sources and for one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    near_duplicate: float = Field(
        0.92,
        gt=0,
        le=1,
        description="Jaccard similarity, over pairs of neighbouring words, from which two paragraphs are the "
        "same, unless each has a figure that the other lacks: a word more or less at an end of 14; in good pages "
        "most pairs below it are headings, table rows and product lines",
    )
    near_duplicate_shortened: float = Field(
        0.65,
        gt=0,
        le=1,
        description="the same where one of the two is the other with a word or two dropped from its middle, or one "
        "in ten: a word dropped of 12 leaves 0.75",
    )
    near_duplicate_in_run: float = Field(
        0.5,
        gt=0,
        le=1,
        description="the same where the paragraphs beside the two repeat each other as well",
    )
    repeated_body_paragraphs: int = Field(3, ge=1, description="paragraphs in a run that repeats, for repeated_body")
    repeated_body_share: float = Field(
        0.20,
        ge=0,
        le=1,
        description="share of the characters in the repeated run, for repeated_body "
        "(Gopher, MassiveText table A1: characters in duplicate lines)",
    )
    repeated_paragraph_words: int = Field(
        12, ge=1, description="words of a paragraph whose repetition counts, for repeated_paragraphs"
    )
    repeated_short_lines_share: float = Field(
        0.33,
        ge=0,
        le=1,
        description="share of the characters in a repeated run that has only short lines, for repeated_body: "
        "a refrain stays below it, a body of short lines that stands twice reaches it",
    )
    boilerplate_heavy: float = Field(
        0.40, ge=0, le=1, description="share of the words that are boilerplate, for boilerplate_heavy"
    )
    thin_words: int = Field(50, ge=0, description="words that are not boilerplate, below which a copy is thin")
    paywall_words: int = Field(
        150,
        ge=0,
        description="words of a copy declared not free, below which a paywall's phrase makes it thin",
    )
    truncated_share: float = Field(
        0.6, ge=0, le=1, description="share of the declared words below which a copy is truncated"
    )
    truncated_probability: float = Field(
        0.97,
        ge=0,
        le=1,
        description="probability that a text breaks off, from which it is truncated; the model is fitted on half "
        "good and half cut texts, hence the high value: 2.5 % false alarms (bench/truncation.py)",
    )
    mojibake_sequences: int = Field(
        1,
        ge=1,
        description="sequences of characters that only a wrong encoding makes (ftfy's badness); in good bodies "
        "even a single one is nearly always real",
    )
    markup_pieces: int = Field(
        2,
        ge=1,
        description="tags and entities left in the text, for markup; an entity, a closing tag and one with an "
        "attribute count twice",
    )
    markup_code: int = Field(
        3, ge=1, description="pieces of script, style or template code left in the text, for markup"
    )
    markup_programming: int = Field(
        20,
        ge=1,
        description="how many times more tags and code a text about programming may hold, whose examples they are",
    )
    language_words: int = Field(
        50,
        ge=1,
        description="words below which a text is too short to tell its language, for language_mismatch",
    )
    language_probability: float = Field(
        0.95, ge=0, le=1, description="probability of the detected language, for language_mismatch"
    )


class Settings(BaseSettings):
    """What is in force. ``Settings(group="x")`` takes the flag's value first, then looks further."""

    model_config = SettingsConfigDict(
        env_prefix="MONITOR_",
        env_nested_delimiter="__",
        toml_file="monitor.toml",
        frozen=True,
        extra="forbid",
    )

    bootstrap_servers: str = Field("127.0.0.1:9092", description="Kafka's addresses, HOST:PORT, separated by commas")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT",
        description="how Kafka is reached, under Kafka's own names: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL",
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = Field(
        None, description="PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, where security_protocol has SASL"
    )
    sasl_username: str | None = Field(None, min_length=1, description="as whom, where security_protocol has SASL")
    sasl_password: SecretStr | None = Field(None, min_length=1, description="its password: MONITOR_SASL_PASSWORD")
    sasl_password_file: FilePath | None = Field(None, description="file that holds it instead, as a mounted secret")
    ssl_ca_file: FilePath | None = Field(
        None,
        description="certificates (PEM) of the authorities that may sign a broker's, where security_protocol has SSL; "
        "the system's where none is given. A broker's certificate must name the host it is reached at",
    )
    ssl_cert_file: FilePath | None = Field(
        None, description="the worker's own certificate (PEM), where the brokers ask for one"
    )
    ssl_key_file: FilePath | None = Field(None, description="its key (PEM), where that is not in the same file")
    ssl_key_password: SecretStr | None = Field(
        None, min_length=1, description="password of an encrypted key: MONITOR_SSL_KEY_PASSWORD"
    )
    ssl_key_password_file: FilePath | None = Field(None, description="file that holds it instead")
    group: str = Field("monitor", min_length=1, description="consumer group; also the prefix of client ids")
    topic_prefix: str = Field("", pattern=r"^[A-Za-z0-9._-]*$", description="put before every topic's name")
    web: str = Field(
        "127.0.0.1:8080",
        pattern=r"^(\S+|\[\S+\]):\d{1,5}$",
        description="address of the page and /metrics, HOST:PORT",
    )
    web_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="what the page and POST /score ask for, as a bearer token or as the password a browser asks its "
        "user for; needed where web is not an address of this machine alone. MONITOR_WEB_TOKEN; make one with: "
        "openssl rand -hex 32",
    )
    web_token_file: FilePath | None = Field(None, description="file that holds it instead")
    web_scores_per_second: float = Field(
        5.0, gt=0, description="requests of POST /score taken a second, twice as many at once; the rest get 429"
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="json: one object a line; text: for people; auto: text on a terminal, else json"
    )
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR")

    session_timeout_seconds: float = Field(
        15.0,
        ge=6,
        description="seconds without a heartbeat after which the broker gives a worker's partitions to another; "
        "shorter recovers sooner from a killed worker, longer rides out longer pauses",
    )
    delivery_timeout_seconds: float = Field(
        150.0,
        gt=0,
        description="seconds in which a verdict must be delivered, retries included, before the worker ends; "
        "longer than a broker's restart",
    )
    deliveries_in_flight: int = Field(
        500,
        ge=1,
        description="articles whose outputs may await the broker's acknowledgement at once; bounds memory, and "
        "how many are handled twice after kill -9",
    )
    shutdown_seconds: float = Field(
        25.0,
        gt=0,
        description="seconds to drain, commit and leave in after SIGTERM; below Kubernetes' grace period of 30",
    )
    max_bytes_in_hand: int = Field(
        64_000_000,
        ge=1,
        description="bytes of records read and not yet finished, above which reading waits; bounds memory when "
        "more arrives than is handled",
    )
    hang_seconds: float = Field(
        240.0,
        gt=0,
        description="seconds after which what does not move hangs, and the worker ends: an event in hand, finished "
        "events without a commit, partitions that are awaited; longer than delivery_timeout_seconds",
    )
    loop_seconds: float = Field(
        60.0,
        gt=0,
        description="seconds without a turn of the event loop after which it hangs; scoring the largest article "
        "takes a few",
    )
    ready_lag_seconds: float = Field(
        60.0, gt=0, description="seconds behind the end of a partition up to which /readyz says ready"
    )
    lag_interval_seconds: float = Field(5.0, gt=0, description="seconds between measurements of the lag")

    source_labels: int = Field(
        50,
        ge=0,
        description="sources that get a label of their own in metrics, the first seen; the rest are 'other'",
    )
    source_allow: tuple[str, ...] = Field(
        (), description="sources that get a label of their own in metrics; where given, only these"
    )

    dead_letter_consecutive: int = Field(
        500,
        ge=0,
        description="dead letters in a row, on one partition, past which the worker stops rather than make dead "
        "letters of a good topic after a bad deploy; 500 are about two seconds of its work; 0: no limit",
    )
    dead_letter_ratio: float = Field(
        0.8,
        ge=0,
        le=1,
        description="share of dead letters among the last dead_letter_records of one partition, past which the worker "
        "stops likewise; above what one broken source among many makes; 0: no limit",
    )
    dead_letter_records: int = Field(
        1000,
        ge=1,
        le=10_000,
        description="records over which dead_letter_ratio is taken; before there are so many it is not looked at",
    )

    retention_days: float = Field(
        7.0, gt=0, description="days for which articles, verdicts and bad copies are kept, set when a topic is made"
    )
    dead_retention_days: float = Field(
        30.0,
        gt=0,
        description="days for which dead letters are kept, set when the topic is made; longer than it takes to mend "
        "what made them and to replay them",
    )

    max_record_bytes: int = Field(
        SizeLimits().record_bytes, ge=1, description="bytes of a record above which it is a dead letter"
    )
    max_text_characters: int = Field(
        SizeLimits().text_characters,
        ge=1,
        description="characters of an article's text above which it is a dead letter",
    )
    fields: dict[str, str] = Field(
        default_factory=dict,
        description="paths of fields in a JSON record, name to dotted path: {body: 'article.content.0.html'}",
    )

    thresholds: Thresholds = Field(default_factory=lambda: Thresholds(), description="when a flag is raised")
    sources: dict[str, dict[str, float]] = Field(
        default_factory=dict, description="thresholds of single sources: {'Daily Example': {thin_words: 20}}"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flag over environment over file over default."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @model_validator(mode="before")
    @classmethod
    def _secrets_from_files(cls, given: dict[str, Any]) -> dict[str, Any]:
        read = {}
        for name in SECRETS:
            path = given.get(f"{name}_file")
            if not path:
                continue
            if given.get(name):
                raise ValueError(f"{name} and {name}_file are both set; set one of them")
            try:
                read[name] = Path(path).read_text().rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                raise ValueError(f"{name}_file: {path} cannot be read: {error}") from error
        return given | read

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

    @model_validator(mode="after")
    def _hanging_is_longer_than_delivering(self) -> Self:
        if self.hang_seconds <= self.delivery_timeout_seconds:
            raise ValueError(
                f"hang_seconds ({self.hang_seconds:g}) must be longer than delivery_timeout_seconds "
                f"({self.delivery_timeout_seconds:g}), within which a delivery may still be made"
            )
        return self

    @field_validator("fields")
    @classmethod
    def _fields_exist(cls, fields: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(fields) - set(FIELDS)):
            raise ValueError(f"no such field: {', '.join(unknown)}; there are {', '.join(FIELDS)}")
        return fields

    @model_validator(mode="after")
    def _sources_are_thresholds(self) -> Self:
        for source in self.sources:
            self.thresholds_for(source)
        return self

    def secret(self, name: str) -> str | None:
        """The text of a secret (see :data:`SECRETS`); ``None`` where it is not set."""
        held: SecretStr | None = getattr(self, name)
        return held.get_secret_value() if held is not None else None

    def decoder(self) -> Decoder:
        """What turns records into articles, with the paths and limits in force."""
        return Decoder(self.fields, SizeLimits(self.max_record_bytes, self.max_text_characters))

    def thresholds_for(self, source: str) -> Thresholds:
        """The thresholds of one source: its own where it has any, the common ones for the rest."""
        own = self.sources.get(source)
        return Thresholds(**(self.thresholds.model_dump() | own)) if own else self.thresholds
