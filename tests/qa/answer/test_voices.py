"""Several articles on one question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answer.spots import Spot
from qa.answer.voices import alike, at_odds, echo, newest_first
from tests.qa.answer.build import asked, spot

HOW_MANY = asked("How many buses did the snow stop?")
TWELVE = "The snow stopped 12 buses."


def dated(text: str, published: str | None, article: str = "a") -> Spot:
    made = spot(text, article=article)
    return replace(made, hit=replace(made.hit, article=replace(made.hit.article, published=published)))


def at(url: str, made: Spot) -> Spot:
    return replace(made, hit=replace(made.hit, article=replace(made.hit.article, url=url)))


def test_sentences_that_share_most_words_say_the_same() -> None:
    assert alike(spot(TWELVE), spot("In Bergen the snow stopped 12 buses."))
    assert not alike(spot(TWELVE), spot("Dogs barked."))


def test_an_echo_is_of_another_article_and_says_the_same_as_the_first() -> None:
    first, other = spot(TWELVE), spot("The snow has stopped 12 buses.", article="b")
    assert echo([first], [first, spot(TWELVE, at=90), other]) == other
    assert echo([first], [first, spot("Dogs barked.", article="b")]) is None
    assert echo([first, other], [first, other]) is None
    assert echo([], [first]) is None


def test_a_page_at_another_address_is_no_second_voice() -> None:
    first, other = at("https://x.example/a", spot(TWELVE)), spot("The snow has stopped 12 buses.", article="b")
    assert echo([first], [first, at("https://www.x.example/a/", other)]) is None
    assert echo([first], [first, at("https://x.example/b", other)]) is not None


def test_the_same_words_are_copied_and_no_second_voice() -> None:
    assert echo([spot(TWELVE)], [spot("the snow stopped 12 buses", article="b")]) is None


@pytest.mark.parametrize(
    ("question", "one", "other", "expected"),
    [
        ("How many buses did the snow stop?", TWELVE, "The snow stopped 15 buses.", True),
        ("How many buses did the snow stop?", TWELVE, "Snow stopped all of 12 buses.", False),
        ("How many buses did the snow stop?", TWELVE, "The snow stopped buses.", False),
        ("How many buses did the snow stop?", TWELVE, "Twenty dogs barked.", False),
        ("When did snow fall?", "Snow fell on Monday.", "Snow fell on Friday.", True),
        ("How much did the vase cost?", "The vase cost $5.", "The vase cost $7.", True),
        ("How much did the vase cost?", "The vase cost 5 million euros.", "The vase cost 7 million euros.", True),
        ("How much did the vase cost?", "The vase cost $5m.", "The vase cost 5 million dollars.", False),
        ("How many buses did the snow stop?", "The snow stopped 2 million buses.", "The snow stopped 3 million.", True),
        ("How many buses did the snow stop?", TWELVE, "The snow stopped twelve buses.", False),
        ("When did snow fall?", "Snow fell on 3 May.", "Snow fell on 5 May.", True),
        ("When did snow fall?", "Snow fell in May.", "Snow fell on 5 May.", False),
        ("Who stopped the buses?", TWELVE, "The snow stopped 15 buses.", False),
    ],
)
def test_articles_are_at_odds_where_the_same_has_other_figures(
    question: str, one: str, other: str, expected: bool
) -> None:
    assert at_odds(asked(question), spot(one), spot(other, article="b")) is expected


def test_an_article_is_not_at_odds_with_itself() -> None:
    assert not at_odds(HOW_MANY, spot(TWELVE), spot("The snow stopped 15 buses.", at=90))


def test_the_newest_of_those_at_odds_comes_first_and_the_others_keep_their_order() -> None:
    old, other = dated(TWELVE, "2019-01-02"), dated("Dogs barked.", "2022", "c")
    new, newest = dated("The snow stopped 15 buses.", "2020", "b"), dated("The snow stopped 16 buses.", "2021-05", "d")
    assert newest_first(HOW_MANY, [old, other, new, newest]) == [newest, old, other, new]
    assert newest_first(HOW_MANY, [new, old]) == [new, old]
    assert newest_first(HOW_MANY, []) == []


def test_without_a_date_nothing_is_newer() -> None:
    undated, new = dated(TWELVE, None), dated("The snow stopped 15 buses.", "2020", "b")
    assert newest_first(HOW_MANY, [undated, new]) == [undated, new]
