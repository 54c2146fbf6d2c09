"""How partitions are dealt among workers as they come: each is given some, and keeps what it had as far as it can."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.coordinator.protocol import ConsumerProtocolMemberMetadata
from faust.assignor.client_assignment import ClientAssignment, ClientMetadata

from monitor.streaming.engine.transport import App

TOPIC = "articles"
Assigned = dict[str, set[int]]


def dealt(app: App, partitions: int, before: Assigned) -> Assigned:
    """What each worker is given that had ``before``."""
    members = {
        name: ConsumerProtocolMemberMetadata(
            4,
            [TOPIC],
            ClientMetadata(
                assignment=ClientAssignment(actives={TOPIC: sorted(had)}, standbys={}),
                url=f"http://{name}",
                changelog_distribution={},
                external_topic_distribution={},
                topic_groups={},
            ).dumps(),
        )
        for name, had in before.items()
    }
    cluster: Any = SimpleNamespace(partitions_for_topic=lambda _: set(range(partitions)))
    given = app.assignor.assign(cluster, members)
    return {name: {number for _, numbers in each.assignment for number in numbers} for name, each in given.items()}


@pytest.mark.parametrize("partitions", [4, 12])
def test_each_worker_that_comes_is_given_its_share(partitions: int) -> None:
    app = App("dealing")
    assigned: Assigned = {}
    for worker in range(partitions):
        before = assigned
        assigned = dealt(app, partitions, before | {f"w{worker}": set()})
        sizes = [len(numbers) for numbers in assigned.values()]
        assert sum(sizes) == len(set().union(*assigned.values())) == partitions
        assert min(sizes) >= 1
        assert max(sizes) == -(-partitions // (worker + 1))
        for name, had in before.items():
            assert len(had & assigned[name]) >= min(len(had), partitions // (worker + 1))
