"""``monitor backtest``: files and a topic, under other thresholds beside today's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from confluent_kafka import Producer
from typer.testing import CliRunner

from monitor.cli import app
from tests.kafka.server import Kafka
from tests.kafka.topics import Topics

SENTENCE = "The ferry ran aground in the harbour on Monday, and nobody was hurt. "


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Settings by which a text of some eighty words is thin."""
    path = tmp_path / "other.toml"
    path.write_text("[thresholds]\nthin_words = 200\n")
    return path


def article(id_: str, sentences: int) -> str:
    return json.dumps(
        {
            "id": id_,
            "source": "Daily",
            "content": "\n".join([SENTENCE] * 1 + [f"{SENTENCE}{n}." for n in range(sentences)]),
        }
    )


def test_files_are_judged_by_both(tmp_path: Path, other: Path) -> None:
    path = tmp_path / "past.jsonl"
    path.write_text(article("short", 5) + "\n")
    result = CliRunner().invoke(app, ["backtest", "--other", str(other), "--format", "json", str(path)])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["articles"] == 1
    assert (told["by_code"]["thin"]["today"], told["by_code"]["thin"]["other"]) == (0, 1)
    assert "past.jsonl" in told["by_code"]["thin"]["more"][0]
    table = CliRunner().invoke(app, ["backtest", "--other", str(other), "--format", "table", str(path)])
    assert "thin, more: " in table.stdout


@pytest.mark.kafka
def test_a_topic_is_read_between_two_times(broker: Kafka, topics: Topics, other: Path) -> None:
    producer = Producer({"bootstrap.servers": broker.address})
    for number, seconds in enumerate((1_772_000_000, 1_772_400_000, 1_772_900_000)):
        producer.produce(topics.articles, article(f"a{number}", 5).encode(), timestamp=seconds * 1000)
    producer.produce(topics.articles, b"damaged", timestamp=1_772_400_000_000)
    assert producer.flush(30) == 0
    connection = ["--bootstrap-servers", broker.address, "--topic-prefix", topics.articles.removesuffix("articles")]
    times = ["--from", "2026-03-01", "--to", "2026-03-04T12:00"]
    command = ["backtest", "--other", str(other), "--topic", "--format", "json", *times, *connection]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["by_code"]["thin"]["more"] == ["a1"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds neither [thresholds] nor [sources]"),
        ("[thresholds]\nthin_word = 3\n", "thin_word"),
        ("[thresholds", "other.toml"),
    ],
)
def test_other_settings_without_use_are_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "other.toml").write_text(text)
    result = CliRunner().invoke(app, ["backtest", "--other", str(tmp_path / "other.toml"), str(tmp_path)])
    assert result.exit_code == 2
    assert message in result.output


def test_a_file_that_is_not_there_is_named(tmp_path: Path, other: Path) -> None:
    result = CliRunner().invoke(app, ["backtest", "--other", str(other), str(tmp_path / "none.jsonl")])
    assert result.exit_code == 2
    assert "none.jsonl: No such file" in result.output
