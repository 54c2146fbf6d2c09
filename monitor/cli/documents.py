"""``make docs``: the documentation that is generated from the code."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from monitor.metrics import Metrics
from monitor.scoring.verdict import Verdict


def documents() -> dict[str, str]:
    """Each generated file's name and text."""
    schema = msgspec.json.schema(Verdict)
    return {
        "verdict.schema.json": msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n",
        "metrics.md": _metrics(),
    }


def _metrics() -> str:
    lines = ["# Metrics", "", "Made by `make docs` from `monitor/metrics.py`.", ""]
    for metric in Metrics().descriptions:
        labels = f" {{{', '.join(metric.labels)}}}" if metric.labels else ""
        lines += [f"## `{metric.name}`{labels}", "", f"{metric.kind.capitalize()}. {metric.help}", ""]
        lines += [f"When it moves: {metric.action}", ""]
    return "\n".join(lines)


def main(folder: Path) -> None:
    """Write the files into a folder."""
    folder.mkdir(exist_ok=True)
    for name, text in documents().items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
