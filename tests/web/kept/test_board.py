"""What the pages take from which topic."""

from __future__ import annotations

import json

from monitor.settings import Settings
from monitor.streaming.stages import STAGES, topics_of
from monitor.web.kept.board import Board
from tests.web.topics import Topics

STORY = "The harbour board met on Tuesday to settle the winter timetable of the island ferry, and rose late."


def test_every_topic_that_is_followed_is_written_by_a_stage() -> None:
    settings = Settings(topic_prefix="new.", topics={"articles.flagged": "news.bad"})
    names = {topic.full_name(settings.topic_names) for topic in topics_of(STAGES)}
    followed = {topic.name for topic in Board(settings).followed()}
    assert followed <= names
    assert "news.bad" in followed


def test_scored_articles_are_counted_listed_and_corrected() -> None:
    board = Board(Settings())
    topics = Topics(board)
    topics.article(id="a", source="Lantern", content="Too little.")
    topics.send(b"{broken")
    assert board.counts.hour(board.clock())[1:3] == (1, 1)
    assert [copy.verdict.id for copy in board.bad.latest()] == ["a"]
    assert [letter.reason for letter in board.dead.latest()] == ["not_json"]
    topics.article(id="a", source="Lantern", content="\n".join(f"{n}. {STORY}" for n in range(1, 6)))
    assert board.bad.latest() == []


def test_record_that_came_from_elsewhere_is_passed_over() -> None:
    board = Board(Settings())
    topics = Topics(board)
    topics.append("articles.sightings", b"k", None)
    topics.append("articles.dead", None, json.dumps({"id": 1}).encode())
    assert board.counts.total == 0
    assert board.dead.latest()[0].reason == "unknown"
