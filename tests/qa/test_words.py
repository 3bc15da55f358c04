"""What two texts must share to speak of the same thing."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.words import STOPWORDS, content, country_keys, keys, names, stem, tokens, ways


def key(text: str) -> str:
    (only,) = keys(text)
    return only


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Is Li Shangfu the minister?", ["Li Shangfu"]),
        ("However, Vladimir Putin said so.", ["Vladimir Putin"]),
        ("John F. Kennedy spoke.", ["John F. Kennedy"]),
        ("Who runs the Bank of England?", ["Bank of England"]),
        ("Who is Ursula von der Leyen?", ["Ursula von der Leyen"]),
        ("O’Neill met Jean-Luc Godard.", ["O’Neill", "Jean-Luc Godard"]),
        ("The S-400 and the F-35 were sold.", ["S-400", "F-35"]),
        ("What did the US and the UN say?", ["US", "UN"]),
        ("Émile Zola wrote; Ćosić did not.", ["Émile Zola", "Ćosić"]),
        ("E\u0301mile Zola wrote; C\u0301osic\u0301 did not.", ["E\u0301mile Zola", "C\u0301osic\u0301"]),
        ("Where is King Salman’s palace?", ["King Salman’s"]),
        ("On Monday the Russian army left the City of the Dead.", ["Monday", "Russian", "City of the Dead"]),
        ("What is new?", []),
        ("It rained. The next day it snowed.", []),
        ("who is li shangfu", []),
    ],
)
def test_names_are_runs_of_capitals_without_the_word_that_opens_a_sentence(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_the_names_of_a_long_text_are_found_in_linear_time() -> None:
    assert len(names("The ferry left. Anna Berg met “Olaf Lund” in Oslo. " * 40_000)) == 120_000


def test_a_letter_and_the_accent_behind_it_are_the_letter_with_the_accent() -> None:
    apart = "L’e\u0301cole a e\u0301te\u0301 ferme\u0301e"
    assert [token.text for token in tokens(apart)] == apart.split()
    assert keys(apart) == keys("L’école a été fermée")


@pytest.mark.parametrize("text", ["Bank of the", "Bank Of", "Rome The"])
def test_a_name_does_not_end_in_a_link(text: str) -> None:
    assert names(text) == [text.split(maxsplit=1)[0]]


@pytest.mark.parametrize(
    "ways",
    [
        "Turkey|Turkish|Turks|Ankara",
        "United States|US|U.S.|American|Americans|Washington",
        "United Kingdom|UK|British|Britain|London",
        "Saudi Arabia|Saudi|Saudis|Riyadh",
        "China|Chinese|Beijing",
        "South Korea|South Korean|Seoul",
    ],
)
def test_a_country_its_people_and_its_capital_have_one_key(ways: str) -> None:
    assert len({key(way) for way in ways.split("|")}) == 1


def test_the_longest_country_name_wins() -> None:
    assert key("North Korea") != key("South Korea")
    assert country_keys("North Korea met South Sudan.") == {"@north korea", "@south sudan"}


def test_countries_are_told_by_their_capital_letter_and_as_whole_words() -> None:
    assert country_keys("give us turkey, chile and china plates") == frozenset()
    assert country_keys("Indiana, Malines and Iranxe") == frozenset()
    assert country_keys("US-led, non-US, Russian-made") == {"@united states", "@russia"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("won", "winner"),
        ("bought", "buying"),
        ("died", "death"),
        ("sales", "sold"),
        ("organisations", "organization"),
        ("colour", "colors"),
        ("centre", "centers"),
        ("defence", "defense"),
        ("women", "woman"),
        ("minister’s", "ministers"),
        ("rights’", "right's"),
        ("1,000", "1000"),
        ("1990s", "1990"),
        ("2017’s", "2017"),
        ("Element", "elements"),
    ],
)
def test_forms_and_spellings_of_one_word_share_a_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), [("2017", "2018"), ("S-400", "S-500"), ("3.5", "35"), ("policy", "police")])
def test_different_things_have_different_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_a_hyphen_parts_words_but_not_designations() -> None:
    assert [
        t.text for t in tokens("a four-day trip, S-400 and COVID-19")
    ] == "a four day trip S-400 and COVID-19".split()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("402-kilometer", ["402", "kilometer"]),
        ("1,000-mile", ["1,000", "mile"]),
        ("a 3.5-million-dollar deal", ["a", "3.5", "million", "dollar", "deal"]),
        ("24-year-old", ["24", "year", "old"]),
        ("2017-18", ["2017-18"]),
        ("F-35A", ["F-35A"]),
    ],
)
def test_a_number_is_parted_from_its_unit(text: str, words: list[str]) -> None:
    assert [t.text for t in tokens(text)] == words


def test_a_possessive_is_part_of_its_word() -> None:
    assert [(t.text, t.key) for t in tokens("Salman's trip")] == [("Salman's", "salman"), ("trip", "trip")]


def test_content_leaves_out_stop_words_and_repetitions() -> None:
    assert [t.text for t in content("What did the ministers say to the minister of trade?")] == ["ministers", "trade"]
    assert [t.text for t in content("Did the US tell us?")] == ["US"]


def test_a_token_knows_names_and_numbers() -> None:
    oslo, in_, s400, iphone = tokens("Oslo in S-400 iPhone15")
    assert (oslo.capital, oslo.numeric) == (True, False)
    assert (in_.capital, in_.numeric) == (False, False)
    assert (s400.capital, s400.numeric) == (True, True)
    assert (iphone.capital, iphone.numeric) == (True, True)


@pytest.mark.parametrize("word", sorted(STOPWORDS)[::17])
def test_stop_words_carry_nothing(word: str) -> None:
    assert content(word) == []


@given(st.text(max_size=200))
def test_every_token_stands_where_it_says(text: str) -> None:
    found = tokens(text)
    assert [text[t.start : t.end] for t in found] == [t.text for t in found]
    assert all(a.end <= b.start or len(a.text) == 2 for a, b in pairwise(found))  # pairs of Chinese letters overlap
    assert all(t.key for t in found)
    assert all(name in " ".join(text.split()) for name in names(text))


@pytest.mark.parametrize(
    "text",
    ["Wer ist der Präsident von Frankreich?", "Où habite Élise Lucet ?", "谁是中国国防部长？", "من هو الرئيس؟", "🙂"],
)
def test_other_languages_and_scripts_are_read_without_failing(text: str) -> None:
    names(text)
    assert keys(text) == frozenset(t.key for t in tokens(text))


def test_an_irregular_form_is_levelled_before_stemming() -> None:
    assert stem("bought") == stem("buys") == "buy"


def test_a_country_may_be_written_in_other_ways_and_a_word_only_as_it_is() -> None:
    ankara, fell = tokens("Ankara fell")
    assert ways(fell) == ("fell",)
    assert ways(ankara)[0] == "Ankara"
    assert {"Turkey", "Turkish", "Turks"} <= set(ways(ankara))


@pytest.fixture
def restless() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_stems_are_the_same_in_several_threads() -> None:
    words = [f"generaliz{''.join(letters)}ations" for letters in product("bcdfg", repeat=4)]
    right, found = list(map(stem.__wrapped__, words)), []
    threads = [
        threading.Thread(
            target=lambda: found.append(list(map(stem.__wrapped__, words)))
        )  # what it remembers is left out
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [right] * 4


def test_a_script_without_spaces_is_told_by_pairs_of_characters_where_they_stand() -> None:
    text = "在2004年，S-400降雨。"
    assert [token.text for token in tokens(text)] == ["在", "2004", "年", "S-400", "降雨"]
    assert all(text[token.start : token.end] == token.text for token in tokens(text))
