"""Where sentences break, one rule at a time."""

from __future__ import annotations

import pytest

from benchmarks.sentences import Cut, cuts, ours
from qa.ingest.sentences import goes_on, halves, sentence_spans, trimmed


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Smith met Dr. Jones and Sen. Warren.",
        "The U.S. Senate and the U.K. Parliament met.",
        "The U.S. has agreed.",
        "It opened on Sept. 11 and closed on Aug. 5.",
        "J. K. Rowling wrote to George W. Bush.",
        "No. 10 refused.",
        "Apple Inc. Chief Executive Tim Cook spoke.",
        "He moved to St. Louis.",
        "It begins at 8 p.m. ET on Friday.",
        "It began at 8 a.m. Monday.",
        "It began at 8 a.m. and ended at 9 p.m. on the dot.",
        "Smith vs. Jones was heard.",
        "Some weapons, e.g. Patriots, were named.",
        "Rep. Adam Schiff, D-Calif., spoke.",
        "Inflation reached 3.5 percent.",
        "It was … not so bad.",
        "“Why?” asked the minister.",
        "“Why?” Mr. Peskov asked.",
        "More:Sen. Graham objects.",
        "ST. LOUIS is in Missouri.",
        "Take U.S. 101 north to 300 E. 15th Street.",
        "Doors open at 6 p.m. | ESPN",
        "HARRISON, N.Y. (AP) reported.",
        "Das Fest am 3. Mai und das vom 30. September kosten 5 Mio. Euro.",
    ],
)
def test_a_full_stop_that_ends_no_sentence_breaks_none(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "He left. | She stayed.",
        "They live in the U.S. | The others do not.",
        "He works for Apple Inc. | It pays well.",
        "It closed at 5 p.m. | Police came later.",
        "He arrived in Sept. | Nobody knew.",
        "“It is over.” | The crowd left.",
        "He said “it is over.” | “Nobody” won.",
        "(It is over.) | The crowd left.",
        "Was it? | It was! | Really.",
        "It cost 5. | 30 people paid.",
        "That was plan B. | The others failed.",
        "Nobody knows… | But we shall see.",
        "First one thing ... | Then another.",
        "He bought shares. | iPhone sales grew.",
        "他来了。|她走了。",
        "他说：“我来了。”|然后走了！|真的吗？|是。",
        "「本当だ。」と彼は言った。|雨が降った。",
        "One line\n\n|another line",
        "Bring:\n|- bread\n|- wine",
        "in lower case only. | nobody cares.",
    ],
)
def test_a_sentence_that_ends_is_cut(text: str) -> None:
    parts = text.split("|")
    assert cut("".join(parts)) == [part.strip() for part in parts]


def test_a_list_number_stays_with_its_item() -> None:
    assert cut("1. Wash. Then dry.") == ["1. Wash.", "Then dry."]


def test_a_stray_mark_is_no_sentence_of_its_own() -> None:
    assert cut("* Hello there. ** Bye. *") == ["* Hello there.", "** Bye. *"]


def test_a_text_of_marks_alone_is_one_span() -> None:
    assert cut("* * *") == ["* * *"]


def test_spans_are_offsets_into_the_whole_text() -> None:
    assert sentence_spans("xx One. Two. yy", 2, 12) == [(3, 7), (8, 12)]


def test_white_space_alone_has_no_span() -> None:
    assert sentence_spans(" \n ", 0, 3) == []


def test_trimming_leaves_an_empty_span_of_white_space() -> None:
    assert trimmed(" \t ", 0, 3) == (0, 0)


def test_nothing_before_a_break_goes_on() -> None:
    assert goes_on("", "Word")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("aa bb cc; dd ee ff", ["aa bb cc;", "dd ee ff"]),
        ("aa bb cc dd", ["aa bb", "cc dd"]),
        ("abcdef", ["abc", "def"]),
        ("ab", ["a", "b"]),
        ("a—", ["a", "—"]),
        ("aae\u0301bb", ["aae\u0301", "bb"]),
        ("aa👩\u200d👩bb", ["aa👩\u200d👩", "bb"]),
    ],
)
def test_halves_prefer_clauses_then_words_then_characters(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in halves(text, 0, len(text))] == parts


HARD = {"Prof. Dr. Ayşe Kurt ve Av. Can Uz geldi. Toplantı 3. Katta yapıldı."}  # an ordinal before a name


@pytest.mark.parametrize("one", [one for one in cuts() if one.text not in HARD], ids=lambda one: one.text[:30])
def test_each_language_has_its_own_abbreviations_and_marks(one: Cut) -> None:
    assert tuple(ours(one.language, one.text)) == one.sentences


def test_abbreviations_of_one_language_are_words_of_another() -> None:
    assert ours("de", "Er kam zu Abs. 2 zurück.") == ["Er kam zu Abs. 2 zurück."]
    assert ours("en", "He trained his abs. 2 hours passed.") == ["He trained his abs.", "2 hours passed."]


def test_what_a_number_stands_before_may_end_a_sentence() -> None:
    assert ours("ru", "Он родился в г. Туле.") == ["Он родился в г. Туле."]
    assert ours("ru", "Он родился в 1848 г. Туле тогда горела.") == ["Он родился в 1848 г.", "Туле тогда горела."]


def test_long_thai_is_cut_at_its_spaces_and_short_thai_is_not() -> None:
    phrase = "สภาเมืองยังไม่ได้บอกว่าจะทำอย่างไรกับเรือข้ามฟากเก่าที่จอดอยู่ที่ท่าเรือ"
    assert ours("th", f"{phrase} {phrase} ใช่") == [phrase, f"{phrase} ใช่"]
    assert ours("th", "ใช่ ไม่ใช่ อาจจะ") == ["ใช่ ไม่ใช่ อาจจะ"]
