"""The paragraphs of an article as numbers, on texts written for it."""

from __future__ import annotations

from monitor.scoring.boilerplate.reading import DIGIT, LOWER, OTHER, SPACE, STOP, SYLLABIC, UPPER, grams, read


def test_words_are_runs_of_letters_and_characters_of_scripts_without_blanks() -> None:
    found = read(["日本語 abc漢d", "", "ไทย 12", "BBC News."])
    assert found.words.tolist() == [6, 0, 4, 2]
    assert found.line.tolist() == [0] * 6 + [2] * 4 + [3] * 2
    assert found.size.tolist() == [1, 1, 1, 3, 1, 1, 1, 1, 1, 2, 3, 4]
    assert found.capital.tolist() == [10, 11]
    assert found.shout.tolist() == [10]


def test_a_word_has_one_hash_wherever_it_stands_and_in_either_case() -> None:
    found = read(["Harbour harbour", "the HARBOUR, 2024", "1999 harbours"])
    harbour = found.word[0]
    assert (found.word == harbour).tolist() == [True, True, False, True, False, False, False]
    assert found.word[4] == found.word[5]  # a figure counts by its length
    assert found.stem[0] == found.stem[6] != found.stem[2]


def test_triples_stand_in_one_paragraph() -> None:
    found = read(["one two three four", "five six", "two three four"])
    assert found.line[2:][found.whole].tolist() == [0, 0, 2]
    first, second, third = found.triple[found.whole]
    assert second == third != first


def test_characters_are_counted_by_class() -> None:
    found = read(["Ab c.1 日", ""])
    assert found.counts.sum(1).tolist() == found.lengths.tolist() == [8, 0]
    of = {UPPER: 1, LOWER: 2, SPACE: 2, STOP: 1, DIGIT: 1, SYLLABIC: 1}
    assert {kind: count for kind, count in enumerate(found.counts[0].tolist()) if count} == of
    assert (found.first.tolist(), found.last.tolist()) == ([UPPER, OTHER], [SYLLABIC, OTHER])


def test_ngrams_stand_in_one_paragraph_and_at_its_ends() -> None:
    found = grams(read(["one two three", "", "four", "one two"]))
    running, ends = found.running.copy(), found.ends.copy()
    found.fill(running, ends, -1)
    assert (running >= 0).sum(1).tolist() == [6, 6, 3, 1]
    assert (running[2] >= 0).tolist() == [True, True, False, False, True, False]
    assert (running[3] >= 0).tolist() == [True, False, False, False, False, False]
    assert (ends >= 0).tolist() == [[True, True, True]] * 2 + [[True, False, True]] * 2
    assert found.counts().tolist() == [3 + 3 + 2 + 1 + 4, 2 + 2, 2 + 2 + 1 + 4]
    # The first pair is another n-gram than the pair, and the same in each paragraph that begins with it.
    assert running[2, 0] == running[2, 4]
    assert ends[2, 0] == ends[2, 2] != running[2, 0]
    assert grams(read(["", "..."])).running.shape == (4, 0)
