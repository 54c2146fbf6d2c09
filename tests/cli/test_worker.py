"""``monitor worker --stages``; tests/streaming/test_worker.py runs the worker on a real Kafka."""

from __future__ import annotations

import pytest
import typer

from monitor.cli.worker import _chosen
from monitor.streaming.stages import STAGES


def test_stages_are_chosen_by_name_in_their_own_order() -> None:
    names = [stage.name for stage in STAGES]
    assert _chosen(",".join(reversed(names))) == list(STAGES)
    assert _chosen(f" {names[0]} ,") == [STAGES[0]]


@pytest.mark.parametrize("names", ["score,nope", "nope", "", " , "])
def test_unknown_stage_is_bad_usage_and_the_known_ones_are_named(
    names: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as raised:
        _chosen(names)
    assert raised.value.exit_code == 2
    assert "there are: score" in capsys.readouterr().err
