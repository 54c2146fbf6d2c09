"""``monitor deadletters list``: which letters are listed, and what is shown of each."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from monitor.cli.deadletters.list import as_row, lines
from monitor.streaming.deadletters.letter import Letter
from tests.kafka.dead_letters import WITHOUT_VALUE, Commands, write
from tests.kafka.server import Kafka
from tests.kafka.topics import Topics

LETTER = Letter(
    partition=2, offset=7, failed_at=0.0, topic="articles", source_partition=3, source_offset=9, reason="not_json",
    message="no \x1b[2J", key=b"k", value=b"{", headers=(), left_out=None, replays=1,
)  # fmt: skip


def test_row_tells_the_record_from_its_letter() -> None:
    row = as_row(LETTER, "Quay\x1b[31m", replayed=True)
    assert (row["topic"], row["partition"], row["offset"]) == ("articles", 3, 9)
    assert (row["dead_partition"], row["dead_offset"], row["replayed"]) == (2, 7, True)
    assert "\x1b" not in row["message"] + row["source"]
    head, message = lines(row)
    assert head == f"1970-01-01 00:00:00  not_json  {row['source']}  articles-3@9  1 bytes  put back"
    assert message == row["message"]
    assert lines(row | {"replayed": False})[0].endswith("failed again after 1 replays")


def test_value_that_was_left_out_still_has_its_size() -> None:
    row = as_row(LETTER._replace(value=None, left_out=9_000_000, failed_at=None), None, replayed=False)
    assert (row["bytes"], row["has_value"]) == (9_000_000, False)
    assert lines(row)[0] == "no time  not_json  articles-3@9  9,000,000 bytes  failed again after 1 replays"


@pytest.fixture
def commands(broker: Kafka, topics: Topics) -> Commands:
    """The command, and ten letters of one reason on the topic."""
    write(broker, topics, 10)
    return Commands(broker, topics)


@pytest.mark.kafka
def test_each_letter_is_a_row_and_reasons_are_counted(topics: Topics, commands: Commands) -> None:
    code, out, errors = commands.run("list")
    listed = [json.loads(line) for line in out.splitlines()]
    rows = {row["offset"]: row for row in listed}
    assert (code, len(rows)) == (0, 10)
    assert [row["failed_at"] for row in listed] == sorted((row["failed_at"] for row in listed), reverse=True)
    assert "10 dead letters: 10 no_body" in errors
    row = rows[3]
    assert (row["topic"], row["partition"], row["reason"], row["source"]) == (topics.articles, 3, "no_body", "Lantern")
    assert (row["key"], row["replays"], row["replayed"]) == ("k-3", 0, False)
    assert [offset for offset, row in rows.items() if not row["has_value"]] == [WITHOUT_VALUE]


@pytest.mark.kafka
def test_newest_are_shown_whole_on_a_narrow_terminal(commands: Commands) -> None:
    _, out, errors = commands.run("list", "--format", "table", "--limit", "3")
    assert len([line for line in out.splitlines() if not line.startswith("  ")]) == 3
    assert "…" not in out
    assert "10 dead letters: 10 no_body, the newest 3 shown" in errors


@pytest.mark.kafka
def test_no_text_of_a_letter_steers_the_terminal(topics: Topics, commands: Commands) -> None:
    for form in ("json", "table"):
        _, out, errors = commands.run("list", "--format", form)
        assert f"{topics.articles}-3@3" in out or form == "json"
        assert not any(character in out + errors for character in "\x1b\x9b\u202e")


@pytest.mark.kafka
def test_flags_select_letters(broker: Kafka, topics: Topics, commands: Commands) -> None:
    middle = time.time()
    write(broker, topics, 5, begin=10, reason="not_json")
    for arguments, count in {
        ("--reason", "not_json"): 5,
        ("--reason", "not_json", "--reason", "no_body"): 15,
        ("--source", "lantern"): 7,
        ("--partition", "1"): 3,
        ("--since", "1h"): 15,
        ("--since", time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(middle + 3600))): 0,
        ("--until", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(middle - 60))): 0,
        ("--limit", "4"): 4,
    }.items():
        assert len(commands.run("list", *arguments)[1].splitlines()) == count, arguments


@pytest.mark.kafka
def test_missing_topic_is_named(broker: Kafka, tmp_path: Path) -> None:
    code, _, errors = Commands(broker, Topics.named(f"{tmp_path.name}.")).run("list")
    assert code == 1
    assert f"{tmp_path.name}.articles.dead" in errors
    assert "Traceback" not in errors
