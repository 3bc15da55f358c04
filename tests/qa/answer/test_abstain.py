"""When no sentence may be shown."""

from __future__ import annotations

import pytest

from qa.answer.abstain import FLOOR, answering
from qa.answer.features import Asked
from tests.qa.answer.build import asked, spot


def shown(question: Asked, text: str, score: float = 0.0, around: str = "") -> bool:
    return bool(answering(question, [spot(text, score, around=around)]))


def test_a_likely_sentence_is_shown_and_an_unlikely_one_is_not() -> None:
    question = asked("What fell?")
    assert shown(question, "Snow fell.", FLOOR)
    assert not shown(question, "Snow fell.", FLOOR - 0.01)


def test_the_likeliest_stays_first() -> None:
    ranked = [spot("Snow fell.", 2.0), spot("Rain fell.", 1.0, at=50), spot("Hail fell.", FLOOR - 1, at=90)]
    assert answering(asked("What fell?"), ranked) == ranked[:2]


@pytest.mark.parametrize("question", ["What did Atlantis sign?", "What did Turkey sign with Atlantis?"])
def test_a_name_that_no_article_mentions_is_not_answered(question: str) -> None:
    taken = asked(question, Atlantis=1.0)
    assert not shown(taken, "Atlantis and Turkey signed a pact.", 9.0)


def test_a_plain_word_that_no_article_mentions_may_be_answered() -> None:
    assert shown(asked("What did Turkey autograph?", autograph=1.0), "Turkey signed a pact.")


def test_a_name_that_only_part_of_is_known_may_be_answered() -> None:
    assert shown(asked("What did Li Shangfu sign?", Shangfu=1.0), "Mr Li signed a pact.")


def test_the_passage_must_speak_of_every_name() -> None:
    question = asked("What did Norway sign with Chile?")
    assert not shown(question, "Norway signed a pact.")
    assert shown(question, "Norway signed a pact.", around="Chile is far.")
    assert shown(question, "Oslo signed a pact.", around="The Chileans waited.")


def test_a_year_that_is_asked_about_is_a_name() -> None:
    question = asked("What fell in Oslo in 1987?")
    assert not shown(question, "Snow fell in Oslo in 1986.")
    assert shown(question, "Snow fell in Oslo in 1987.")


@pytest.mark.parametrize(
    ("question", "without", "having"),
    [
        ("How much did the vase cost?", "The vase cost too much.", "The vase cost $5."),
        ("When did snow fall?", "Snow fell late.", "Snow fell on Tuesday."),
        ("What year did snow fall?", "Snow fell on Tuesday.", "Snow fell in 1987."),
        ("How many buses stopped?", "Buses stopped.", "Twelve buses stopped."),
        ("How deep was the snow?", "The snow was deep.", "The snow was 30 cm deep."),
    ],
)
def test_an_amount_date_or_count_that_is_asked_must_be_there(question: str, without: str, having: str) -> None:
    assert not shown(asked(question), without, 9.0)
    assert shown(asked(question), having)


def test_a_count_must_stand_near_what_is_counted() -> None:
    question = asked("How many buses stopped?")
    assert not shown(question, "Snow fell for twelve days without a break in all of the far north, and buses stopped.")
    assert shown(question, "In the far north twelve of the old buses stopped.")


def test_a_year_counts_nothing() -> None:
    assert not shown(asked("How many buses stopped?"), "In 2017, buses stopped.")


def test_kinds_without_a_shape_need_none() -> None:
    assert shown(asked("Did snow fall?"), "Snow fell.")
    assert shown(asked("Who fell?"), "Snow fell.")


def test_nothing_found_is_nothing_to_show() -> None:
    assert answering(asked("What fell?"), []) == []
