"""A producer for commands: each record is acknowledged, or the error says how many were."""

from __future__ import annotations

from typing import Any, Self

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from monitor.streaming.engine.records import Headers
from monitor.streaming.topics import ARTICLES

#: Seconds in which the broker must acknowledge all that was sent.
FLUSH_SECONDS = 120
#: The partition that the key says, to confluent_kafka.
BY_KEY = -1


class Sender:
    """Sends records to one topic; as a context it waits at its end until the broker has them all.

    Whatever ends it, what was sent before is waited for; the error's note says how many the broker has.

    Raises:
        confluent_kafka.KafkaException: the broker refused one, or did not answer within two minutes.
    """

    def __init__(self, bootstrap_servers: str, topic: str, extra: dict[str, Any] | None = None) -> None:
        """``extra`` are confluent_kafka's settings of the connection."""
        self._topic = topic
        self._producer = Producer(
            {
                "bootstrap.servers": bootstrap_servers,
                "linger.ms": 5,
                "message.max.bytes": ARTICLES.max_bytes,
                # As the workers and Kafka's own clients deal keys: a word about a source must meet its sightings.
                "partitioner": "murmur2_random",
            }
            | (extra or {})
        )
        #: Records that the broker has.
        self.acknowledged = 0
        self._refused: list[KafkaError] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        left = self._producer.flush(FLUSH_SECONDS)
        try:
            if error is None:
                self._raise_refused()
                if left:
                    raise KafkaException(KafkaError(KafkaError._TIMED_OUT, f"{left} records not acknowledged"))
        except KafkaException as failed:
            error = failed
            raise
        finally:
            if isinstance(error, Exception):
                error.add_note(f"{self.acknowledged} records before it are on {self._topic}")

    def send(
        self, value: bytes | None, key: bytes | None = None, headers: Headers = (), partition: int = BY_KEY
    ) -> None:
        """Send one record, to the partition of its key; waits where the producer's buffer is full."""
        self._raise_refused()
        while True:
            try:
                self._producer.produce(
                    self._topic, value, key, partition, headers=list(headers), on_delivery=self._note
                )
                break
            except BufferError:
                self._producer.poll(0.1)
        self._producer.poll(0)

    def _note(self, error: KafkaError | None, _: Message) -> None:
        """Note the broker's answer to one record."""
        if error is None:
            self.acknowledged += 1
        else:
            self._refused.append(error)

    def _raise_refused(self) -> None:
        if self._refused:
            raise KafkaException(self._refused[0])
