"""When no sentence may be shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.abstain import answering, confidence, supported
from qa.answer.features import NAMES, Asked
from qa.answer.spots import Spot
from tests.qa.answer.build import asked, spot
from vectorstore.articles import Filter

JUNE = Filter(since="2022-06-02", until="2022-06-17")


def shown(question: Asked, *found: Spot, caution: float = 0.0) -> list[str]:
    return [spot.text for spot in answering(question, found, caution)]


def sure(question: Asked, text: str, score: float = 0.0, around: str = "") -> float:
    return confidence(question, [spot(text, score, around=around)])


def dated(found: Spot, published: str | None) -> Spot:
    return replace(found, hit=replace(found.hit, article=replace(found.hit.article, published=published)))


def supports(question: Asked, text: str, around: str = "") -> bool:
    return supported(question, spot(text, around=around))


@given(st.floats(-40, 60), st.floats(0, 1))
def test_an_answer_is_shown_where_confidence_reaches_caution_and_not_below(score: float, caution: float) -> None:
    question, found = asked("What fell?"), spot("Snow fell.", score)
    assert bool(shown(question, found, caution=caution)) is (confidence(question, [found]) >= caution)


@given(st.floats(-40, 60), st.floats(0, 10))
def test_confidence_is_a_share_and_grows_with_the_likeliest_sentence(score: float, more: float) -> None:
    question = asked("What fell?")
    assert 0 <= sure(question, "Snow fell.", score) <= sure(question, "Snow fell.", score + more) <= 1


def test_caution_has_a_default_that_a_likely_sentence_passes_and_an_unlikely_one_does_not() -> None:
    assert answering(asked("What fell?"), [spot("Snow fell.", 20.0)])
    assert not answering(asked("What fell?"), [spot("Snow fell.", 0.0)])


def test_the_likeliest_stays_first() -> None:
    ranked = [spot("Snow fell.", 20.0), spot("Rain fell.", 19.0, at=50)]
    assert answering(asked("What fell?"), ranked) == ranked


def test_a_name_that_no_article_mentions_makes_unsure() -> None:
    question = asked("What did Turkey sign with Atlantis?", Atlantis=1.0)
    assert sure(question, "Turkey signed a pact.") < sure(asked("What did Turkey sign?"), "Turkey signed a pact.")


@pytest.mark.parametrize("question", ["Why did Norway refuse to sell?", "Why has Norway refused?"])
def test_what_a_why_takes_for_granted_must_be_said(question: str) -> None:
    said, unsaid = "Norway refused to sell because of the war.", "Norway sold because of the war."
    assert sure(asked(question), unsaid) < sure(asked(question), said)


def test_what_happened_is_asked_for_where_nothing_is_taken_for_granted() -> None:
    question = asked("What did Norway refuse?")
    assert sure(question, "Norway refused.") == sure(question, "Norway agreed.", around="It refused first.")


def test_names_that_the_best_passage_speaks_of_make_surer_whichever_sentence_is_likeliest() -> None:
    question, likeliest = asked("What did Turkey sign?"), spot("Somebody signed.", 9.0, rank=1)
    named, unnamed = (spot(f"{who} signed.", 1.0, article="b") for who in ("Turkey", "Nobody"))
    assert confidence(question, [likeliest, unnamed]) < confidence(question, [likeliest, named])


def test_the_more_of_a_question_is_said_the_surer_it_is() -> None:
    longer = asked("What pact did Turkey sign with Norway?")
    assert sure(asked("What did Turkey sign?"), "Turkey signed a pact with Norway.") < sure(
        longer, "Turkey signed a pact with Norway."
    )


def test_a_sentence_of_near_meaning_makes_surer_wherever_it_ranks() -> None:
    def near(similarity: float) -> Spot:
        marks = tuple(similarity if name == "similarity_led" else 0.0 for name in NAMES)
        return replace(spot("Rain fell.", 1.0, at=50), marks=marks)

    question, first = asked("What fell?"), spot("Snow fell.", 9.0)
    assert confidence(question, [first, near(0.2)]) < confidence(question, [first, near(0.8)])


def test_a_lead_over_other_articles_makes_surer() -> None:
    question, first = asked("What fell?"), spot("Snow fell.", 9.0)
    close, far = spot("Rain fell.", 8.9, article="b"), spot("Rain fell.", 2.0, article="b")
    beside = spot("Rain fell.", 8.9, at=50)
    assert confidence(question, [first, close]) < confidence(question, [first, far])
    assert confidence(question, [first, beside]) == confidence(question, [first])


def test_a_plain_word_that_no_article_mentions_may_be_answered() -> None:
    question = "What did Turkey autograph?"
    assert sure(asked(question, autograph=1.0), "Turkey signed.") == sure(asked(question), "Turkey signed.")


def test_a_name_that_only_part_of_is_known_may_be_answered() -> None:
    question = "What did Li Shangfu sign?"
    assert sure(asked(question, Shangfu=1.0), "Mr Li signed.") == sure(asked(question), "Mr Li signed.")


def test_nothing_that_supports_an_answer_makes_unsure() -> None:
    assert sure(asked("When did snow fall?"), "Snow fell late.") < sure(
        asked("When did snow fall?"), "Snow fell today."
    )


def test_a_sentence_that_supports_an_answer_goes_before_a_likelier_one_that_does_not() -> None:
    question = asked("When did snow fall?")
    late, today = spot("Snow fell late.", 3.0), spot("Snow fell today.", 1.0, at=50)
    assert shown(question, late, today) == ["Snow fell today."]


def test_where_none_supports_an_answer_and_it_is_sure_all_the_same_the_likeliest_is_shown() -> None:
    assert shown(asked("When did snow fall?"), spot("Snow fell late.", 40.0), caution=0.5) == ["Snow fell late."]


def test_the_passage_must_speak_of_every_name() -> None:
    question = asked("What did Norway sign with Chile?")
    assert not supports(question, "Norway signed a pact.")
    assert supports(question, "Norway signed a pact.", around="Chile is far.")
    assert supports(question, "Oslo signed a pact.", around="The Chileans waited.")


def test_a_year_that_is_asked_about_is_a_name() -> None:
    question = asked("What fell in Oslo in 1987?")
    assert not supports(question, "Snow fell in Oslo in 1986.")
    assert supports(question, "Snow fell in Oslo in 1987.")


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
    assert not supports(asked(question), without)
    assert supports(asked(question), having)


def test_a_count_must_stand_near_what_is_counted() -> None:
    question = asked("How many buses stopped?")
    assert not supports(question, "Snow fell for twelve days without a break in all the far north, and buses stopped.")
    assert supports(question, "In the far north twelve of the old buses stopped.")


def test_a_year_counts_nothing() -> None:
    assert not supports(asked("How many buses stopped?"), "In 2017, buses stopped.")


def test_kinds_without_a_shape_need_none() -> None:
    assert supports(asked("Did snow fall?"), "Snow fell.")
    assert supports(asked("Who fell?"), "Snow fell.")


def test_nothing_found_is_nothing_to_show_and_nothing_to_be_sure_of() -> None:
    assert answering(asked("What fell?"), [], 0.0) == []
    assert confidence(asked("What fell?"), []) == 0.0


@pytest.mark.parametrize(
    ("published", "less"),
    [("2022-06-15", False), ("2022-06", False), (None, False), ("2019-03-01", True), ("2022-06-20", True)],
)
def test_an_article_of_another_time_makes_unsure_what_happened_this_week(published: str | None, less: bool) -> None:
    found, question = dated(spot("Snow fell.", 9.0), published), asked("What fell this week?")
    assert (confidence(replace(question, telling=JUNE), [found]) < confidence(question, [found])) is less


def test_an_article_of_another_time_is_not_quoted_where_one_in_time_says_something() -> None:
    question = replace(asked("What fell this week?"), telling=JUNE)
    old, new = dated(spot("Rain fell.", 19.0), "2019-03-01"), dated(spot("Snow fell.", 18.0, article="b"), "2022-06-15")
    assert shown(question, old, new) == ["Snow fell."]
    assert shown(question, old) == ["Rain fell."]


@pytest.mark.parametrize(
    ("published", "text", "less"),
    [
        ("2018-05-01", "Snow fell.", False),
        ("2019-05-01", "Snow fell.", True),
        ("2017", "Snow fell.", True),
        ("2019-05-01", "Snow fell in 2018.", False),
        ("2019-05-01", "Snow fell in 2017.", True),
        (None, "Snow fell.", False),
    ],
)
def test_an_article_of_another_year_makes_unsure_unless_it_names_the_year(
    published: str | None, text: str, less: bool
) -> None:
    found, question = dated(spot(text, 9.0), published), asked("What fell in 2018?")
    asked_of_2018 = replace(question, dated=Filter(since="2018-01-01", until="2018-12-31"))
    assert (confidence(asked_of_2018, [found]) < confidence(question, [found])) is less


def test_company_of_the_same_days_makes_surer() -> None:
    question, first = asked("What fell?"), dated(spot("Snow fell.", 9.0), "2022-06-15")
    beside, far = (dated(spot("Snow fell.", 1.0, article="b"), day) for day in ("2022-06-16", "2019-03-01"))
    assert confidence(question, [first, far]) < confidence(question, [first, beside])
