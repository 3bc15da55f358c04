from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.batch_input import Row, rows
from qa.evaluate.expected import cases, names, spaced
from tests.qa.evaluate.build import article, case
from vectorstore.articles import Reference
from vectorstore.errors import UsageError


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("Idaho", "They were arrested in IDAHO."),
        ("The Tony Awards", "at Tony Awards night"),
        ("$1,000", "It cost 1000 dollars"),
        ("U.S. Open", "the US Open began"),
        ("Wendy's", "a Wendy’s burger"),
        ("BA.5", "the BA.5 variant"),
        ("60%", "about 60 %"),
        ("twenty-one", "twenty–one of them"),
    ],
)
def test_an_answer_stands_in_a_text_whatever_its_case_marks_and_articles(answer: str, text: str) -> None:
    assert case(answer=answer).expected.told([text])


@pytest.mark.parametrize(
    ("answer", "text"),
    [("ten", "He often came."), ("35", "3.5 million"), ("Iran", "Irani"), ("$", "$ 5"), ("13", "2013")],
)
def test_an_answer_does_not_stand_within_another_word_or_number(answer: str, text: str) -> None:
    assert not case(answer=answer).expected.told([text])


def test_any_accepted_answer_will_do_but_every_pattern_must_match() -> None:
    assert case(answer=["snow", "rain"]).expected.told(["Rain fell."])
    both = case(gold=["rain", "hail|sleet"]).expected
    assert both.told(["Rain fell.", "Then sleet."])
    assert not both.told(["Rain fell."])
    assert not case(answer="snow", gold="rain").expected.told(["Rain fell."])


@given(st.text(), st.text(), st.text())
def test_what_is_in_a_text_is_found_there(before: str, answer: str, after: str) -> None:
    if spaced(answer).strip():
        assert spaced(answer) in spaced(f"{before} {answer} {after}")


@given(st.text())
def test_spacing_words_twice_changes_nothing(text: str) -> None:
    assert spaced(spaced(text)) == spaced(text)


def test_an_article_is_called_by_source_url_id_or_the_name_of_its_file() -> None:
    called = names(article("rain", url="https://press.example/rain"))
    assert {"/news/rain.txt", "rain.txt", "rain", "id-rain", "https://press.example/rain"} == called


def test_the_end_of_a_url_is_no_name_of_an_article() -> None:
    assert "index" not in names(Reference("x", "https://press.example/index.html"))


@pytest.mark.parametrize(
    ("fields", "answerable"),
    [
        ({}, None),
        ({"answer": "rain"}, True),
        ({"articles": "a"}, True),
        ({"gold": "rain"}, True),
        ({"answer": "rain", "answerable": False}, False),
        ({"answerable": "false"}, False),
        ({"answerable": "True"}, True),
        ({"answerable": "", "answer": ""}, None),
    ],
)
def test_a_row_is_answerable_where_it_says_so_or_knows_an_answer(
    fields: dict[str, Any], answerable: bool | None
) -> None:
    assert case(**fields).expected.answerable is answerable


def test_articles_may_be_one_or_several_each_with_other_names_and_are_called_sources_too() -> None:
    assert case(articles=["a", ["b", "c"]]).expected.articles == (frozenset("a"), frozenset("bc"))
    assert case(sources=["a"]).expected.articles == (frozenset("a"),)


def test_ignored_fields_do_not_reach_the_question() -> None:
    given = rows('{"question": "Who?", "asked": "2020", "history": ["What?"], "answer": "x"}', "jsonl")
    (whole,), (part,) = cases(given), cases(given, ignore=["asked"])
    assert whole.row.question().asked is not None
    assert part.row.question().asked is None
    assert part.row.question().history


def test_nothing_that_is_expected_is_in_the_question() -> None:
    secret = "Zanzibar"
    made = case(answer=secret, gold=[secret], articles=[secret], answerable=True, kind=secret)
    assert secret not in repr(made.row.question())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"gold": "("}, "invalid pattern"),
        ({"answerable": "perhaps"}, "true or false"),
        ({"answer": {"text": "x"}}, "a text"),
        ({"articles": [3.5, None]}, "a text"),
        ({"asked": "someday", "answer": "x"}, "line 7"),
        ({"history": 5, "answer": "x"}, "history"),
    ],
)
def test_a_row_that_cannot_be_meant_is_named_by_its_line(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=r"^line 7: ") as error:
        cases([Row(7, None, "Who?", fields)])
    assert said in error.value.message
    assert error.value.hint


def test_a_case_is_named_by_its_id_else_by_its_place() -> None:
    given = [Row(1, "q1", "Who?"), Row(2, None, "Who?")]
    assert [made.name for made in cases(given, place="a.jsonl", kind="a")] == ["q1", "a.jsonl:2"]
    assert [made.expected.kind for made in cases(given, kind="a")] == ["a", "a"]
