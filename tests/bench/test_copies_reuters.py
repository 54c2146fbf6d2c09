"""The pairs of newswire that were read, and how links are judged by them."""

from __future__ import annotations

import json

from bench.copies_reuters import PAIRS, judge
from tests.scoring.copies.made_up import fingerprint, story


def test_each_pair_was_labelled_once_with_a_reason() -> None:
    pairs = json.loads(PAIRS.read_text())
    assert {pair["label"] for pair in pairs} == {"re-send", "update", "formula"}
    assert len({(pair["earlier"], pair["later"]) for pair in pairs}) == len(pairs)
    assert all(pair["reason"] for pair in pairs)


def test_precision_and_recall_are_over_the_pairs() -> None:
    prints = {id_: fingerprint(id_, story(number), id_) for id_, number in (("a", 1), ("b", 1), ("c", 1), ("d", 2))}
    pairs = [
        {"earlier": "a", "later": "b", "label": "re-send", "set": "links"},
        {"earlier": "a", "later": "c", "label": "formula", "set": "links"},
        {"earlier": "a", "later": "d", "label": "update", "set": "near misses"},
    ]
    assert judge(pairs, prints).splitlines()[0] == ("precision 0.500 of 2 linked, recall 0.500 of 2 copies; by set:")
