"""The judge and its figures, on examples worked out by hand."""

from __future__ import annotations

import pytest

from monitor.articles.article import Article
from monitor.evaluation import damage, judge
from monitor.evaluation.damage import Damaged
from monitor.evaluation.documents import Document
from monitor.evaluation.figures import Judged, Line, curve, lines
from monitor.scoring.flags import boilerplate_heavy, markup, mojibake, repeated_body, truncated
from monitor.scoring.verdict import Verdict
from tests.evaluation.made_up import BODY, verdict

#: Words 4, 3, 2, 1; the second and third are boilerplate; called: the third and fourth.
CONTAINER = ("One two three four", "Read more here", "", "Most popular", "End")
CONTENT = (True, False, True, False, True)


def container() -> judge.Paragraphs:
    given = verdict(Article(id="a", text="\n".join(CONTAINER)), boilerplate=(0.05, 0.45, 0.95, 0.65))
    return judge.paragraphs(given, CONTAINER, CONTENT)


def figures(judged: list[Judged]) -> dict[tuple[str, str, str, str], Line]:
    return {(line.subject, line.set, line.language, line.figure): line for line in lines(judged)}


def test_labels_find_their_paragraphs_across_blank_lines() -> None:
    assert container() == judge.Paragraphs((4, 3, 2, 1), (False, True, True, False), (0.05, 0.45, 0.95, 0.65))


def test_boilerplate_by_hand() -> None:
    found = figures([Judged("s", "en", {"boilerplate words": judge.boilerplate(container())})])

    def value(name: str) -> float | None:
        return found["boilerplate words", "s", "all", name].value

    assert value("precision") == pytest.approx(2 / 3)  # 2 of the 3 words called
    assert value("recall") == pytest.approx(2 / 5)
    assert value("F1") == pytest.approx(2 * 2 / (3 + 5))
    assert value("ratio MAE") == pytest.approx(0.2)  # 3 of 10 called, 5 of 10 are
    # Each paragraph is alone in its bin: |0.05 - 0|, |0.45 - 1|, |0.95 - 1|, |0.65 - 0|, over 4.
    assert value("ECE") == pytest.approx((0.05 + 0.55 + 0.05 + 0.65) / 4)


def test_the_threshold_against_precision_and_recall() -> None:
    points = {point.threshold: point for point in curve([Judged("s", "en", {}, container())])["s"]}
    assert (points[0.0].precision, points[0.0].recall) == (0.5, 1.0)
    assert points[0.4][1:] == pytest.approx((5 / 6, 1.0))
    assert points[0.9][1:] == pytest.approx((1.0, 2 / 5))
    assert max(points) == 0.94


def test_repeated_words_by_hand() -> None:
    text = "a b c d\ne f\ng h i\na b c d\ne f"
    made = Damaged(text, ((16, 23), (24, 27)))
    # Of the 6 words that repeat, 4 are found; 3 others are called repeated as well.
    given = verdict(
        Article(id="a", text=text), repeats=(None, None, 0, 0, None), repetition=0.4, codes=(repeated_body.CODE,)
    )
    sums = judge.repeated(given, made)
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


def test_a_defect_that_no_copy_has_gets_no_precision() -> None:
    row = {"right": 0.0, "missed": 0.0, "wrong on clean bodies": 0.0, "wrong on other copies": 2.0}
    found = figures([Judged("s", "en", {"defect: mojibake": row})])
    assert found["defect: mojibake", "s", "all", "precision among all copies"].value is None


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


def test_a_language_gets_figures_of_its_own_from_twenty_documents() -> None:
    def of(language: str, count: int) -> list[Judged]:
        return [
            Judged("s", language, {"CPU ms a verdict": {"milliseconds": 2.0, "verdicts": 1.0}}) for _ in range(count)
        ]

    found = lines([*of("en", 20), *of("de", 19), *of("fr", 30)])
    assert [(line.language, line.documents) for line in found] == [("all", 69), ("en", 20), ("fr", 30)]
