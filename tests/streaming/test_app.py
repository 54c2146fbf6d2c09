"""Each stage is an app with a consumer group of its own."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.metrics import Metrics
from monitor.settings import Settings
from monitor.streaming.app import create
from monitor.streaming.deadletters.held import HeldPartitions
from monitor.streaming.health.awaited import Health
from monitor.streaming.stages.score import Score
from monitor.streaming.stages.stage import Surroundings
from tests.streaming.counting import Lengths


def test_each_stage_has_an_app_and_a_group_of_its_own() -> None:
    settings = Settings(bootstrap_servers="127.0.0.1:1, 127.0.0.1:2", group="mine", max_bytes_in_hand=7)
    surroundings = Surroundings(settings, Metrics(), lambda: datetime.now(UTC))
    health = Health()
    runners = create(
        (Score, Lengths), surroundings, surroundings.metrics, health, HeldPartitions(surroundings.metrics, health)
    )
    assert [runner.app.conf.id for runner in runners] == ["mine", "mine.lengths"]
    assert [runner.app.conf.broker_client_id for runner in runners] == ["mine", "mine.lengths"]
    assert all(runner.app.max_bytes_in_hand == 7 for runner in runners)
    assert all(len(runner.app.agents) == 1 for runner in runners)
    assert health.not_ready() == ("no partitions assigned yet",) * 2
