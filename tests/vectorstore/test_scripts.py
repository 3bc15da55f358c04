from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vectorstore.build import filled, record
from vectorstore.filters import apart, pairs, worded
from vectorstore.ledger import Ledger


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rain fell.", "Rain fell."),
        ("Œuvre, été, улица, 서울", "Œuvre, été, улица, 서울"),
        ("饮用水源", " 饮用 用水 水源 "),
        ("于2004年，S-400。", " 于 2004 年 ，S-400。"),
        ("東京タワー", " 東京 京タ タワ ワー "),
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
    ledger = Ledger.open(folder)
    try:
        assert ledger.document_frequency(["水源", "瓷碗", "水碗"]) == {"水源": 1, "瓷碗": 1, "水碗": 0}
        (found,) = ledger.lexical('"饮用" OR "用水"', 5)
        assert len(ledger.containing("饮用水源")) == 1
        assert not ledger.containing("水源饮用")
        assert found[1] > 0
    finally:
        ledger.close()
