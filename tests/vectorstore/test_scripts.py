from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.filters import apart, pairs, phrase, worded


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


def test_text_in_other_scripts_is_sought_as_it_is() -> None:
    assert [phrase(words) for words in ('say "no"', "été", "茶", "喝茶", "S 茶 ")] == [
        '"say ""no"""',
        '"été"',
        '" 茶 " *',
        '" 喝茶 "',
        '"S  茶  " *',
    ]
