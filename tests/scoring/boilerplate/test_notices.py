"""Notices by what they are about, and ``notices.json``."""

from __future__ import annotations

import pytest

from monitor.scoring.boilerplate.notices import may_be_notice


@pytest.mark.parametrize(
    "paragraph",
    [
        "The text of this article may be freely republished provided that the source is credited.",
        "Transparenzhinweis: Dieser Text entstand mit Hilfe einer KI und wurde von einem Menschen geprüft.",
        "Contenu sponsorisé : la rédaction n'a pas participé à la réalisation de cet article.",
        "Этот текст создан автоматически и не проверялся редакцией.",
        "本文系转载，著作权归原作者所有，如涉版权问题请及时联系我们。",
        "이 기사는 자동으로 생성되었으며 편집을 거치지 않았습니다.",
    ],
)
def test_paragraph_about_the_text_that_says_what_notices_say_is_one(paragraph: str) -> None:
    assert may_be_notice(paragraph)


@pytest.mark.parametrize(
    "paragraph",
    [
        "The story that she told the court was translated from the Danish by her sister's husband. " * 5,
        "The captain said that he would not be liable for the damage to the quay.",
        "Dieser Text hängt seit 1911 an der Tür des Hafenamts.",
        "",
    ],
)
def test_one_of_the_two_alone_or_a_long_paragraph_is_none(paragraph: str) -> None:
    assert not may_be_notice(paragraph)
