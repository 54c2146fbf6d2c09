"""docs/formats.md: each of its examples, as a file, a record and a POST, has the same verdict."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.articles.decode import Decoder
from monitor.articles.errors import Reason
from monitor.articles.formats import FORMATS
from monitor.articles.records import records_of
from monitor.demo.broker import embedded_broker
from monitor.demo.feed import feed
from monitor.metrics import Metrics
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.settings import Settings
from monitor.settings.kafka import TopicNames
from monitor.source_labels import SourceLabels
from monitor.streaming.deadletters.letter import Refused
from monitor.streaming.engine.records import InputRecord, Output
from monitor.streaming.stages.score import Score
from monitor.web.server import serve
from tests.kafka.reading import read_all
from tests.web.site import Site

DOCUMENT = (Path(__file__).parents[2] / "docs" / "formats.md").read_text()
EXAMPLES = {
    name: text.encode() for name, text in re.findall(r"^```\w+ (\S+)\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
}
ONLY_FILES = tuple(ending for format_ in FORMATS if format_.only_files for ending in format_.endings)

Verdict = dict[str, Any]


def comparable(verdict: Verdict) -> Verdict:
    """A verdict without its time, and without the file that only the command line knows."""
    return {name: value for name, value in verdict.items() if name not in ("scored_at", "origin")}


def verdicts_of_record(stage: Score, value: bytes, content_type: str = "") -> list[Verdict]:
    headers = (("content-type", content_type.encode()),) if content_type else ()
    outputs = stage.outputs(InputRecord("articles", 0, 0, None, None, value, headers))
    return [
        comparable(json.loads(output.value or b""))
        for output in outputs
        if isinstance(output, Output) and output.topic == "articles.scored"
    ]


def content_type_of(name: str) -> str:
    return "text/plain" if name.endswith(".txt") else ""


@pytest.fixture(scope="module")
def stage() -> Score:
    scorer = Scorer(Model.load(), Settings().thresholds_for)
    return Score(Decoder(), scorer, TopicNames(), Metrics(), SourceLabels(5), lambda: datetime.now(UTC))


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Verdict]]:
    """The verdicts of ``monitor score`` over each example."""
    folder = tmp_path_factory.mktemp("examples")
    verdicts = {}
    for name, value in EXAMPLES.items():
        (folder / name).write_bytes(value)
    names = sorted(EXAMPLES)
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "score", "--format", "json", *names],
        capture_output=True, cwd=folder, check=False,
    )  # fmt: skip
    lines = [comparable(json.loads(line)) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr.decode()
    for name in names:
        count = len(list(Decoder().articles_of_file(name, io.BytesIO(EXAMPLES[name]))))
        verdicts[name], lines = lines[:count], lines[count:]
    assert lines == []
    return verdicts


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_read_as_a_file(scored: dict[str, list[Verdict]], name: str) -> None:
    assert scored[name]
    for verdict in scored[name]:
        assert verdict["words"] > 10
        assert verdict["source"] != "unknown" or name == "story.txt"


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_record_has_the_verdict_of_the_file(scored: dict[str, list[Verdict]], stage: Score, name: str) -> None:
    if name.endswith(ONLY_FILES):
        with pytest.raises(Refused) as raised:
            stage.outputs(InputRecord("articles", 0, 0, None, None, EXAMPLES[name]))
        assert raised.value.reason == Reason.UNREAD_FORMAT
        assert "monitor feed" in str(raised.value)
    else:
        assert verdicts_of_record(stage, EXAMPLES[name], content_type_of(name)) == scored[name]


def test_a_post_has_the_verdict_of_the_file(scored: dict[str, list[Verdict]]) -> None:
    site = Site()
    settings = Settings(web="127.0.0.1:0", web_scores_per_second=1000)
    with serve(settings, site.served) as site.address:
        for name, value in EXAMPLES.items():
            status, answer = site.ask("/score", value, content_type_of(name))
            if name.endswith(ONLY_FILES):
                assert (status, json.loads(answer)["reason"]) == (415, "unread_format"), name
                continue
            assert status == 200, (name, answer)
            verdicts = json.loads(answer)
            verdicts = verdicts if isinstance(verdicts, list) else [verdicts]
            assert [comparable(verdict) for verdict in verdicts] == scored[name], name


def test_what_monitor_feed_sends_has_the_verdict_of_the_file(scored: dict[str, list[Verdict]], stage: Score) -> None:
    sent: list[tuple[str, bytes]] = []
    for name, value in EXAMPLES.items():
        for record in records_of(name, io.BytesIO(value), Decoder()):
            assert isinstance(record.value, bytes)
            sent.append((name, record.value))
    with embedded_broker(["articles"]) as broker:
        assert feed(broker, "articles", [value for _, value in sent]) == len(sent)
        arrived = {record.value for record in read_all(broker, "articles")}
    verdicts: dict[str, list[Verdict]] = {}
    for name, value in sent:
        assert value in arrived
        verdicts.setdefault(name, []).extend(verdicts_of_record(stage, value))
    for name in set(EXAMPLES) - {"story.txt"}:
        assert verdicts[name] == scored[name], name
    # A text has no id but the hash of what it was read from.
    assert [v["paragraphs"] for v in verdicts["story.txt"]] == [v["paragraphs"] for v in scored["story.txt"]]


def test_monitor_feed_takes_a_feed(tmp_path: Path) -> None:
    (tmp_path / "rss.xml").write_bytes(EXAMPLES["rss.xml"])
    with embedded_broker(["articles"]) as broker:
        done = subprocess.run(
            [sys.executable, "-m", "monitor", "feed", "rss.xml", "--bootstrap-servers", broker],
            capture_output=True, cwd=tmp_path, check=False,
        )  # fmt: skip
        records = read_all(broker, "articles")
    assert done.returncode == 0, done.stderr.decode()
    assert {json.loads(record.value or b"")["id"] for record in records} == {"r1", "r2"}


def test_each_format_has_an_example_or_a_section() -> None:
    for format_ in FORMATS:
        words = format_.title.split()
        assert any(word.strip("(),") in DOCUMENT for word in words if word[0].isupper()) or format_.name == "text"
