"""The sentences of a passage as they are read."""

from __future__ import annotations

from dataclasses import replace

from qa.reader.reading import TOGETHER, text_of, units
from tests.qa.answer.build import hit
from vectorstore.articles import BlockKind


def read(*texts: str) -> list[str]:
    passage = hit(*texts)
    return [text_of(passage, one) for one in units(passage)]


def test_sentences_are_read_one_by_one() -> None:
    assert read("Snow fell.", "Buses stopped.") == ["Snow fell.", "Buses stopped."]


def test_a_sentence_that_announces_is_one_with_what_it_announces() -> None:
    assert read("The signatories are:", "Norland and Sudland.", "Others stayed away.") == [
        "The signatories are: Norland and Sudland.",
        "Others stayed away.",
    ]


def test_an_announced_list_is_one_with_all_of_its_items() -> None:
    passage = hit("They are:", "- Norland", "- Sudland", "Snow fell.")
    passage = replace(passage, text="They are:\n- Norland - Sudland Snow fell.")
    assert [text_of(passage, one) for one in units(passage)] == ["They are:\n- Norland - Sudland", "Snow fell."]


def test_a_list_that_is_too_long_to_quote_is_cut() -> None:
    long = "x" * TOGETHER
    assert read("They are:", long) == ["They are:", long]


def test_a_heading_announces_nothing() -> None:
    passage = hit("Contents:", "Snow fell.")
    first, second = passage.sentences
    assert units(replace(passage, sentences=(replace(first, kind=BlockKind.HEADING), second))) == [
        replace(first, kind=BlockKind.HEADING),
        second,
    ]


def test_no_sentence_has_no_text() -> None:
    assert text_of(hit("Snow fell."), None) == ""
