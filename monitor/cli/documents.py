"""``make docs``: the documentation that is generated from the code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from monitor.metrics import Metrics
from monitor.scoring.flags import CODES, FLAGS, PROMISED, THRESHOLDS
from monitor.scoring.verdict import Verdict

#: What stands between these lines of a document is generated.
BEGIN = "<!-- flags: made by make docs from monitor/scoring/flags -->"
END = "<!-- end of flags -->"


def documents(root: Path) -> dict[str, str]:
    """The path of each generated document below the root of the repository, and its text.

    Raises:
        ValueError: the README has not one table of flags between its marks.
    """
    return {
        "docs/verdict.schema.json": msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n",
        "docs/metrics.md": _metrics(),
        "docs/flags.md": _flags(),
        "README.md": _with_flags((root / "README.md").read_text()),
    }


def schema() -> dict[str, Any]:
    """The verdict's JSON Schema: a flag's code is one of those that are raised, or one that is promised."""
    result = msgspec.json.schema(Verdict)
    result["$defs"]["Flag"]["properties"]["code"]["enum"] = sorted((*CODES, *PROMISED))
    return result


def _metrics() -> str:
    lines = ["# Metrics", "", "Made by `make docs` from `monitor/metrics.py`.", ""]
    for metric in Metrics().descriptions:
        labels = f" {{{', '.join(metric.labels)}}}" if metric.labels else ""
        lines += [f"## `{metric.name}`{labels}", "", f"{metric.kind.capitalize()}. {metric.help}", ""]
        lines += [f"When it moves: {metric.action}", ""]
    return "\n".join(lines)


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
