"""How questions, passages and pairs are laid out as token ids."""

from __future__ import annotations

import pytest

from qa.reader.layout import BEFORE, CLS, PASSAGE, QUESTION, SEP, TARGET, Layout, heading
from vectorstore.packaged import packaged_model

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def layout() -> Layout:
    return Layout.open(packaged_model() / "tokenizer.json")


def test_a_passage_is_its_heading_and_its_sentences_with_the_place_of_each(layout: Layout) -> None:
    laid = layout.passage("Winter", ["Snow fell.", "Buses stopped."])
    assert (laid.ids[0], laid.ids[2], laid.ids[-1]) == (CLS, SEP, SEP)
    assert laid.spans == [(3, 6), (6, 9)]
    assert laid.types == [0] * len(laid.ids)


def test_a_passage_that_is_too_long_is_cut_and_the_sentences_behind_are_empty(layout: Layout) -> None:
    laid = layout.passage("Winter", ["snow " * 200, "rain " * 100, "hail"])
    assert len(laid.ids) == PASSAGE
    assert [b - a for a, b in laid.spans] == [200, PASSAGE - 204, 0]


def test_of_a_question_that_is_too_long_the_end_is_read(layout: Layout) -> None:
    ids = layout.question("snow " * 100 + "why")
    assert (len(ids), ids[-2]) == (QUESTION + 2, layout.question("why")[1])


def test_a_pair_marks_the_sentence_that_is_judged_by_its_type(layout: Layout) -> None:
    paired = layout.pair("Why?", "Winter", "Snow fell.", "Buses stopped.")
    assert paired.types == [0] * paired.at + [1] * 4
    assert [paired.ids[at] for at in (0, 3, 5, -1)] == [CLS, SEP, SEP, SEP]
    assert ["Buses stopped."[a:b] for a, b in paired.offsets] == ["Buses", "stopped", "."]


def test_a_pair_keeps_the_end_of_what_goes_before_and_the_beginning_of_what_is_judged(layout: Layout) -> None:
    paired = layout.pair("Why?", "", "snow " * 99 + "rain", "hail " * 300)
    assert paired.at == 5 + BEFORE
    assert paired.ids[paired.at - 1] == layout.question("rain")[1]
    assert len(paired.offsets) == TARGET


@pytest.mark.parametrize("text", ["", "\ud800", "🙂", "谁是国防部长？", "x" * 5000])
def test_whatever_the_text_is_it_can_be_laid_out(layout: Layout, text: str) -> None:
    assert layout.question(text)[0] == CLS
    assert len(layout.passage(text, [text, text]).spans) == 2
    assert layout.pair(text, text, text, text).ids[-1] == SEP


def test_a_heading_is_the_title_with_the_day() -> None:
    assert heading("Winter", "2022-06-16") == "Winter (16 June 2022)"
    assert heading("Winter", None) == "Winter"
