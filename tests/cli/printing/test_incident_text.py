"""Incidents as a person reads them, and as a publisher is sent them."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest

from monitor.articles.article import Article
from monitor.cli.printing import incident_text
from monitor.cli.printing.incident_text import ShownExample
from monitor.scoring.sources.incident import Example, Incident, Kind, moment
from monitor.scoring.sources.together import find_together

SINCE = datetime.fromisoformat("2026-02-02T14:05:00+00:00")
NOW = SINCE + timedelta(hours=26)


def incident(kind: Kind = "share", code: str = "truncated", **fields: object) -> Incident:
    whole = Incident(
        id="3ae9b1de54", source="Daily", key="daily", kind=kind, code=code, since=SINCE, opened=SINCE, updated=NOW,
        before=0.01, now=0.8, articles=30, affected=24, score=24,
        examples=(Example(id="a7", topic="articles", at=SINCE),),
    )  # fmt: skip
    return msgspec.structs.replace(whole, **fields)


def report(broken: Incident, *examples: ShownExample) -> str:
    return "\n".join(incident_text.report(broken, examples))


def test_report_says_since_when_how_much_and_shows_a_copy() -> None:
    article = Article(id="a7", title="Ferry runs aground", url="https://daily.example/a7", text="It ran aground in")
    shown = ShownExample(incident().examples[0], article, ("truncated: ends in the middle of a sentence",))
    text = report(incident(), shown)
    assert "Since 2026-02-02 14:05 UTC, 24 of the 30 articles" in text
    assert "(80%)" in text
    for part in (
        "1. a7, received",
        "Ferry runs aground",
        "https://daily.example/a7",
        "ends in the middle of a sentence",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("kind", "words"),
    [("silence", "received no article"), ("flood", "where about"), ("layout", "other lines around the story")],
)
def test_report_says_what_each_kind_is(kind: Kind, words: str) -> None:
    assert words in report(incident(kind, "", before=40.0, now=90.0))


def test_layout_s_report_shows_the_new_lines() -> None:
    example = Example(id="a7", paragraphs=(1, 9))
    shown = ShownExample(example, Article(id="a7", text="A story.\nBecome a member now."), ())
    assert "new line: Become a member now." in report(incident("layout", ""), shown)


def test_article_that_is_gone_is_said_so() -> None:
    assert "no longer kept" in report(incident(), ShownExample(incident().examples[0], None, ()))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "open"),
        ({"muted_until": NOW + timedelta(hours=1), "person": "Bo"}, "muted until 2026-02-03 17:05 UTC by Bo"),
        (
            {"open": False, "closed": NOW, "ending": "person", "person": "Ann"},
            "closed 2026-02-03 16:05 UTC (person by Ann)",
        ),
        ({"open": False, "closed": NOW, "ending": "healed"}, "closed 2026-02-03 16:05 UTC (healed)"),
    ],
)
def test_state_is_said(fields: dict[str, object], words: str) -> None:
    assert incident_text.state(incident(**fields), NOW) == words  # type: ignore[arg-type]


def test_sources_that_broke_together_are_one_line() -> None:
    many = [incident(source=f"S{n}", key=f"s{n}", since=moment(SINCE.timestamp() + n)) for n in range(12)]
    (group,), alone = find_together(many)
    assert not alone
    assert incident_text.together(group, NOW).startswith("12 sources broke together (share truncated)")
