"""librdkafka's in-process broker with errors put into its answers, which a real Kafka gives only rarely."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterable, Iterator
from pathlib import Path

import confluent_kafka
from confluent_kafka import KafkaError, Producer

#: Kafka's number of the request (protocol guide, API keys).
PRODUCE, OFFSET_COMMIT = 0, 8


class Injected:
    """A broker that can be told to answer with errors, or late."""

    def __init__(self, owner: Producer, address: str) -> None:
        self.address = address
        library = next(Path(confluent_kafka.__file__).parent.parent.glob("confluent_kafka.libs/librdkafka*"))
        self._library = ctypes.CDLL(str(library))
        self._library.rd_kafka_handle_mock_cluster.restype = ctypes.c_void_p
        # The client's handle is the first field of the object.
        handle = ctypes.c_void_p.from_address(id(owner) + object.__basicsize__)
        self._cluster = ctypes.c_void_p(self._library.rd_kafka_handle_mock_cluster(handle))

    def errors(self, request: int, errors: Iterable[int]) -> None:
        """Answer the next requests of this kind with these errors, one each."""
        codes = list(errors)
        array = (ctypes.c_int * len(codes))(*codes)
        self._library.rd_kafka_mock_push_request_errors_array(
            self._cluster, ctypes.c_int16(request), ctypes.c_size_t(len(codes)), array
        )

    def late(self, seconds: float) -> None:
        """Answer every request so late from now on."""
        error = self._library.rd_kafka_mock_broker_set_rtt(self._cluster, 1, int(1000 * seconds))
        assert error == KafkaError.NO_ERROR, error


@contextlib.contextmanager
def injected(topics: Iterable[str]) -> Iterator[Injected]:
    """Run such a broker with these topics."""
    owner = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "embedded", "log_level": 0})
    for topic in topics:
        owner.list_topics(topic, timeout=10)
    (broker,) = owner.list_topics(timeout=10).brokers.values()
    yield Injected(owner, f"{broker.host}:{broker.port}")
