"""The parts of make bench: pages, contestants, the parts of a verdict, the page that is written."""

from __future__ import annotations

import json
from pathlib import Path

from bench.speed import kafka, page
from bench.speed.pages import pages, records
from bench.speed.parts import PARTS, REST, parts
from bench.speed.rounds import Cost, compare
from bench.speed.sizes import Size


def test_pages_are_evenly_chosen_from_articles_or_containers(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(json.dumps({"container": [f"line {n}", "<b>"]}) for n in range(10)))
    chosen = pages(file, 5)
    assert [document.text for document in chosen] == [f"line {n}\n<b>" for n in range(0, 10, 2)]
    assert "<p>&lt;b&gt;</p>" in chosen[0].html
    assert len(pages(None, 3)) == 3
    assert json.loads(records(file, 2)[1])["content"] == "line 5\n<b>"


def test_contestants_are_run_in_turn_and_set_against_words_apart() -> None:
    costs = compare(pages(None, 2), 2, names=("words apart", "verdict"))
    assert [cost.name for cost in costs] == ["words apart", "verdict"]
    assert costs[0].ratios == [1.0, 1.0]
    assert min(costs[1].ratios) > 1


def test_each_part_of_a_verdict_is_called() -> None:
    spent = parts(pages(None, 2), 1)
    assert set(spent) == {*PARTS, REST}
    assert all(milliseconds > 0 for milliseconds in spent.values())


def test_page_holds_every_figure() -> None:
    costs = [Cost("words apart", [0.1, 0.2], [1, 1]), Cost("verdict", [1.0, 3.0], [10, 15])]
    figures = page.Figures(
        2,
        1000,
        costs,
        {"words": 0.5},
        [Size(1, 2.0)],
        [Size(10, 3.0)],
        [kafka.Throughput(4, 2, 2.5, 333.3, 250.0)],
        [kafka.Latency(0.5, 100.0, (0.01, 0.02, 0.03))],
    )
    text = page.text(figures, "make bench")
    assert "| verdict | 2.000 | 1.000–3.000 | 12.5 | 1.00 |" in text
    assert "| words apart | 0.150 | 0.100–0.200 | 1.0 | 0.08 |" in text
    assert "| 4 | 2 | 2.50 | 400 | 333 | 250 |" in text
    assert "| 50% | 100 | 0.010 s | 0.020 s | 0.030 s |" in text
