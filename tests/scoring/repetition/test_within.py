"""Within: sentences that stand again inside a line are paragraphs that repeat."""

from __future__ import annotations

import pytest

from monitor.scoring.repetition import read
from monitor.scoring.thresholds import Thresholds

SENTENCES = (
    "The old ferry left the harbour on Monday morning for the first time since the storm.",
    "Some two hundred people stood on the quay and cheered as the captain sounded the horn.",
    "The repair cost 1,250,000 crowns, of which the island gave almost a third by itself.",
    "Until the new pier is finished in the autumn the ferry will run four times a day.",
    "The mayor promised that schoolchildren would travel free of charge for the whole year.",
)
OTHER = "Nobody on the island remembers a winter like this one, said the harbour master on Tuesday."


def repeated(raw: str) -> list[str]:
    text, repetition = read(raw, Thresholds())
    return [passage for passage, repeats in zip(text.passages, repetition.repeats, strict=True) if repeats is not None]


def test_sentence_twice_in_one_line() -> None:
    raw = f"{OTHER}\n{SENTENCES[0]} {SENTENCES[1]} {SENTENCES[0]}\n{SENTENCES[2]}"
    text, repetition = read(raw, Thresholds())
    assert repeated(raw) == [SENTENCES[0]]
    assert [raw[start:end] for start, end in text.paragraphs] == [OTHER, *SENTENCES[:2], SENTENCES[0], SENTENCES[2]]
    assert repetition.repeats == (None, None, None, 1, None)


def test_row_of_sentences_in_two_lines() -> None:
    others = [" ".join(f"W{i}x{k}" for k in range(12)) + "." for i in range(60)]
    lines = [f"{' '.join(SENTENCES[:3])} {' '.join(others[:20])}", " ".join(others[20:40]), " ".join(others[40:])]
    again = f"{SENTENCES[4]} {' '.join(SENTENCES[1:3])}"
    assert repeated("\n".join([*lines, again])) == [SENTENCES[1], SENTENCES[2]]
    assert repeated("\n".join([" ".join(SENTENCES[:3]), OTHER, again])) == []


@pytest.mark.parametrize(
    "lines",
    [
        [" ".join(SENTENCES[:3]), OTHER, " ".join(SENTENCES[1:3])],
        [" ".join(SENTENCES[:3]), OTHER, SENTENCES[1]],
        [" ".join(SENTENCES[:2]), f"{OTHER} {SENTENCES[1]}"],
        ["We were told to wait. We waited. We were told of the money. We waited.", OTHER],
    ],
    ids=["pulled out of a line", "a quotation", "one sentence", "a refrain"],
)
def test_quotations_and_refrains_split_no_line(lines: list[str]) -> None:
    text, repetition = read("\n".join(lines), Thresholds())
    assert text.passages == tuple(lines)
    assert repetition.ratio == 0


def test_chinese_sentence_twice_in_one_line() -> None:
    sentence = "周一早晨，老渡轮自去年十一月的风暴以来首次驶离港口，约两百人站在码头上欢呼。"
    raw = f"修理费用由岛上居民自己捐出。\n{sentence}新码头将于秋季完工。{sentence}\n市长承诺。"
    assert repeated(raw) == [sentence]
