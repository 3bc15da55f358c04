"""What speaks for a sentence, as numbers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.features import NAMES, Asked, Candidate, Term, features, near, share
from qa.kinds import Want
from qa.words import keys
from tests.qa.answer.build import asked


def row(question: str, text: str, before: str = "", similarity: float = 0.5, rank: int = 0) -> dict[str, float]:
    candidate = Candidate(text, keys(text), keys(before), similarity, rank)
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


def test_share_is_by_weight() -> None:
    terms = [Term(frozenset({"snow"}), 0.9, False), Term(frozenset({"bergen"}), 0.1, True)]
    assert share(terms, keys("Snow fell.")) == pytest.approx(0.9)
    assert share(terms, keys("Bergen slept.")) == pytest.approx(0.1)
    assert share(terms, frozenset()) == 0.0


def test_no_terms_are_fully_covered() -> None:
    assert share([], frozenset()) == 1.0


def test_a_sentence_that_says_what_is_asked_covers_it() -> None:
    full = row("What did Norway sell?", "Norway sold ships.")
    none = row("What did Norway sell?", "It rained.")
    assert (full["coverage"], full["name_coverage"], full["word_coverage"]) == (1.0, 1.0, 1.0)
    assert (none["coverage"], none["name_coverage"], none["word_coverage"]) == (0.0, 0.0, 0.0)


def test_what_leads_up_to_a_sentence_counts_as_around_it() -> None:
    led = row("What did Norway sell?", "Ships were sold.", before="Norway needed money.")
    assert (led["name_coverage"], led["name_around"], led["name_missing"]) == (0.0, 1.0, 0.0)
    alone = row("What did Norway sell?", "Ships were sold.")
    assert (alone["name_around"], alone["name_missing"]) == (0.0, 1.0)


def test_the_weightiest_word_that_is_missing_is_told() -> None:
    question = asked("snow oslo", snow=0.3, oslo=0.8)
    text = "Snow fell."
    found = features(question, Candidate(text, keys(text), frozenset(), 0.0, 0))
    assert found[NAMES.index("worst_missing")] == 0.8


def test_only_kinds_with_a_shape_are_offered_or_lacking() -> None:
    dated = row("When did snow fall?", "Snow fell on Tuesday.")
    undated = row("When did snow fall?", "Snow fell.")
    shapeless = row("Did snow fall?", "Snow fell.")
    assert [(r["offers"], r["lacks"]) for r in (dated, undated, shapeless)] == [(1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("How many buses stopped?", "Twelve old buses stopped.", 1.0),
        ("How many buses stopped?", "Buses stopped wherever deep snow lay on the twelve lines.", 0.0),
        ("How many of the 12 buses stopped?", "Of the 12 buses all stopped.", 1.0),
        ("How many of the 12 buses stopped?", "The 12 buses ran.", 0.0),
        ("How many buses stopped?", "In 2017 buses stopped.", 0.0),
        ("How far did it fly in kilometers?", "It flew a 402-kilometer path.", 1.0),
        ("Who stopped the buses?", "Twelve buses stopped.", 0.0),
    ],
)
def test_a_number_counts_what_it_stands_near_to(question: str, text: str, expected: float) -> None:
    assert near(asked(question), text) == expected


def test_words_that_stand_together_in_the_question_stand_together() -> None:
    assert row("snow plough drivers", "The snow plough drivers met.")["pairs"] == 1.0
    assert row("snow plough drivers", "Drivers met while the plough was out in the deep snow.")["pairs"] == 0.0
    assert row("snow", "Snow.")["pairs"] == 0.0


def test_a_question_is_no_answer_and_is_told_by_its_mark() -> None:
    assert row("Did snow fall?", "“Did snow fall?”")["question_mark"] == 1.0
    assert row("Did snow fall?", "Snow? It fell.")["question_mark"] == 0.0


def test_earlier_passages_and_nearer_meanings_are_larger_numbers() -> None:
    assert row("snow", "Snow.", rank=0)["passage_rank"] > row("snow", "Snow.", rank=3)["passage_rank"]
    assert row("snow", "Snow.", similarity=0.9)["similarity"] == 0.9


@given(st.text(max_size=80), st.text(max_size=200), st.text(max_size=80))
def test_every_text_gives_finite_numbers_of_about_one(question: str, text: str, before: str) -> None:
    numbers = row(question, text, before)
    assert tuple(numbers) == NAMES
    assert all(math.isfinite(number) and 0 <= number <= 2 for number in numbers.values())
