from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from qa.evaluate.outcomes import CaseOutcome, judged, run
from qa.types import Answer, Progress, Question
from tests.qa.evaluate.build import answer, article, case, hit, outcome
from vectorstore.errors import AppError

ADDRESSES = ("https://www.x.example/a?utm_medium=rss", "https://x.example/a", "https://x.example/c")


@dataclass
class Fake:
    """Answers everything alike, and remembers what it was asked; of "fail" it fails, at "stop" Ctrl-C is pressed."""

    asked: list[Question] = field(default_factory=list)

    def answer(self, question: Question) -> Answer:
        self.asked.append(question)
        if question.text == "fail":
            raise AppError("No.", "Try again.")
        if question.text == "stop":
            raise KeyboardInterrupt
        return answer([("a", "Rain fell.")])


def test_articles_rank_by_their_first_passages() -> None:
    passages = [hit("b"), hit("b"), hit("c"), hit("a")]
    assert judged(case(articles=["a"]), answer(passages=passages)).rank == 3
    assert judged(case(articles=["z"]), answer(passages=passages)).rank is None


def test_a_page_counts_once_and_by_any_of_its_addresses() -> None:
    at = [replace(hit(name), article=article(name, url=url)) for name, url in zip("bac", ADDRESSES, strict=True)]
    assert judged(case(articles=["http://x.example/a"]), answer(passages=at)).rank == 1
    assert judged(case(articles=["c"]), answer(passages=at)).rank == 2


def test_a_copy_that_a_passage_lists_counts_with_it() -> None:
    assert judged(case(articles=["copy"]), answer(passages=[hit("b"), hit("a", also=["copy"])])).rank == 2


def test_the_first_passage_that_holds_the_answer_is_counted_whatever_its_article() -> None:
    passages = [hit("b", "Snow fell."), hit("b", "Rain fell.")]
    assert judged(case(answer="rain", articles="a"), answer(passages=passages)).passage == 2


def test_the_answer_is_looked_for_in_text_first_quote_and_all_quotes() -> None:
    late = outcome(case(answer="rain"), ("a", "Snow fell."), ("b", "Rain fell."))
    assert (late.told, late.first, late.quoted) == (True, False, True)
    never = outcome(case(answer="hail"), ("a", "Snow fell."))
    assert (never.told, never.first, never.quoted) == (False, False, False)


def test_an_abstention_tells_nothing_even_if_its_words_are_the_answer() -> None:
    assert not outcome(case(answer="archive")).told


def test_citations_are_right_by_article_and_found_by_the_articles_that_they_name() -> None:
    two = outcome(case(articles=["a", "b"]), ("a", "x"), ("a", "y"), ("c", "z"))
    assert (two.cited, two.right, two.found) == (3, 2, 0.5)


@pytest.mark.parametrize(
    ("made", "good"),
    [
        (outcome(case(answer="rain", articles="a"), ("a", "Rain.")), True),
        (outcome(case(answer="rain", articles="a"), ("b", "Rain.")), False),
        (outcome(case(answer="rain", articles="a"), ("a", "Snow.")), False),
        (outcome(case(answer="rain")), False),
        (outcome(case(articles="a"), ("a", "Snow.")), True),
        (outcome(case(answerable=True), ("a", "Snow.")), True),
        (outcome(case(answerable=False)), True),
        (outcome(case(answerable=False), ("a", "Snow.")), False),
        (outcome(case(), ("a", "Snow.")), True),
        (CaseOutcome(case(answerable=False), error="No."), False),
    ],
)
def test_good_is_a_quoted_answer_from_the_right_article_or_silence_where_there_is_none(
    made: CaseOutcome, good: bool
) -> None:
    assert made.good is good


def test_a_question_that_fails_stops_no_other_and_says_why() -> None:
    *steps, outcomes = run(Fake(), [case("fail", answer="x"), case(answer="rain")])
    assert [(step.done, step.total) for step in steps if isinstance(step, Progress)] == [(1, 2), (2, 2)]
    assert isinstance(outcomes, tuple)
    assert outcomes[0].error == "No. Try again."
    assert outcomes[1].told


def test_ctrl_c_ends_with_what_was_asked_by_then_and_with_nothing_asked_is_ctrl_c() -> None:
    *_, outcomes = run(Fake(), [case(answer="rain"), case("stop", answer="rain"), case(answer="rain")])
    assert isinstance(outcomes, tuple)
    assert [outcome.told for outcome in outcomes] == [True]
    with pytest.raises(KeyboardInterrupt):
        list(run(Fake(), [case("stop", answer="rain")]))


def test_the_assistant_is_asked_the_question_and_its_history_only() -> None:
    fake = Fake()
    list(run(fake, [case("Who?", answer="Zanzibar", history=["What?"], asked="2020-01-02", kind="Zanzibar")]))
    (asked,) = fake.asked
    assert "Zanzibar" not in repr(asked)
    assert (asked.text, asked.history[0].question, str(asked.asked)) == ("Who?", "What?", "2020-01-02")
