"""What the evidence has for a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from qa.answer.examine import Examined, Examiner
from qa.reader.reading import Reading
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


class BlindReader(FakeReader):
    """Reads no language: every sentence scores alike."""

    def read(self, question: str, passages: Sequence[Hit]) -> list[Reading]:
        """See Reader."""
        return [replace(one, score=1.0) for one in super().read(question, passages)]


@pytest.mark.parametrize(
    ("question", "sentences", "first"),
    [
        ("修灯花了多少钱？", ("灯塔上周熄灭了。", "修灯花了九百元。"), 1),
        ("灯台の電球は誰が直しましたか？", ("灯台は雷で消えた。", "電球は漁師が直した。"), 1),
        ("등대를 누가 고쳤습니까?", ("곶에는 바람이 분다.", "어부들이 등대를 고쳤다."), 1),
        ("ใครซ่อมประภาคาร", ("ฟ้าผ่าลงบนแหลม", "ชาวประมงซ่อมประภาคาร"), 1),
        ("Кто починил маяк?", ("На мысе дует ветер.", "Рыбаки починили маяк сами."), 1),
        ("Who mended the lamp?", ("Wind blew.", "Fishermen mended the lamp."), 0),
        ("Wer hat die Lampe repariert?", ("Es war Wind.", "Fischer haben die Lampe repariert."), 0),
    ],
)
def test_shared_words_tell_sentences_apart_in_scripts_that_the_reader_does_not_know(
    question: str, sentences: tuple[str, str], first: int
) -> None:
    one = hit(*sentences)
    found = Examiner(BlindReader(), lambda _: {one.article.id: one.text}).examine(question, Query(question), [one])
    assert found.readings[0].text == sentences[first]


def test_a_sentence_that_shares_more_words_in_such_a_script_is_surer() -> None:
    one = hit("灯塔上周熄灭了。", "修灯花了九百元。")
    examiner = Examiner(BlindReader(), lambda _: {one.article.id: one.text})
    sure, unsure = (examiner.examine(asked, Query(asked), [one]) for asked in ("修灯花了多少？", "谁开面馆？"))
    assert unsure.confidence < sure.confidence
