"""What the evidence has for a question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from qa.answer.examine import Examined, Examiner
from qa.retrieve.understand import Query, understand
from qa.types import Question
from tests.fakes import FakeReader
from tests.qa.answer.build import hit
from vectorstore.articles import Hit

SNOW = hit("Snow fell in Oslo on Friday.", "Mayor Ella Berg closed the harbour.", article="a")
RAIN = hit("Rain fell in Oslo on Monday.", "Buses stopped.", article="b", at=500)


def examined(question: str, *hits: Hit, query: Query | None = None) -> Examined:
    texts = {one.article.id: one.text for one in hits}
    examiner = Examiner(FakeReader(), lambda ids: {key: texts[key] for key in ids})
    return examiner.examine(question, query or Query(question), hits)


def test_the_likeliest_reading_comes_first() -> None:
    assert examined("Who closed the harbour?", RAIN, SNOW).readings[0].text == "Mayor Ella Berg closed the harbour."


def test_an_article_that_lacks_what_the_question_names_is_put_back() -> None:
    found = examined("Did Berg say that rain fell in Oslo?", RAIN, SNOW)
    assert found.readings[0].hit.article.id == "a"


def test_a_name_that_stands_nowhere_makes_unsure_and_is_told() -> None:
    sure, unsure = examined("What did Berg close?", SNOW), examined("What did Holm close?", SNOW)
    assert unsure.confidence < sure.confidence
    assert (sure.lacks.of, unsure.lacks.of) == ((), ("Holm",))


def test_an_article_after_the_day_of_asking_makes_unsure() -> None:
    later = replace(SNOW, article=replace(SNOW.article, published="2022-06-20"))
    query = understand(Question("Who closed the harbour?", asked=date(2022, 6, 16)))
    assert examined(query.text, later, query=query).confidence < examined(query.text, later).confidence


def test_without_a_sentence_there_is_no_confidence() -> None:
    assert examined("Who?") == Examined("Who?")
