"""How every client of this project reaches Kafka: the address, the encryption and the login."""

from __future__ import annotations

import ssl
import time
from typing import Any

import faust
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth

from monitor.settings import Settings
from monitor.streaming.tls import RenewedContext

#: Seconds until a cluster that does not answer is given up, and of one try. A broker that answers but
#: refuses the certificate or the password is given up after the first try.
ANSWER_SECONDS, TRY_SECONDS = 10.0, 3.0
#: What librdkafka reports where the broker refuses the client, or the client the broker; and what to check.
REFUSED = {
    KafkaError._AUTHENTICATION: "check sasl_mechanism, sasl_username and sasl_password",
    KafkaError._SSL: "check security_protocol, ssl_ca_file, and that the certificate names this host",
}


class Unreachable(Exception):
    """Kafka does not answer, or a side refuses the other; the message names where, why and what to check."""


def client(settings: Settings) -> dict[str, Any]:
    """The configuration of a client of librdkafka (topics, feed, dead letters), to which its own is added."""
    configuration = {
        "bootstrap.servers": settings.bootstrap_servers,
        "log_level": 2,
        "security.protocol": settings.security_protocol,
        "sasl.mechanism": settings.sasl_mechanism,
        "sasl.username": settings.sasl_username,
        "sasl.password": settings.secret("sasl_password"),
        "ssl.ca.location": settings.ssl_ca_file and str(settings.ssl_ca_file),
        "ssl.certificate.location": settings.ssl_cert_file and str(settings.ssl_cert_file),
        "ssl.key.location": settings.ssl_cert_file and str(settings.ssl_key_file or settings.ssl_cert_file),
        "ssl.key.password": settings.secret("ssl_key_password"),
    }
    return {name: value for name, value in configuration.items() if value is not None}


def credentials(settings: Settings) -> Any:
    """The same for Faust's consumer and producer: ``broker_credentials``; ``None`` for PLAINTEXT.

    Raises:
        Unreachable: a file of ``ssl_…`` holds no certificate, or no key that fits it.
    """
    context = _context(settings) if settings.security_protocol.endswith("SSL") else None
    if settings.sasl_mechanism is not None:
        return faust.SASLCredentials(
            username=settings.sasl_username,
            password=settings.secret("sasl_password"),
            mechanism=settings.sasl_mechanism,
            ssl_context=context,
        )
    return context and faust.SSLCredentials(context)


def plain_client(settings: Settings) -> dict[str, Any]:
    """The same for a client of aiokafka that is not Faust's own.

    Raises:
        Unreachable: see :func:`credentials`.
    """
    servers = [server.strip() for server in settings.bootstrap_servers.split(",")]
    return {"bootstrap_servers": servers} | dict(credentials_to_aiokafka_auth(credentials(settings)))


def cluster(settings: Settings) -> AdminClient:
    """A client of the cluster, which has answered it.

    Raises:
        Unreachable: it has not within :data:`ANSWER_SECONDS`, or a side refuses the other.
    """
    errors: list[KafkaError] = []
    try:
        admin = AdminClient(client(settings) | {"error_cb": errors.append})
    except KafkaException as error:
        raise Unreachable(f"Kafka at {settings.bootstrap_servers}: {error.args[0].str()}") from error
    deadline = time.monotonic() + ANSWER_SECONDS
    while True:
        try:
            admin.list_topics(timeout=TRY_SECONDS)
            return admin
        except KafkaException as error:
            admin.poll(0)
            refused = next((reason for reason in errors if reason.code() in REFUSED), None)
            if refused is None and time.monotonic() < deadline:
                continue
            other = next((e for e in errors if e.code() != KafkaError._ALL_BROKERS_DOWN), error.args[0])
            cause = refused or other
            check = REFUSED.get(cause.code(), "check bootstrap_servers, security_protocol and that the broker is up")
            what = "Kafka refuses" if refused else "no Kafka answers"
            raise Unreachable(f"{what} at {settings.bootstrap_servers} ({cause.str()}); {check}") from error


def _context(settings: Settings) -> RenewedContext:
    try:
        return RenewedContext.of_settings(settings)
    except (ssl.SSLError, OSError) as error:
        raise Unreachable(
            f"TLS: {error}; check ssl_ca_file, ssl_cert_file, ssl_key_file and ssl_key_password"
        ) from error
