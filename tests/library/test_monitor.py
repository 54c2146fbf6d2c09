"""The calls of the library, as another program makes them."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest

import monitor

LINES = files("monitor.demo").joinpath("articles.jsonl").read_bytes().splitlines(keepends=True)
TWICE = next(line for line in LINES if b'"quayline-002"' in line)
RECORD = msgspec.json.decode(TWICE)


def test_an_article_may_be_text_html_an_object_bytes_or_an_article() -> None:
    text = RECORD["content"]
    html = "".join(f"<p>{line}</p>" for line in text.splitlines())
    article = monitor.Article(id="mine", text=text)
    for value in (text, f"<html><body>{html}</body></html>", RECORD, TWICE, text.encode(), article):
        verdict = monitor.score(value)
        assert [flag.code for flag in verdict.flags] == ["repeated_body"], type(value)
    assert verdict.id == "mine"
    assert "repeated_body" in verdict.to_json()
    assert verdict.to_dict()["flags"][0]["code"] == "repeated_body"
    assert verdict.repeated_texts(text)[0] == text.splitlines()[0]
    assert len(verdict.boilerplate_texts(text)) == sum(paragraph.boilerplate >= 0.5 for paragraph in verdict.paragraphs)


def test_what_is_no_article_is_an_error_that_says_why() -> None:
    with pytest.raises(monitor.Undecodable, match="no text under"):
        monitor.score({"id": "a"})
    with pytest.raises(monitor.Undecodable, match="holds 2 articles"):
        monitor.score(LINES[0] + LINES[1])


def test_thresholds_are_arguments_and_a_misspelt_one_is_named() -> None:
    assert "repeated_body" not in monitor.Monitor(repeated_body_share=0.9).score(RECORD).to_json()
    with pytest.raises(TypeError, match=r"no such threshold: thin_wordz; there are .*thin_words"):
        monitor.Monitor(thin_wordz=3)
    with pytest.raises(ValueError, match="repeated_body_share must be at most 1"):
        monitor.Monitor(repeated_body_share=9)


def test_row_of_a_table_may_hold_dates_bytes_and_nothing() -> None:
    published = datetime(2026, 3, 2, tzinfo=UTC)
    row = {
        "content": RECORD["content"].encode(), "published_at": published, "title": float("nan"),
        "picture": b"\x89PNG", "price": Decimal("1.5"),
    }  # fmt: skip
    verdict = monitor.score(row)
    assert (verdict.published_at, verdict.title) == (published, None)
    assert verdict.words == monitor.score(RECORD).words


def test_clean_article_has_no_repeats_and_says_what_was_cut() -> None:
    clean = monitor.clean(RECORD)
    assert clean.text.splitlines()[:10] == RECORD["content"].splitlines()[:10]
    assert {cut.reason for cut in clean.cut} >= {"repeats"}
    nothing_kept = monitor.Monitor().clean(RECORD, boilerplate=0.01)
    assert len(nothing_kept.text) < len(clean.text)


def test_article_on_which_the_scorer_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(article: monitor.Article) -> monitor.Verdict:
        raise ZeroDivisionError(article.id)

    monkeypatch.setattr("monitor.library.monitor._loaded", lambda _: fail)
    with pytest.raises(monitor.NotScored, match="could not be scored: ZeroDivisionError: a7"):
        monitor.score({"id": "a7", "content": "It rained."})


def test_fields_say_where_the_text_stands() -> None:
    library = monitor.Monitor(fields={"body": "mine.full"})
    assert library.score({"mine": {"full": RECORD["content"]}}).words == monitor.score(RECORD).words


def test_many_are_scored_in_order_with_errors_told() -> None:
    errors: list[tuple[str, str]] = []
    values = [RECORD, {"id": "nothing"}, "One line of text."]
    scored = list(monitor.Monitor().score_many(values, on_error=lambda place, why: errors.append((place, str(why)))))
    assert [verdict.origin for verdict in scored] == ["article 1", "article 3"]
    assert [place for place, _ in errors] == ["article 2"]
    with pytest.raises(monitor.Undecodable):
        list(monitor.Monitor().score_many(values))


def test_files_are_scored_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES[0] + b"{broken\n" + LINES[1])
    (tmp_path / "b.txt").write_text("One line of text.")
    errors: list[str] = []
    paths = [tmp_path, tmp_path / "none.txt"]
    scored = list(monitor.score_files(paths, on_error=lambda place, _: errors.append(place)))
    assert [place.removeprefix(f"{tmp_path}/") for place, _ in scored] == ["a.jsonl line 1", "a.jsonl line 3", "b.txt"]
    assert [place.removeprefix(f"{tmp_path}/") for place in errors] == ["a.jsonl line 2", "none.txt"]
    assert scored[0][1].origin == scored[0][0]


def test_processes_give_what_one_gives(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"".join(LINES))
    script = "import monitor, sys\nif __name__ == '__main__':\n    for place, verdict in monitor.score_files("
    script += f"[{str(tmp_path)!r}], jobs=int(sys.argv[1])):\n        print(place, verdict.flags, verdict.paragraphs)\n"
    (tmp_path / "mine.py").write_text(script)
    (tmp_path / "mine.py").rename(tmp_path.parent / "mine.py")
    results = [
        subprocess.run([sys.executable, str(tmp_path.parent / "mine.py"), jobs], capture_output=True, check=True)
        for jobs in ("1", "2")
    ]
    assert results[0].stdout == results[1].stdout
    assert results[0].stdout.count(b"\n") == len(LINES)


def test_no_settings_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "monitor.toml").write_text("[thresholds]\nrepeated_body_share = 0.9\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_THRESHOLDS__REPEATED_BODY_SHARE", "0.9")
    assert monitor.Monitor().score(RECORD).bad


def test_the_readmes_lines_run(tmp_path: Path) -> None:
    readme = (Path(__file__).parent.parent.parent / "README.md").read_text()
    code = re.findall(r"```python\n(.*?)```", readme, re.S)[0]
    assert len([line for line in code.splitlines() if line.strip()]) <= 6
    (tmp_path / "feed.jsonl").write_bytes(TWICE)
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True, timeout=60
    )
    assert "feed.jsonl" in result.stdout
    assert "39 % of the text" in result.stdout


def test_unknown_names_are_attribute_errors_and_the_known_are_listed() -> None:
    assert {"Monitor", "score", "score_files", "Article", "Verdict"} <= set(dir(monitor))
    with pytest.raises(AttributeError, match="no attribute 'scores'"):
        monitor.scores  # noqa: B018
