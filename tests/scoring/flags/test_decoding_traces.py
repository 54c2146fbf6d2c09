"""Traces of a wrong decoding beside ftfy's, each kind on a broken text and on one that only looks like it."""

from __future__ import annotations

import random

import pytest

from monitor.scoring.flags.decoding_traces import (
    TRACES,
    _class_of,
    _matches_at_most,
    _pairs,
    _pairs_of_traces,
    alphabets,
    traces,
)
from monitor.scoring.text.text import code_points

PLAIN = "The old ferry left the harbour on Monday morning. "


def kinds(text: str, *languages: str) -> list[str]:
    return [found.what for found in traces(text, code_points(text), len(text.split()), languages)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("El a?o pasado pidi? m?s dinero a la regi?n", "letters lost to “?”"),
        ("? ????? ?????? ??? ??? ??? ????? ??? ????? ??", "words lost to “?”"),
        ("?It is cold,? he said. ?Very cold.?", "quotation marks lost to “?”"),
        ("T\0h\0e\0 ferry", "NUL characters"),
        ("the captain=E2=80=99s ferry=20left=20at=20noon", "quoted-printable codes"),
        ("La f%C3%AAte de l'%C3%A9t%C3%A9 d%C3%A9bute", "percent codes"),
        ("The%20ferry%20left%20the%20quay%20at%20noon", "blanks kept as percent codes"),
        ("The captain\\u2019s \\u201cferry\\u201d", "backslash escapes"),
        ("the captain<U+2019>s <U+201C>ferry", "code points in brackets"),
        ("The ferry left._x000D_\nIt sails.", "carriage returns of a spreadsheet"),
        ("Le bac a quittÈ le port aprËs la tempÍte", "capital letters with accents inside words"),
        ("Die F„hre f„hrt bei Sp„tverkehr", "signs inside words"),
        ("Die Fдhre fдhrt spдt im Mдrz", "words of two scripts"),
        ("уФБТЩК РБТПН. пЛПМП ДЧХИУПФ", "words with small and capital letters swapped"),
        ("涓存睙甯傛斂搴滐紝锛屾棫閾佽矾锛岄銆傛", "UTF-8 read as Chinese"),
    ],
)
def test_trace_of_a_wrong_decoding_is_found(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Who pays? who knows? and who cares?",
        "See https://quay.example/a?b=c&d=e?f=g and quay.example/p?page=2",
        "Read https://quay.example/caf%C3%A9/%C3%A9t%C3%A9/f%C3%AAte",
        "The path C:\\users\\new and the sum x=20, y=3D",
        "L'ÉTÉ À ÉVREUX, PRÈS DE L'ÎLE",
        "Компания «РусГидро» и ВТБ, СССР",
        "Besucher*innen und SchülerInnen zahlen 5€ für 300 m²",
        "════════════════",
    ],
)
def test_text_that_only_looks_like_it_is_let_be(text: str) -> None:
    assert kinds(text) == []


def test_letters_count_by_the_language_that_lacks_them() -> None:
    text = "Hetfõn lezárják az õsi vasúti hidat, mert a mérnökök repedést leltek benne, és idõbe telik. Az erõs szél."
    assert kinds(text, "hu") == ["letters that are foreign to the language"]
    assert kinds(text, "et") == []
    assert kinds("Az João és a São Paulo, Guimarães", "hu") == []


def test_rare_characters_alone_are_no_chinese() -> None:
    assert kinds(
        "還蔬庈淉葬笚媼哫票蚕衾馱最呇婓謗釱勢奻楷珋蹊瑜導沺繚蔚植狟笚珨勤垀衄陬謙睿俴佴堭掁皈兮賽棖笢灠佶齤癒擂軞" * 2
    )
    assert (
        kinds(
            "市政府周二宣布由于工程师在两座桥墩上发现裂缝旧铁路桥将从下周一起对所有车辆和行人关闭预计至少持续八个月" * 2
        )
        == []
    )


def test_each_kind_and_each_letter_stands_once() -> None:
    assert len({trace.what for trace in TRACES}) == len(TRACES)
    for letters in (*alphabets().foreign.values(), alphabets().common_han):
        assert len(letters) == len(set(letters))


def test_no_match_lacks_its_neighbours() -> None:
    """What the quick count passes over has too few matches: texts of every sign that a pattern names, at random."""
    # Each piece is what some pattern matches, or a character of one of its classes.
    pieces = [
        *"?a?é А а ё Б я Ω α ß É Š „ ª √ ─ █ ■ □ ▯ – — = % _ < > \\ \0 1 ² . 锛 銆 的 เ ธ ｱ ﾞ 𐐷".split(" "),
        *"a?o ???? =20 =C3=A9 %20 %C3%A9 \\u2019 <U+2019> _x000D_ เธเนเธ เธกเธกเธกเธก aЯ бГД √a –a– \n".split(" "),
        "tt? e",
        "%u00E9",
        "\\'e9",
        " ",
    ]
    draw = random.Random(7)
    matched: set[str] = set()
    for _ in range(3_000):
        text = "".join(draw.choices(draw.sample(pieces, 6), k=40))
        possible = _matches_at_most(_pairs(code_points(text), _class_of()).ravel(), _pairs_of_traces())
        for trace, most in zip(TRACES, possible.tolist(), strict=True):
            count = len(trace.pattern.findall(text))
            assert count <= most, (trace.what, text)
            matched.update([trace.what] if count else [])
    assert matched == {trace.what for trace in TRACES}
