from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.answer.examine import Examined
from qa.query_notes import elsewhere, less_sure, outside, understood, unnamed
from qa.reader.exact import Lacks
from qa.reader.reading import Reading
from qa.retrieve.understand import Hint, Query
from qa.types import Citation
from tests.qa.answer.build import hit
from tests.vectorstore.build import filled, record
from vectorstore.articles import Filter, Reference
from vectorstore.store import Store

REUTERS = Hint("Reuters", Filter(publishers=("Reuters",)), cuts=True)
YEAR = Hint("articles of 2018", Filter(since="2018-01-01", until="2018-12-31"), cuts=True)
THEN = Hint("in 2018", YEAR.filter, cuts=False)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(filled(tmp_path / "store", record("/a", publisher="Herald"))) as opened:
        yield opened


def cited(publisher: str, published: str | None = None) -> Citation:
    return Citation(1, Reference("id", "/a", "T", None, publisher, published), 0, 1, "x")


def test_a_question_is_told_by_its_words_and_where_they_point() -> None:
    query = Query("What fell?", hints=(REUTERS, THEN), phrases=("a hard rain",))
    assert understood(query) == (
        "searched for: What fell?",
        "only published by Reuters (“Reuters”)",
        "prefer since 1 January 2018, until 31 December 2018 (“in 2018”)",
        "only with the words “a hard rain”",
    )


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (Filter(publishers=("Nobody",)), "No article passes the filter “published by Nobody”."),
        (Filter(sources=("",)), "No article passes the filter “source ”."),
        (Filter(publishers=("Herald",)), ""),
        (Filter(), ""),
    ],
)
def test_a_filter_that_nothing_passes_is_named(store: Store, chosen: Filter, said: str) -> None:
    assert outside(store, chosen) == said


@pytest.mark.parametrize(
    ("hint", "citations", "said"),
    [
        (REUTERS, [cited("Herald")], "Nothing published by Reuters answers this; the answer is from elsewhere."),
        (REUTERS, [cited("Herald"), cited("Reuters")], ""),
        (YEAR, [cited("Herald", "2019-01-01")], "Nothing since 1 January 2018, until 31 December 2018 answers this;"),
        (THEN, [cited("Herald", "2019-01-01")], ""),
        (REUTERS, [], ""),
    ],
)
def test_an_answer_from_elsewhere_than_the_question_asks_says_so(
    hint: Hint, citations: list[Citation], said: str
) -> None:
    found = elsewhere(Query("What fell?", hints=(hint,)), citations)
    assert found.startswith(said)
    assert bool(found) == bool(said)


def test_what_the_nearest_article_does_not_name_is_said_once() -> None:
    parts = [Examined("a", lacks=Lacks(2, of=("Brixen Steel", "2021"))), Examined("b", lacks=Lacks(1, of=("2021",)))]
    assert unnamed(parts) == "The nearest article does not mention “Brixen Steel” or “2021”."
    assert unnamed([Examined("a")]) == ""


@pytest.mark.parametrize(("question", "said"), [("What fell?", False), ("Was ist das für ein Regen?", True)])
def test_a_question_in_another_language_than_the_readers_is_said_to_be_less_sure(question: str, said: bool) -> None:
    assert bool(less_sure([Examined("What fell?"), Examined(question)])) == said


def test_a_passage_in_another_language_counts_only_where_it_answers() -> None:
    names = " ".join(f"Name{number} Ortsname" for number in range(20))
    one = hit(f"{names}.")
    read = [Examined("Who won?", (Reading(one, 0, one.sentences[0], 1.0),))]
    assert less_sure(read)
    assert less_sure(read, answered=False) == ""
