"""``make docs``: the documentation that is generated from the code."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from monitor.metrics import Metrics
from monitor.scoring.verdict import Verdict
from monitor.settings import Settings
from monitor.streaming.stages import STAGES, topics_of
from monitor.streaming.topics import Topic, strimzi, table


def documents() -> dict[str, str]:
    """Each generated file's name and text."""
    schema = msgspec.json.schema(Verdict)
    return {
        "verdict.schema.json": msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n",
        "metrics.md": _metrics(),
        "topics.md": _topics(),
        "../deploy/kubernetes/topics/topics.yaml": strimzi(topics_of(STAGES), Settings.model_construct()),
    }


def _metrics() -> str:
    lines = ["# Metrics", "", "Made by `make docs` from `monitor/metrics.py`.", ""]
    for metric in Metrics().descriptions:
        labels = f" {{{', '.join(metric.labels)}}}" if metric.labels else ""
        lines += [f"## `{metric.name}`{labels}", "", f"{metric.kind.capitalize()}. {metric.help}", ""]
        lines += [f"When it moves: {metric.action}", ""]
    return "\n".join(lines)


def _topics() -> str:
    heading = (
        "# Topics\n\nMade by `make docs` from the topics that the stages declare (`monitor/streaming/stages`).\n\n"
    )
    stages = "".join(
        f"- **{stage.name}** reads `{stage.reads.name}`, writes {_names(stage.writes)}"
        + (f", follows {_names(stage.follows)}" if stage.follows else "")
        + (f", stores its state in {_names([stage.stores])}" if stage.stores else "")
        + f"; consumer group `{stage.group('GROUP')}`.\n"
        for stage in STAGES
    )
    return heading + table(topics_of(STAGES)) + "\n## Stages\n\n" + stages


def _names(topics: Iterable[Topic]) -> str:
    return ", ".join(f"`{topic.name}`" for topic in topics)


def main(folder: Path) -> None:
    """Write the files into a folder."""
    folder.mkdir(exist_ok=True)
    for name, text in documents().items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
