"""The packaged reader, on small passages."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest

from qa.reader.packaged import AT_ONCE, CLOSER, MODEL, PackagedReader
from qa.reader.reading import Evidence
from tests.qa.answer.build import hit
from vectorstore.articles import BlockKind
from vectorstore.export import set_apart

pytestmark = pytest.mark.model

FIRE = hit(
    "A fire at the Lindell refinery burned all night on Tuesday.",
    "Its owner said that the damage came to 12 million crowns.",
    "Two workers were treated for burns.",
    title="Refinery fire in Vallby",
)
BAKER = hit("The bakery on Mill Street opens at six.", "Its owner, Ada Holm, bakes rye bread.", article="b", at=900)


@pytest.fixture(scope="module")
def reader() -> PackagedReader:
    return PackagedReader(threads=1)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many workers were hurt in the refinery fire?", "Two workers were treated for burns."),
        ("How much damage did the fire do?", "Its owner said that the damage came to 12 million crowns."),
        ("What kind of bread does Ada Holm bake?", "Its owner, Ada Holm, bakes rye bread."),
    ],
)
def test_the_sentence_that_answers_is_read_first(reader: PackagedReader, question: str, answer: str) -> None:
    assert reader.read(question, [BAKER, FIRE])[0].text == answer


def test_every_sentence_is_read_once_also_where_passages_overlap(reader: PackagedReader) -> None:
    found = reader.read("Who was hurt?", [FIRE, BAKER, FIRE])
    assert len({(one.hit.article.id, one.sentence.start) for one in found}) == len(found) == 5


def test_weights_that_are_set_apart_read_the_same_to_the_bit(reader: PackagedReader, tmp_path: Path) -> None:
    folder = shutil.copytree(MODEL, tmp_path / "model")
    set_apart(folder / "model.onnx", folder / "apart.bin")
    assert (folder / "model.onnx").stat().st_size < 2_000_000
    assert PackagedReader(folder, threads=1).looks("Who was hurt?", [FIRE]) == reader.looks("Who was hurt?", [FIRE])


def test_the_words_that_answer_are_offsets_inside_their_sentence(reader: PackagedReader) -> None:
    for one in reader.read("Who runs the bakery?", [BAKER, FIRE])[:AT_ONCE]:
        ((start, end),) = one.answers
        assert one.sentence.start <= start < end <= one.sentence.end


STREET = hit(
    "The street is called Mill Street.",
    "It has nine houses and a well.",
    "The well was dug by the miller.",
    "Its pump was painted green.",
    "Ada Holm bought the bakery.",
    "The oven stands in the yard.",
    "A cat sleeps on the oven.",
    "The postman comes at noon.",
    "Snow lay there in March.",
    "The houses are made of brick.",
    title="A street",
    article="s",
)


def test_what_no_other_sentence_could_beat_ends_the_close_look(reader: PackagedReader) -> None:
    looked = [look for look in reader.looks("Who bought the bakery?", [STREET]) if look.answers]
    assert len(looked) == AT_ONCE
    assert "bought the bakery" in reader.read("Who bought the bakery?", [STREET])[0].text


def test_a_question_that_nothing_answers_is_looked_at_longest(reader: PackagedReader) -> None:
    looks = reader.looks("When did the refinery burn?", [STREET])
    near, far = looks[:CLOSER], looks[CLOSER:]
    assert all(look.answers for look in near)
    assert len(far) == 2
    assert not any(look.answers for look in far)
    assert max(look.close for look in far) <= min(look.close for look in near)


def test_in_another_script_as_many_sentences_as_may_be_are_looked_at_closely(reader: PackagedReader) -> None:
    street = hit(
        "Пекарня стоит на улице мельника.",
        "У неё есть колодец и печь.",
        "Пекарню купила Ада Хольм.",
        "На печи спит кот.",
        "Почтальон приходит в полдень.",
        "В марте лежал снег.",
        "Дома сложены из кирпича.",
        "Насос покрашен в зелёный цвет.",
        "Улица очень короткая.",
        title="Улица",
    )
    readings = reader.read("Пекарню купила Ада Хольм?", [street])
    assert sum(bool(reading.answers) for reading in readings) == CLOSER
    looks = reader.looks("Пекарню купила Ада Хольм?", [street], math.inf, math.inf)
    assert looks[-1].close == min(look.close for look in looks[:CLOSER])  # so that words in common may lift it


def test_no_heading_and_no_caption_is_read_as_an_answer(reader: PackagedReader) -> None:
    for kind in (BlockKind.HEADING, BlockKind.CAPTION):
        assert reader.read("What burned?", [hit("A refinery burned.", kind=kind)]) == []


def test_the_same_question_is_read_alike_every_time(reader: PackagedReader) -> None:
    assert reader.read("What burned?", [FIRE, BAKER]) == reader.read("What burned?", [FIRE, BAKER])


def test_a_passage_is_read_alike_whatever_is_read_beside_it_and_before(reader: PackagedReader) -> None:
    alone = {place.sentence.start: score for place, score in reader.late("What burned?", [FIRE])}
    for passages in ([FIRE, BAKER], [BAKER, FIRE, FIRE]):
        fresh = PackagedReader(threads=1).late("What burned?", passages)
        assert {p.sentence.start: score for p, score in fresh if p.hit.article.id == FIRE.article.id} == alone


def test_no_passages_have_no_readings_and_no_evidence_bears_out_nothing(reader: PackagedReader) -> None:
    assert reader.read("What burned?", []) == []
    assert reader.supports("The bakery burned.", []) == []


@pytest.mark.parametrize("text", ["🙂", "谁是国防部长？", "\ud800", "x" * 3000, "a b " * 900])
def test_whatever_is_asked_and_whatever_stands_there_can_be_read(reader: PackagedReader, text: str) -> None:
    assert reader.read(text, [FIRE])
    assert len(reader.read("What burned?", [hit(text or "x", "It burned.", article="c")])) >= 1


def test_a_statement_is_likelier_borne_out_by_what_says_it(reader: PackagedReader) -> None:
    said, other = reader.supports(
        "Two workers were burned at the Lindell refinery.",
        [Evidence("Refinery fire in Vallby", FIRE.text), Evidence("Bread", BAKER.text)],
    )
    assert 0 <= other < said <= 1
