"""The language of an article: told by its text, stated by its source, or nobody's to tell."""

from __future__ import annotations

import subprocess
import sys

import pytest

from qa.ingest.language import languages, parts, settle

ENGLISH = "The council has not said what it will do with the old ferry, which lies where it was left last spring. "
GERMAN = "Die Fähre liegt seit dem Frühjahr am Kai, und niemand weiß, was der Stadtrat mit ihr vorhat. "
WRITTEN = {
    "de": GERMAN,
    "fr": "Le conseil municipal n'a pas encore dit ce qu'il compte faire du vieux bac amarré au quai depuis mars.",
    "es": "El ayuntamiento todavía no ha dicho qué hará con el viejo transbordador amarrado desde la primavera.",
    "pl": "Rada miasta nie powiedziała jeszcze, co zrobi ze starym promem, który od wiosny stoi przy nabrzeżu.",
    "ru": "Городской совет ещё не сказал, что будет делать со старым паромом, который стоит у причала с весны.",
    "tr": "Belediye meclisi, ilkbahardan beri rıhtımda duran eski feribotla ne yapacağını henüz söylemedi.",
    "zh": "市议会还没有说明将如何处理那艘从春天起就停在码头的旧渡轮。居民们希望把它改成图书馆。",
    "ja": "市議会は、春から岸壁に係留されている古い渡し船をどうするか、まだ明らかにしていない。",
    "ko": "시의회는 봄부터 부두에 묶여 있는 낡은 나룻배를 어떻게 할지 아직 밝히지 않았다.",
    "th": "สภาเมืองยังไม่ได้บอกว่าจะทำอย่างไรกับเรือข้ามฟากเก่าที่จอดอยู่ที่ท่าเรือตั้งแต่ฤดูใบไม้ผลิ",
    "ar": "لم يقل مجلس المدينة بعد ماذا سيفعل بالعبارة القديمة الراسية على الرصيف منذ الربيع الماضي.",
    "hi": "नगर परिषद ने अभी तक नहीं बताया है कि वसंत से घाट पर खड़ी पुरानी नाव का क्या किया जाएगा।",
    "en": ENGLISH,
}


@pytest.mark.parametrize("language", WRITTEN)
def test_a_text_tells_its_language_whatever_its_template_states(language: str) -> None:
    assert settle("", WRITTEN[language]) == (language, False)
    assert settle("en-GB", WRITTEN[language]) == (language, language == "en")


@pytest.mark.parametrize("text", ["", "42", "OK", "Oslo", "10.5 km", "Berlin London Paris"])
def test_a_text_that_cannot_tell_has_the_language_that_is_stated_or_none(text: str) -> None:
    assert settle("", text) == ("", False)
    assert settle("de_AT", text) == ("de", True)


@pytest.mark.parametrize("stated", ["German", "Deutsch, English", "xx", "-"])
def test_what_is_no_language_states_none(stated: str) -> None:
    assert settle(stated, "Oslo") == ("", False)
    assert settle(stated, GERMAN) == ("de", False)


def test_a_mixed_text_has_no_language_even_if_one_is_stated() -> None:
    assert settle("en", GERMAN * 4 + ENGLISH * 4) == ("", False)
    assert set(languages(GERMAN * 4 + ENGLISH * 4)) == {"de", "en"}


def test_a_quotation_in_another_language_does_not_make_a_text_mixed() -> None:
    assert settle("", ENGLISH * 4 + GERMAN * 2 + ENGLISH * 10) == ("en", False)


@pytest.mark.parametrize("stated", ["nb", "nn", "no"])
def test_the_name_that_a_source_gives_a_near_relation_stands(stated: str) -> None:
    text = "Bystyret har ennå ikke sagt hva det vil gjøre med den gamle fergen som har ligget ved kaien siden i vår."
    assert settle(stated, text) == (stated, True)


def test_parts_are_spread_over_a_text_and_end_where_it_does() -> None:
    assert parts("") == [""]
    assert parts("short") == ["short"]
    assert [len(part) for part in parts("x" * 10_000)] == [800] * 4
    assert "".join(parts("y" * 1_000)) == "y" * 1_000


def test_plain_english_loads_no_model() -> None:
    code = (
        "import sys; from qa.ingest.language import settle; print(settle('', sys.argv[1]), 'py3langid' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code, ENGLISH * 3], capture_output=True, text=True, check=True)
    assert ran.stdout == "('en', False) False\n"
