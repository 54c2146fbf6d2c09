"""Dates as feeds write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import resources

import pytest

from monitor.articles.dates import parse

MOMENT = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-03T04:05:06Z", "20260203T040506Z", "20260203T050506+0100", "Tue, 03 Feb 2026 04:05:06 GMT",
        "2026-02-03T05:05:06+01:00", "1770091506", 1770091506, 1770091506000, "Feb 2, 2026 11:05:06 PM EST",
    ],
)  # fmt: skip
def test_each_form_is_the_same_moment(text: object) -> None:
    assert parse(text) == MOMENT


@pytest.mark.parametrize(
    "text",
    ["03.02.2026 04:05:06", "03.02.26 04:05:06", "3.2.2026, 04:05:06", "03. 02. 2026 04:05:06", "2026.02.03 04:05:06"],
)
def test_between_dots_the_day_stands_first_unless_the_year_does(text: str) -> None:
    assert parse(text) == MOMENT


@pytest.mark.parametrize("text", ["", "yesterday", "10:30", None, True, [], "x" * 100])
def test_what_is_no_date_is_none(text: object) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "3. Februar 2026", "Dienstag, 3. Feber 2026", "mardi 3 février 2026", "3 févr. 2026", "3 FÉVRIER 2026",
        "mar. 3 feb. 2026",
        "3 de febrero de 2026", "Febrero 3, 2026", "3 de fevereiro de 2026", "martedì 3 febbraio 2026",
        "3 de febrer del 2026", "3 februari 2026", "3. helmikuuta 2026", "3 lutego 2026", "3. února 2026",
        "3 февраля 2026 г.", "3 лютого 2026", "3 Şubat 2026 Salı", "3 Φεβρουαρίου 2026", "2026. február 3.",
        "2026 m. vasario 3 d.", "2026. gada 3. februāris", "3. veljače 2026.", "3. фебруар 2026.", "3. februar 2026.",
        "3 Februari 2026", "3 tháng 2, 2026", "ngày 03 tháng 2 năm 2026", "٣ فبراير ٢٠٢٦",
        "3 בפברואר 2026", "3 फ़रवरी 2026",
        "2026年2月3日", "2026年02月03日(火)", "2026년 2월 3일",
    ],
)  # fmt: skip
def test_a_month_may_be_named_in_another_language_than_english(text: str) -> None:
    assert parse(text) == datetime(2026, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "3. März 2026, 16.05 Uhr", "3. März 2026 17:05 MEZ", "mardi 3 mars 2026 à 16h05", "3 mars 2026 16 h 05",
        "martes, 3 de marzo de 2026 - 16:05 h", "mar, 03 mar 2026 16:05:00 +0000", "wto, 03 marca 2026 17:05:00 +0100",
        "2026年3月3日 下午4:05", "2026年3月3日16时05分", "2026年3月3日 16時5分", "2026년 3월 3일 오후 4:05",
        "16:05, 3 марта 2026",
    ],
)  # fmt: skip
def test_the_time_beside_a_named_month_is_taken(text: str) -> None:
    assert parse(text) == datetime(2026, 3, 3, 16, 5, tzinfo=UTC)


def test_a_name_that_two_languages_have_for_two_months_needs_the_language() -> None:
    assert parse("3 listopada 2026") is None
    assert parse("3 listopada 2026", "PL") == datetime(2026, 11, 3, tzinfo=UTC)
    assert parse("3. listopada 2026.", "hr-HR") == datetime(2026, 10, 3, tzinfo=UTC)


@pytest.mark.parametrize("text", ["03/02/2026", "3/2/2026", "03-02-2026", "03/02/26", "03/02/2026 00:00"])
def test_between_strokes_the_language_tells_whether_the_day_stands_first(text: str) -> None:
    for day_first in ("fr", "de-AT", "en-GB", "pt-BR"):
        assert parse(text, day_first) == datetime(2026, 2, 3, tzinfo=UTC)
    for unknown in ("en", "en-US", None):
        assert parse(text, unknown) is None


@pytest.mark.parametrize("text", ["13/02/2026", "02/13/2026", "13-02-2026", "2026/02/13"])
def test_between_strokes_a_number_that_is_no_month_is_the_day(text: str) -> None:
    assert parse(text) == datetime(2026, 2, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["31 février 2026", "3 février", "février 2026", "2026年13月3日", "3 march 3 mars", "la une 2026"]
)
def test_what_names_a_month_and_no_day_of_it_is_none(text: str) -> None:
    assert parse(text) is None


def test_each_language_names_each_month() -> None:
    by_language = json.loads(resources.files("monitor.articles").joinpath("months.json").read_text())
    assert [language for language, names in by_language.items() if len(names) != 12 or not all(names)] == []
