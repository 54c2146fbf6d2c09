"""The figures as a page and its plots."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from bench.detection import table, write
from bench.speed.kafka import QUANTILES, Latency, Throughput
from bench.speed.rounds import Cost
from bench.speed.sizes import Size
from monitor import __version__

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE, COSTS_PLOT, SIZES_PLOT = DOCS / "performance.md", DOCS / "performance-costs.svg", DOCS / "performance-sizes.svg"
PEERS = Path(__file__).with_name("peers.txt")


class Figures(NamedTuple):
    """All that one run measured; a part that was left out is empty."""

    pages: int
    characters: int
    costs: list[Cost]
    parts: dict[str, float]
    by_size: list[Size]
    by_paragraphs: list[Size]
    throughput: list[Throughput]
    latency: list[Latency]


def text(figures: Figures, command: str) -> str:
    """The generated part of ``docs/performance.md``."""
    made = [
        f"Made by `{command}` on {datetime.now(UTC):%Y-%m-%d}, version {__version__}. {_machine()}. {_versions()}.",
        "## A verdict and its peers",
        _how(figures),
        _costs(figures.costs),
        f"![milliseconds of CPU a page]({COSTS_PLOT.name})",
        "## Its parts",
        table(["part", "ms of CPU a page"], [[part, f"{spent:.3f}"] for part, spent in figures.parts.items()]),
        "## As articles grow",
        table(["kilobytes", "ms"], ([str(one.size), f"{one.milliseconds:.1f}"] for one in figures.by_size)),
        table(["paragraphs", "ms"], ([str(one.size), f"{one.milliseconds:.1f}"] for one in figures.by_paragraphs)),
        f"![milliseconds of CPU by kilobytes and by paragraphs]({SIZES_PLOT.name})",
    ]
    if figures.throughput:
        made += ["## The worker, on a real Kafka on the same machine", _throughput(figures.throughput)]
    if figures.latency:
        made += [
            "Seconds from producing an article to receiving its verdict, at a share of what one worker reached above:",
            _latency(figures.latency),
        ]
    return "\n\n".join(made)


def _how(figures: Figures) -> str:
    return (
        f"Milliseconds of CPU a page on one core; {figures.pages} pages of {figures.characters:,} characters in the "
        f"mean; {len(figures.costs[0].rounds)} rounds, in each of which every line has its turn. The ratios are the "
        "medians over rounds of the quotient within one round."
    )


def _costs(costs: Sequence[Cost]) -> str:
    by_name = {cost.name: cost for cost in costs}
    verdict = by_name["verdict"].rounds

    def row(cost: Cost) -> list[str]:
        by_verdict = median(one / v for one, v in zip(cost.rounds, verdict, strict=True))
        return [
            cost.name,
            f"{cost.middle:.3f}",
            f"{min(cost.rounds):.3f}–{max(cost.rounds):.3f}",
            f"{median(cost.ratios):.1f}",
            f"{by_verdict:.2f}",
        ]

    return table(["", "median", "least–most", "by taking words apart", "by a whole verdict"], map(row, costs))


def _throughput(figures: Iterable[Throughput]) -> str:
    head = [
        "partitions",
        "workers",
        "ms of CPU an article",
        "articles a CPU-second",
        "articles a second",
        "MB a worker",
    ]
    return table(
        head,
        (
            [
                str(one.partitions),
                str(one.processes),
                f"{one.milliseconds:.2f}",
                f"{1000 / one.milliseconds:.0f}",
                f"{one.a_second:.0f}",
                f"{one.megabytes:.0f}",
            ]
            for one in figures
        ),
    )


def _latency(figures: Iterable[Latency]) -> str:
    head = ["load", "articles a second", *(f"{share:.0%} within" for share in QUANTILES)]
    return table(
        head,
        (
            [f"{one.load:.0%}", f"{one.a_second:.0f}", *(f"{seconds:.3f} s" for seconds in one.seconds)]
            for one in figures
        ),
    )


def _machine() -> str:
    model = "unknown processor"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, load {load:.1f} at the end, {platform.system()}"


def _versions() -> str:
    ours = [f"Python {platform.python_version()}", f"numpy {version('numpy')}"]
    peers = [line.replace("==", " ") for line in PEERS.read_text().splitlines() if "==" in line]
    return ", ".join(ours + peers)


def plot(figures: Figures) -> None:
    """Draw the costs as bars and the sizes as lines, on logarithmic scales."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "monitor"
    from matplotlib import pyplot as plt

    figure, panel = plt.subplots(figsize=(8, 3.6), layout="constrained")
    costs = sorted(figures.costs, key=lambda cost: cost.middle)
    spread = [
        [cost.middle - min(cost.rounds) for cost in costs],
        [max(cost.rounds) - cost.middle for cost in costs],
    ]
    colours = ["tab:red" if cost.name == "verdict" else "tab:blue" for cost in costs]
    panel.barh([cost.name for cost in costs], [cost.middle for cost in costs], xerr=spread, color=colours)
    panel.set(xscale="log", xlabel="ms of CPU a page")
    _save(figure, COSTS_PLOT)
    figure, panels = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
    for panel, sizes, label in zip(
        panels, (figures.by_size, figures.by_paragraphs), ("kilobytes", "paragraphs"), strict=True
    ):
        panel.plot([one.size for one in sizes], [one.milliseconds for one in sizes], marker="o")
        panel.set(xscale="log", yscale="log", xlabel=label, ylabel="ms of CPU")
    _save(figure, SIZES_PLOT)


def _save(figure: Any, file: Path) -> None:
    from matplotlib import pyplot as plt

    figure.savefig(file, format="svg", metadata={"Date": None})
    plt.close(figure)


def write_page(figures: Figures, command: str) -> None:
    """Write the page and its plots."""
    write(text(figures, command), PAGE)
    plot(figures)
