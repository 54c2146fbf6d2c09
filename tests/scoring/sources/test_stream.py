"""A stream scored in order: the later article is judged by what the earlier ones taught."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from monitor.articles.article import Article
from monitor.cli import app
from monitor.scoring import flags
from monitor.scoring.boilerplate.model import Model
from monitor.scoring.score import Scorer
from monitor.scoring.sources.incident import Incident
from monitor.scoring.sources.stream import StreamScorer
from monitor.scoring.verdict import BOILERPLATE, Verdict
from tests.scoring.sources.made_up import NOW, story

#: No model takes this for boilerplate; only its source's articles tell.
COLUMN = "The ferryman of the old harbour writes down each week what the gulls have told him about the town."


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(Model.load(), lambda source: flags.thresholds())


def articles(count: int, *, source: str = "Daily") -> list[Article]:
    return [Article(id=str(i), source=source, text="\n".join((COLUMN, *story(i, paragraphs=6)))) for i in range(count)]


def test_line_that_source_always_sends_becomes_template_and_boilerplate(scorer: Scorer) -> None:
    stream = StreamScorer(scorer)
    verdicts = [stream.score(article, NOW) for article in articles(8)]
    assert [verdict.paragraphs[0].template for verdict in verdicts] == [False] * 3 + [True] * 5
    assert verdicts[-1].paragraphs[0].boilerplate >= BOILERPLATE > verdicts[0].paragraphs[0].boilerplate
    assert not any(paragraph.template for paragraph in verdicts[-1].paragraphs[1:])


def test_first_article_has_the_verdict_of_the_scorer_alone(scorer: Scorer) -> None:
    article = articles(1)[0]
    assert StreamScorer(scorer).score(article, NOW) == scorer.score(article, NOW)


def test_sources_do_not_teach_each_other(scorer: Scorer) -> None:
    stream = StreamScorer(scorer)
    for article in articles(5):
        stream.score(article, NOW)
    other = articles(1, source="Evening")[0]
    assert msgspec.structs.replace(stream.score(other, NOW), copy_of=None) == scorer.score(other, NOW)


def test_reports_that_differ_in_their_figures_are_stories(scorer: Scorer) -> None:
    stream = StreamScorer(scorer)
    reports = [
        Article(id=str(i), source="Weather", text="\n".join(f"{line} ({i})" for line in story(1, paragraphs=5)))
        for i in range(60)
    ]
    verdict = [stream.score(report, NOW) for report in reports][-1]
    assert verdict.boilerplate == 0
    assert not any(paragraph.template for paragraph in verdict.paragraphs)


def test_lines_that_recur_but_for_their_figures_and_are_story_are_no_templates(scorer: Scorer) -> None:
    stream = StreamScorer(scorer)
    for i in range(28):
        net, sales = f"Net {3 + i}.{i % 10} mln vs {2 + i}.1 mln", f"Sales {20 + i}.4 mln vs {18 + i}.9 mln"
        figures = (f"Shr {10 + i} cts vs {9 + i} cts", net, sales) if i % 4 == 3 else ()
        text = "\n".join((*figures, *story(i, paragraphs=4)))
        verdict = stream.score(Article(id=str(i), source="Wire", text=text), NOW)
    assert len(verdict.paragraphs) == 7
    assert not any(paragraph.template for paragraph in verdict.paragraphs)


def test_source_seen_least_lately_is_forgotten(scorer: Scorer) -> None:
    stream = StreamScorer(scorer, most_sources=1)
    for article in (*articles(5), *articles(1, source="Evening")):
        stream.score(article, NOW)
    again = articles(6)[-1]
    assert stream.score(again, NOW) == scorer.score(again, NOW)


def test_text_before_a_template_is_looked_at_for_a_cut(scorer: Scorer) -> None:
    stream = StreamScorer(scorer)
    notice = "The weekly letter tells of the old harbour and of its"
    verdicts = [
        stream.score(Article(id=str(i), source="Daily", text="\n".join((*story(i, paragraphs=6), notice))), NOW)
        for i in range(6)
    ]
    assert "truncated" in {flag.code for flag in verdicts[0].flags}
    assert "truncated" not in {flag.code for flag in verdicts[-1].flags}


def test_command_marks_templates_over_a_file(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_bytes(b"\n".join(map(msgspec.json.encode, articles(5))))
    done = CliRunner().invoke(app, ["score", "--stream", "--format", "json", str(file)])
    verdicts = [msgspec.json.decode(line, type=Verdict) for line in done.stdout.splitlines()]
    assert [verdict.paragraphs[0].template for verdict in verdicts] == [False] * 3 + [True] * 2
    explained = CliRunner().invoke(app, ["score", "--stream", "--explain", str(file)])
    assert "template The ferryman" in explained.stdout


def test_command_refuses_jobs_beside_stream(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["score", "--stream", "--jobs", "2", str(tmp_path)])
    assert done.exit_code == 2
    assert "leave out --jobs" in done.output


def test_copy_of_another_source_is_linked_and_makes_no_verdict_bad(scorer: Scorer) -> None:
    stream = StreamScorer(scorer)
    lines = "\n".join(story(1, 8))
    first = stream.score(Article(id="a", text=lines, source="Morning"), NOW)
    again = stream.score(Article(id="b", text=lines, source="Morning"), NOW)
    second = stream.score(Article(id="c", text=lines, source="Evening"), NOW)
    assert first.copy_of is again.copy_of is None
    assert second.copy_of is not None
    assert (second.copy_of.id, second.copy_of.source, second.copy_of.coverage) == ("a", "Morning", 1)
    assert second.bad is first.bad


def test_break_in_a_file_is_told_as_an_incident(scorer: Scorer) -> None:
    told: dict[str, Incident] = {}
    stream = StreamScorer(scorer, on_incident=lambda incident: told.update({incident.id: incident}))
    for number in range(80):
        text = "\n".join(story(number, paragraphs=6)) if number < 60 else "Only a line."
        published = NOW + timedelta(hours=number)
        stream.score(
            Article(id=str(number), source="Daily", text=text, published_at=published), NOW + timedelta(days=9)
        )
    assert ("share", "thin") in {(incident.kind, incident.code) for incident in told.values()}
    (thin,) = [incident for incident in told.values() if incident.code == "thin"]
    assert thin.since == NOW + timedelta(hours=60)
    assert thin.examples[0].id == "60"
