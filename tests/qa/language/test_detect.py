from __future__ import annotations

import pytest

from qa.language.base import NEUTRAL
from qa.language.detect import language_of
from qa.language.en import ENGLISH
from qa.words import content


@pytest.mark.parametrize(
    "text",
    [
        "Who won?",
        "tessin tram cost",
        "Why did Los Alamos close?",
        "What did Der Spiegel report?",
        "2020?",
        "",
        "Ann Loy",
    ],
)
def test_a_question_is_english_unless_its_words_say_otherwise(text: str) -> None:
    assert language_of(text) is ENGLISH


@pytest.mark.parametrize(
    "text",
    [
        "Was ist in Berlin passiert?",
        "Pourquoi le pont est fermé ?",
        "Köprü neden yıkıldı?",
        "¿Quién ganó las elecciones?",
        "Почему закрыли мост?",
        "东码头为什么关闭？",
        "من هو الرئيس؟",
    ],
)
def test_other_scripts_and_other_small_words_are_told(text: str) -> None:
    assert language_of(text) is NEUTRAL


def test_no_word_of_another_language_is_taken_for_an_empty_english_one() -> None:
    assert [token.text for token in content("Was will die Reederei in Kiel?")] == [
        "Was",
        "will",
        "die",
        "Reederei",
        "in",
        "Kiel",
    ]
    assert [token.text for token in content("What will the ferry in Kiel cost?")] == ["ferry", "Kiel", "cost"]


def test_what_is_written_without_spaces_is_matched_by_pairs_of_letters() -> None:
    assert [token.text for token in content("东码头关闭")] == ["东码", "码头", "头关", "关闭"]
    assert {token.key for token in content("关闭码头")} & {token.key for token in content("东码头")} == {"码头"}
    assert [token.text for token in content("Gull码头")] == ["Gull", "码头"]
    assert all("码头，2年"[token.start : token.end] == token.text for token in content("码头，2年"))
