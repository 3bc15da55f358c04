"""Which readings are quoted."""

from __future__ import annotations

import pytest

from qa.answer.extractive import FURTHER, MOST, SECOND, alike, choose
from tests.qa.answer.build import reading

WORDS = "snow rain hail sleet frost thaw storm gale".split()


def chosen(*scores: float) -> list[str]:
    made = [
        reading(f"Then {word}{word} {word}ed.", score, at=n * 100)
        for n, (word, score) in enumerate(zip(WORDS, scores, strict=False))
    ]
    return [one.text.split()[2].removesuffix("ed.") for one in choose(made)]


def test_the_likeliest_is_quoted_alone_where_the_others_are_far_behind() -> None:
    assert chosen(5.0, 5.0 - SECOND - 0.1) == ["snow"]


def test_a_second_sentence_may_be_less_likely_and_further_ones_hardly() -> None:
    assert chosen(5.0, 5.0 - SECOND, 5.0 - SECOND) == ["snow", "rain"]
    assert chosen(5.0, 5.0 - FURTHER, 5.0 - FURTHER, 0.0) == ["snow", "rain", "hail"]


def test_an_answer_has_no_end_of_sentences() -> None:
    assert len(chosen(*[1.0] * 8)) == MOST


def test_what_another_sentence_says_is_not_said_again() -> None:
    one, other = reading("Snow fell in Oslo on Friday."), reading("On Friday, snow fell in Oslo.", article="b")
    assert alike(one, other)
    assert choose([one, other]) == [one]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The storm hit Sorrel Point on 3 May.", "The storm hit Sorrel Point on 9 June."),
        ("Ines Valderra is mayor of Aveline.", "Bruno Castell is mayor of Aveline."),
        ("The bridge has eleven arches.", "The bridge has fourteen arches."),
        ("The council voted for the bridge.", "The council did not vote for the bridge."),
    ],
)
def test_what_two_articles_contradict_each_other_in_is_shown_of_both(one: str, other: str) -> None:
    both = [reading(one), reading(other, article="b")]
    assert choose(both) == both


@pytest.mark.parametrize(
    "text", ["Did snow fall in Oslo?", "“Will it snow in Oslo?”", "奥斯陆下雪了吗？真的会下吗？？", "Snow."]
)
def test_a_question_and_a_scrap_are_no_answer(text: str) -> None:
    assert choose([reading(text, 9.0), reading("Snow fell in Oslo.", article="b")])[0].text == "Snow fell in Oslo."


def test_nothing_read_is_nothing_chosen() -> None:
    assert choose([]) == []
