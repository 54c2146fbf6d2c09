"""Languages: the large one is named, by py3langid's model, and codes are compared by what they name."""

from __future__ import annotations

from functools import cache

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from monitor.scoring.language import Detector, is_same_language

SAMPLES = {
    "en": "The old ferry left the harbour on Monday morning for the first time since the storm of last November.",
    "de": "Die alte Fähre hat am Montagmorgen zum ersten Mal seit dem Sturm im November den Hafen verlassen.",
    "zh": "周一早晨，老渡轮自去年十一月的风暴以来首次驶离港口，约两百人站在码头上欢呼。",
    "ja": "古い渡し船が月曜の朝、昨年十一月の嵐の後で初めて港を出た。岸壁にはおよそ二百人が集まった。",
    "ar": "غادرت العبارة القديمة الميناء صباح الاثنين للمرة الأولى منذ عاصفة نوفمبر الماضي وسط هتاف مئتي شخص.",
    "th": "เรือข้ามฟากลำเก่าออกจากท่าเรือเมื่อเช้าวันจันทร์เป็นครั้งแรกนับตั้งแต่พายุเมื่อเดือนพฤศจิกายนปีที่แล้ว",
}


@cache
def detector() -> Detector:
    return Detector.load()


@pytest.mark.parametrize("code", SAMPLES)
def test_language_is_detected(code: str) -> None:
    detection = detector().detect([SAMPLES[code]])
    assert detection is not None
    assert detection.code == code
    assert 0.5 < detection.probability <= 1


@pytest.mark.parametrize(
    "text",
    [
        "节目单：08:00 早间新闻 CCTV-1，09:30 电视剧《老渡轮》第12集，11:00 NBA 常规赛，12:00 午间新闻。",
        "今朝落雨，阿拉上海人侪勿出门，渡轮也停了，码头浪一个人也呒没，侪勒屋里看电视。",
    ],
)
def test_chinese_text_is_no_small_dialect(text: str) -> None:
    detection = detector().detect([text])
    assert detection is not None
    assert detection.code == "zh"


@pytest.mark.parametrize("text", SAMPLES.values())
def test_scores_are_those_of_the_library(text: str) -> None:
    library = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    library.set_languages(set(detector().codes))
    code, probability = library.classify(text + " ")
    detection = detector().detect([text])
    assert detection is not None
    assert detection.code == code
    assert detection.probability == pytest.approx(probability, abs=1e-3)


@pytest.mark.parametrize("text", ["", "12 34 56", "word", "\ud800" * 30])
def test_too_little_text_has_no_language(text: str) -> None:
    assert detector().detect([text]) is None


@pytest.mark.parametrize(("code", "other"), [("iw", "he"), ("zsm", "ms"), ("prs", "fa"), ("hak", "zh"), ("spa", "es")])
def test_codes_of_one_language_are_the_same(code: str, other: str) -> None:
    assert is_same_language(code, other)
    assert is_same_language(other, code)


def test_codes_of_others_are_not() -> None:
    assert not is_same_language("cy", "en")
    assert not is_same_language("qq", "en")
    assert not is_same_language("??", "en")
