"""The judge and its figures, on examples worked out by hand."""

from __future__ import annotations

import pytest

from monitor.articles.article import Article
from monitor.evaluation import damage, judge
from monitor.evaluation.damage import Damaged
from monitor.evaluation.documents import Document
from monitor.scoring.flags import boilerplate_heavy, markup, mojibake, repeated_body, truncated
from monitor.scoring.verdict import Verdict
from tests.evaluation.made_up import BODY, verdict

#: Words 4, 3, 2, 1; the second and third are boilerplate; called: the third and fourth.
CONTAINER = ("One two three four", "Read more here", "", "Most popular", "End")
CONTENT = (True, False, True, False, True)


def container() -> judge.Paragraphs:
    given = verdict(Article(id="a", text="\n".join(CONTAINER)), boilerplate=(0.05, 0.45, 0.95, 0.65))
    return judge.paragraphs(given, CONTAINER, CONTENT)


def test_labels_find_their_paragraphs_across_blank_lines() -> None:
    assert container() == judge.Paragraphs((4, 3, 2, 1), (False, True, True, False), (0.05, 0.45, 0.95, 0.65))


def test_repeated_words_by_hand() -> None:
    text = "a b c d\ne f\ng h i\na b c d\ne f"
    copy = Damaged(text, ((16, 23), (24, 27)))
    # Of the 6 words that repeat, 4 are found; 3 others are called repeated as well.
    given = verdict(
        Article(id="a", text=text), repeats=(None, None, 0, 0, None), repetition=0.4, codes=(repeated_body.CODE,)
    )
    sums = judge.repeated(given, copy)
    assert sums.pop("error") == pytest.approx(abs(0.4 - 10 / 25))
    assert sums == {"right": 4, "wrong": 3, "missed": 2, "flagged": 1, "documents": 1}


def test_false_alarms_leave_out_what_is_rightly_flagged() -> None:
    line = "These are twelve words that stand a second time in this body.\n"
    assert judge.repeats_itself(line + line)
    assert not judge.repeats_itself("Advertisement\nAdvertisement")
    short = verdict(Article(id="a", text=line + line), codes=(markup.CODE,))
    alarms = judge.false_alarms(short, line + line, thin_words=50)
    assert {code: row["flagged"] for code, row in alarms.items()} == {
        mojibake.CODE: 0, markup.CODE: 1, truncated.CODE: 0, boilerplate_heavy.CODE: 0,
    }  # fmt: skip
    assert {row["documents"] for row in alarms.values()} == {1}
    assert repeated_body.CODE in judge.false_alarms(short, BODY, thin_words=5)


def marked(article: Article) -> Verdict:
    """Finds markup where there is a tag or a brace, and everywhere that the island is not."""
    is_found = any(sign in article.text for sign in "<{&[") or "Brenn" not in article.text
    return verdict(article, codes=(markup.CODE,) if is_found else ())


def test_defects_count_the_found_the_missed_and_the_wrong() -> None:
    waste = tuple(f"Ten more stories about parcel {i} to read today" for i in range(80))
    document = Document("s", "a", BODY, waste=waste)
    clean = marked(Article(id="a", text=BODY))
    sums = judge.defects(document, clean, marked)
    assert set(sums) == set(judge.DEFECTS)
    counts = ("right", "missed", "wrong on clean bodies")
    assert [sums[markup.CODE][name] for name in counts] == [3, 0, 0]
    assert sums[markup.CODE]["wrong on other copies"] >= 0
    assert [sums[mojibake.CODE][name] for name in (*counts, "wrong on other copies")] == [0, 3, 0, 0]
    flagged = verdict(Article(id="a", text=BODY), codes=(markup.CODE,))
    assert judge.defects(document, flagged, marked)[markup.CODE]["wrong on clean bodies"] == 3


def test_repetition_is_judged_on_bodies_that_do_not_repeat_themselves() -> None:
    def nothing(article: Article) -> Verdict:
        return verdict(article)

    sums = judge.repetition(Document("s", "a", BODY), nothing)
    assert set(sums) == {make.__name__ for make in damage.REPEATING}
    for row in sums.values():
        assert (row["right"], row["flagged"], row["documents"]) == (0, 0, 3)
        assert row["missed"] > 0
        assert row["error"] > 0
    assert judge.repetition(Document("s", "a", f"{BODY}\n{BODY}"), nothing) == {}
