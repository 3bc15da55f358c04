from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vectorstore.build import filled, record
from vectorstore.filters import apart, pairs, phrase, worded
from vectorstore.folder import opened
from vectorstore.fulltext import anyof


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rain fell.", "Rain fell."),
        ("Œuvre, été, улица", "Œuvre, été, улица"),
        ("饮用水源", " 饮用 用水 水源 源 "),
        ("于2004年，S-400。", " 于 2004 年 ，S-400。"),
        ("東京タワー", " 東京 京タ タワ ワー ー "),
        ("부두를", " 부두 두를 를 "),
    ],
)
def test_runs_of_a_script_without_spaces_become_pairs_and_other_text_stays(text: str, expected: str) -> None:
    assert worded(text) == expected


def test_a_figure_among_characters_stands_apart() -> None:
    assert apart("于2004年下雨") == " 于 2004 年下雨 "


def test_one_character_is_its_own_word() -> None:
    assert pairs("雨") == ["雨"]


@given(st.text(max_size=60))
def test_no_character_but_spaces_is_lost_or_added_by_setting_runs_apart(text: str) -> None:
    assert apart(text).replace(" ", "") == text.replace(" ", "")


def test_chinese_is_found_by_the_words_within_it(tmp_path: Path) -> None:
    folder = filled(
        tmp_path / "store", record("/tea.txt", "茶园下方就是全镇的饮用水源。"), record("/ship.txt", "船舱里有瓷碗。")
    )
    ledger = opened(folder)
    try:
        assert ledger.document_frequency(["水源", "瓷碗", "水碗"]) == {"水源": 1, "瓷碗": 1, "水碗": 0}
        (found,) = ledger.lexical(anyof(["饮用", "用水"]), 5)
        assert len(ledger.containing("饮用水源")) == 1
        assert not ledger.containing("水源饮用")
        assert found[1] > 0
    finally:
        ledger.close()


FOUND = [
    ("他每天喝茶。", "茶", True),
    ("茶园在山上。", "茶", True),
    ("咖啡馆在山上。", "茶", False),
    ("항구는 부두를 닫았다.", "부두", True),
    ("항구는 부두를 닫았다.", "배", False),
    ("그는 배가 고팠다.", "배", True),
    ("เรือจอดอยู่ที่ท่าเรือ", "ท่าเรือ", True),
    ("เรือจอดอยู่ที่นี่", "ท่าเรือ", False),
    ("ทีม", "ทาม", False),
    ("港は夜、船で埋まった。", "夜", True),
    ("ລາວຢູ່ທີ່ນີ້", "ທີ່", True),
]


@pytest.mark.parametrize(("text", "words", "found"), FOUND)
def test_words_of_any_length_are_found_in_passages_and_articles(
    tmp_path: Path, text: str, words: str, found: bool
) -> None:
    ledger = opened(filled(tmp_path / "store", record("/a", text, title="x")))
    try:
        assert len(ledger.lexical(anyof([words]), 5)) == len(ledger.ranked_articles([words], 5)) == found
        assert ledger.document_frequency([words]) == {words: found}
        assert len(ledger.containing(words)) == found
    finally:
        ledger.close()


def test_text_in_other_scripts_is_sought_as_it_is() -> None:
    assert [phrase(words) for words in ('say "no"', "été", "茶", "喝茶", "S 茶 ")] == [
        '"say ""no"""',
        '"été"',
        '" 茶 " *',
        '" 喝茶 "',
        '"S  茶  " *',
    ]


def test_a_changed_article_loses_its_old_words(tmp_path: Path) -> None:
    folder = filled(tmp_path / "store", record("/a", "船舱里有瓷碗。"))
    filled(folder, record("/a", "山上种茶。"))
    ledger = opened(folder)
    try:
        assert [len(ledger.ranked_articles([words], 5)) for words in ("瓷碗", "种茶")] == [0, 1]
    finally:
        ledger.close()
