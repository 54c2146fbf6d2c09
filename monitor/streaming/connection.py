"""How every client of this project reaches Kafka."""

from __future__ import annotations

from monitor.settings import Settings


def client(settings: Settings) -> dict[str, str | int | float | bool]:
    """The configuration of a client of librdkafka (topics, feed, dead letters), to which its own is added."""
    return {"bootstrap.servers": settings.bootstrap_servers, "log_level": 2}
