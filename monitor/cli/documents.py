"""``make docs``: the documentation that is generated from the code."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from monitor.cli.flow_picture import picture
from monitor.metrics import Metrics
from monitor.scoring.copies.record import Copy
from monitor.scoring.flags import CODES, FLAGS, PROMISED, THRESHOLDS
from monitor.scoring.sources.incident import Incident
from monitor.scoring.verdict import Verdict
from monitor.settings import Settings
from monitor.streaming.place import HEADER
from monitor.streaming.stages import STAGES, topics_of
from monitor.streaming.topics import Topic, strimzi, table

#: What stands between these lines of a document is generated.
BEGIN = "<!-- flags: made by make docs from monitor/scoring/flags -->"
END = "<!-- end of flags -->"


def documents(root: Path) -> dict[str, str]:
    """The path of each generated document below the root of the repository, and its text.

    Raises:
        ValueError: the README has not one table of flags between its marks.
    """
    return {
        "docs/verdict.schema.json": _formatted(schema()),
        "docs/incident.schema.json": _formatted(msgspec.json.schema(Incident)),
        "docs/copy.schema.json": _formatted(msgspec.json.schema(Copy)),
        "docs/metrics.md": _metrics(),
        "docs/flags.md": _flags(),
        "README.md": _with_flags((root / "README.md").read_text()),
        "docs/topics.md": _topics(),
        "docs/settings.md": _settings(),
        "docs/verdict.svg": picture(STAGES),
        "deploy/kubernetes/topics/topics.yaml": strimzi(topics_of(STAGES), Settings.model_construct()),
    }


def schema() -> dict[str, Any]:
    """The verdict's JSON Schema: a flag's code is one of those that are raised, or one that is promised."""
    result = msgspec.json.schema(Verdict)
    result["$defs"]["Flag"]["properties"]["code"]["enum"] = sorted((*CODES, *PROMISED))
    return result


def _formatted(schema: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def _metrics() -> str:
    lines = ["# Metrics", "", "Made by `make docs` from `monitor/metrics.py`.", ""]
    for metric in Metrics().descriptions:
        labels = f" {{{', '.join(metric.labels)}}}" if metric.labels else ""
        lines += [f"## `{metric.name}`{labels}", "", f"{metric.kind.capitalize()}. {metric.help}", ""]
        lines += [f"When it moves: {metric.action}", ""]
    return "\n".join(lines)


def _topics() -> str:
    heading = (
        "# Topics\n\nMade by `make docs` from the topics that the stages declare (`monitor/streaming/stages`). "
        "`topic_prefix` stands before each name; the table `[topics]` of the settings gives single ones another, as in "
        '`"articles.scored" = "news.verdicts"`; `input_topics` names those that articles are read from.\n\n'
    )
    stages = "".join(
        f"- **{stage.name}** reads `{stage.reads.name}`, writes {_names(stage.writes)}"
        + (f", follows {_names(stage.follows)}" if stage.follows else "")
        + (f", stores its state in {_names([stage.stores])}" if stage.stores else "")
        + f"; consumer group `{stage.group('GROUP')}`.\n"
        for stage in STAGES
    )
    return heading + table(topics_of(STAGES)) + "\n## Stages\n\n" + stages + _records()


#: What a topic's records look like.
RECORDS = (
    ("articles.scored", "articles.flagged", "[verdict.schema.json](verdict.schema.json)"),
    ("articles.copies", "", "[copy.schema.json](copy.schema.json)"),
    ("sources.incidents", "", "[incident.schema.json](incident.schema.json)"),
)


def _records() -> str:
    lines = ["", "## Records", ""]
    for name, other, form in RECORDS:
        lines.append(f"- `{name}`{f' and `{other}`' if other else ''}: JSON, {form}")
    lines += [
        f"- The header `{HEADER}` says where a verdict's article lies: `articles-3@12345`; `.2` behind it: the second.",
        "- `articles.dead`: the record as it came, with Kafka Connect's error headers and `monitor.reason`.",
        "- The other topics are the monitor's own, in MessagePack.",
        "",
    ]
    return "\n".join(lines)


def _settings() -> str:
    lines = [
        "# Settings",
        "",
        "Made by `make docs` from `monitor/settings`. A flag of the command comes before `MONITOR_NAME` in the",
        "environment, that before `monitor.toml`, that before the default; `monitor settings` prints what is in force.",
        "Thresholds: [flags.md](flags.md).",
        "",
        "| setting | default | what it is |",
        "| --- | --- | --- |",
    ]
    for name, field in Settings.model_fields.items():
        # One that is made anew each time, or empty, has nothing to show.
        default = f"`{field.default}`" if field.default_factory is None and field.default not in (None, "", ()) else ""
        description = (field.description or "").replace("|", "\\|")
        lines.append(f"| `{name}` | {default} | {description} |")
    return "\n".join((*lines, ""))


def _names(topics: Iterable[Topic]) -> str:
    return ", ".join(f"`{topic.name}`" for topic in topics)


def flags_table() -> str:
    """The flags as a table of Markdown, in the order of a verdict."""
    rows = [f"| `{kind.code}` | {kind.documentation} | {'yes' if kind.bad else 'no'} |" for kind in FLAGS]
    return "\n".join(("| code | when | bad |", "| --- | --- | --- |", *rows))


def _with_flags(readme: str) -> str:
    if readme.count(BEGIN) != 1 or readme.count(END) != 1:
        raise ValueError(f"README.md: one line “{BEGIN}” and one “{END}” must stand around the table of flags")
    before, _, rest = readme.partition(BEGIN)
    return f"{before}{BEGIN}\n{flags_table()}\n{END}{rest.partition(END)[2]}"


def _flags() -> str:
    lines = [
        "# Flags",
        "",
        "Made by `make docs` from `monitor/scoring/flags`.",
        "",
        flags_table(),
        "",
        "## Thresholds",
        "",
        "Each is set under `[thresholds]` in `monitor.toml`, or by `MONITOR_THRESHOLDS__NAME` in the environment;",
        'for one source under `[sources."NAME"]`.',
        "",
        "| threshold | default | what it is, and why |",
        "| --- | --- | --- |",
    ]
    for name, threshold in THRESHOLDS.items():
        lines.append(f"| `{name}` | {threshold.default} | {threshold.metadata['description']} |")
    return "\n".join((*lines, ""))


def main(root: Path) -> None:
    """Write the documents below the root of the repository."""
    for path, text in documents(root).items():
        (root / path).write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
