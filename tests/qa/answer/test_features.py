"""What speaks for a sentence, as numbers."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.features import NAMES, Asked, Candidate, Term, counts, features, offered_by, share
from qa.kinds import Want
from qa.words import keys
from tests.qa.answer.build import asked
from vectorstore.articles import Kind


def row(question: str, text: str, before: str = "", **known: Any) -> dict[str, float]:
    facts: dict[str, Any] = {"rank": 0, "kind": Kind.PARAGRAPH, "similarity": 0.5, "led": 0.6, "nearest": 0.7}
    candidate = Candidate(text, keys(text), keys(before), **(facts | known))
    return dict(zip(NAMES, features(asked(question), candidate), strict=True))


def groups(question: str) -> list[tuple[set[str], bool]]:
    return [(set(term.keys), term.name) for term in asked(question).terms]


def test_a_name_is_one_term_and_a_plain_word_another() -> None:
    assert groups("What did Li Shangfu sign in Moscow?") == [
        ({"li", "shangfu"}, True),
        ({"@russia"}, True),
        ({"sign"}, False),
    ]


def test_countries_and_numbers_are_names_also_inside_of_plain_text() -> None:
    assert groups("did 300 turks sign? Turks") == [
        ({"@turkey"}, True),
        ({"300"}, True),
        ({"turk"}, False),
        ({"sign"}, False),
    ]


def test_a_name_that_is_said_twice_is_one_term() -> None:
    assert groups("Did Bergen ask Bergen?") == [({"bergen"}, True), ({"ask"}, False)]


def test_a_question_of_stop_words_has_no_terms() -> None:
    assert asked("Who was it?").terms == ()
    assert asked("Who was it?").want is Want.PERSON


def test_a_term_weighs_as_its_most_common_part() -> None:
    question = asked("What did Li Shangfu sign?", Li=0.2, Shangfu=0.9, sign=0.4)
    assert [(term.name, term.weight) for term in question.terms] == [(True, 0.2), (False, 0.4)]


def test_a_word_whose_rarity_is_unknown_is_in_no_passage() -> None:
    assert [term.weight for term in Asked("snow?", {}).terms] == [1.0]


@pytest.mark.parametrize(("text", "there"), [("Li signed.", True), ("Shangfu signed.", True), ("He signed.", False)])
def test_any_part_of_a_name_speaks_of_it(text: str, there: bool) -> None:
    assert Term(frozenset({"li", "shangfu"}), 1.0, True).within(keys(text)) is there


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Why did Norway refuse to sell ships?", "refus"),
        ("Why Oslo?", None),
        ("When did Norway refuse?", None),
        ("Why did Norway?", None),
    ],
)
def test_what_a_why_takes_for_granted_is_told(question: str, expected: str | None) -> None:
    assert asked(question).deed == expected


def test_share_is_by_weight() -> None:
    terms = [Term(frozenset({"snow"}), 0.9, False), Term(frozenset({"bergen"}), 0.1, True)]
    assert share(terms, keys("Snow fell.")) == pytest.approx(0.9)
    assert share(terms, keys("Bergen slept.")) == pytest.approx(0.1)
    assert share(terms, frozenset()) == 0.0


def test_no_terms_are_fully_covered() -> None:
    assert share([], frozenset()) == 1.0


def test_a_sentence_that_says_what_is_asked_covers_it() -> None:
    assert row("What did Norway sell?", "Norway sold ships.")["coverage"] == 1.0
    assert row("What did Norway sell?", "It rained.")["coverage"] == 0.0


def test_what_leads_up_to_a_sentence_counts_as_around_it() -> None:
    led = row("What did Norway sell?", "Ships were sold.", before="Norway needed money.")
    alone = row("What did Norway sell?", "Ships were sold.")
    assert led["coverage"] == alone["coverage"] == alone["coverage_around"] < led["coverage_around"] == 1.0


def test_only_kinds_with_a_shape_are_offered_or_lacking() -> None:
    dated = row("When did snow fall?", "Snow fell on Tuesday.")
    undated = row("When did snow fall?", "Snow fell.")
    shapeless = row("Did snow fall?", "Snow fell.")
    assert [(r["offers"], r["lacks"]) for r in (dated, undated, shapeless)] == [(1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]


def test_a_figure_that_lacks_weighs_by_itself_a_person_that_lacks_does_not() -> None:
    assert row("How many buses stopped?", "Buses stopped.")["lacks_figure"] == 1.0
    assert row("How many buses stopped?", "Twelve buses stopped.")["lacks_figure"] == 0.0
    person = row("Who stopped the buses?", "Buses stopped.")
    assert (person["lacks"], person["lacks_figure"]) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Who said that snow would fall?", "Anna Berg said that snow would fall.", True),
        ("Who said that snow would fall?", "Anna Berg saw the snow fall.", False),
        ("Who was warned about snow?", "Anna Berg saw the snow fall.", True),
        ("Who warned the mayor of snow?", "The mayor was warned of snow.", False),
        ("Who saw the snow fall?", "Anna Berg saw the snow fall.", True),
        ("When did Anna Berg say so?", "On Tuesday snow fell.", True),
    ],
)
def test_who_said_it_is_someone_who_speaks(question: str, text: str, expected: bool) -> None:
    assert offered_by(asked(question), text) is expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("How many buses stopped?", "Twelve old buses stopped.", True),
        ("How many buses stopped?", "Buses stopped wherever deep snow lay on the twelve lines.", False),
        ("How many of the 12 buses stopped?", "Of the 12 buses all stopped.", True),
        ("How many of the 12 buses stopped?", "The 12 buses ran.", False),
        ("How many buses stopped?", "In 2017 buses stopped.", False),
        ("How many kilometers did it fly?", "It flew a 402-kilometer path.", True),
    ],
)
def test_a_number_counts_what_it_stands_near_to(question: str, text: str, expected: bool) -> None:
    assert counts(asked(question), text) is expected


@pytest.mark.parametrize("kind", [Kind.HEADING, Kind.CAPTION])
def test_headings_and_captions_are_told(kind: Kind) -> None:
    found = row("snow", "Snow.", kind=kind)
    assert {name for name in ("heading", "caption") if found[name]} == {kind.value}


def test_earlier_passages_and_nearer_meanings_are_larger_numbers() -> None:
    assert row("snow", "Snow.", rank=0)["passage_rank"] > row("snow", "Snow.", rank=3)["passage_rank"]
    found = row("snow", "Snow.", similarity=0.7, led=0.8, nearest=0.9)
    assert [found[f"similarity{of}"] for of in ("", "_led", "_passage")] == [0.7, 0.8, 0.9]


@given(st.text(max_size=80), st.text(max_size=200), st.text(max_size=80))
def test_every_text_gives_finite_numbers_of_about_one(question: str, text: str, before: str) -> None:
    numbers = row(question, text, before)
    assert tuple(numbers) == NAMES
    assert all(math.isfinite(number) and 0 <= number <= 2 for number in numbers.values())
