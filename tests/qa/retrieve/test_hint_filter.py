"""Filters that a question implies, and that give way where they leave nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from qa.retrieve.context import PREFERRED, HintFilter, narrowed
from qa.retrieve.hybrid import HybridRetriever
from qa.retrieve.search import DenseRetriever, LexicalRetriever
from qa.retrieve.understand import Hint, Query, understand
from qa.types import Question
from tests.qa.retrieve.build import Fixed
from tests.vectorstore.build import EMBEDDER, filled, record
from vectorstore.articles import Filter, Hit
from vectorstore.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = filled(
        tmp_path_factory.mktemp("scoped") / "store",
        record(
            "/verge",
            "Snow fell in Oslo. It was a deep “white blanket” of snow.",
            publisher="The Verge",
            published="2018-02-01",
        ),
        record("/wire", "Snow fell in Oslo. It snowed.", publisher="Wire", published="2019-03-01"),
        record("/sun", "The sun shone on Rome.", publisher="Sun", published="2020-01-01"),
    )
    with Store.open(folder) as opened:
        yield opened


def ranked(store: Store) -> HybridRetriever:
    return HybridRetriever(DenseRetriever(store, EMBEDDER), LexicalRetriever(store), store)


def found(store: Store, text: str, chosen: Filter = Filter()) -> list[Hit]:  # noqa: B008 - frozen
    query = understand(Question(text, filter=chosen), publishers=store.ledger.publishers())
    return HintFilter(ranked(store), store).search(query, 10)


def sources(hits: list[Hit]) -> list[str]:
    return [hit.article.source for hit in hits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Where did snow fall, according to The Verge?", ["/verge"]),
        ("Where did snow fall, according to Wire?", ["/wire"]),
        ("What does coverage from 2019 say of snow?", ["/wire"]),
        ("What did Wire say of snow in articles from 2019?", ["/wire"]),
        ("Who saw a “white blanket” of snow?", ["/verge"]),
        ("Who saw a “white blanket” of snow, according to The Verge?", ["/verge"]),
    ],
)
def test_only_the_part_that_is_named_is_searched(store: Store, text: str, expected: list[str]) -> None:
    assert sources(found(store, text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Where did snow fall, according to Sun?",  # it has no word on it
        "What do articles from 1999 say of snow?",
        "Who saw a “black blanket” of snow?",
        "Where did snow fall, according to CNN?",
    ],
)
def test_a_part_that_has_nothing_to_say_cuts_nothing(store: Store, text: str) -> None:
    assert set(sources(found(store, text))) == {"/verge", "/wire", "/sun"}


def test_of_two_parts_the_source_is_kept_where_both_leave_nothing(store: Store) -> None:
    assert sources(found(store, "What did Wire say of snow in articles from 2018?")) == ["/wire"]


def test_quoted_words_that_the_source_does_not_have_give_way_before_the_source(store: Store) -> None:
    assert sources(found(store, "Who saw a “white blanket” of snow, according to Wire?")) == ["/wire"]


def test_when_something_happened_prefers_and_does_not_cut(store: Store) -> None:
    query = understand(Question("Where did snow fall in 2018?"))
    plain, dated = (
        {hit.article.source: hit.score for hit in searched.search(query, 10)}
        for searched in (ranked(store), HintFilter(ranked(store), store))
    )
    assert dated == pytest.approx(plain | {"/verge": plain["/verge"] + PREFERRED})


def test_what_was_typed_as_a_filter_stays(store: Store) -> None:
    hits = found(store, "Who saw a “white blanket” of snow in articles from 2018?", Filter(publishers=("Wire",)))
    assert sources(hits) == ["/wire"]


def test_a_preference_is_worth_its_weight_and_no_more(store: Store) -> None:
    (verge, wire, *_) = found(store, "snow")
    low, high = sorted((verge, wire), key=lambda hit: hit.article.published == "2019-03-01")
    hints = (Hint("in 2019", Filter(since="2019-01-01", until="2019-12-31"), cuts=False),)
    near = Fixed(replace(low, score=0.5), replace(high, score=0.5 - PREFERRED / 2))
    far = Fixed(replace(low, score=0.5), replace(high, score=0.5 - PREFERRED * 2))
    query = Query("snow", hints=hints)
    assert HintFilter(near, store).search(query, 1)[0].passage == high.passage
    assert HintFilter(far, store).search(query, 1)[0].passage == low.passage


def test_two_filters_leave_what_both_let_through() -> None:
    one = Filter(publishers=("Wire",), since="2018-01-01", until="2019-12-31")
    assert narrowed(one, Filter(publishers=("Sun",), since="2019-01-01")) == replace(one, since="2019-01-01")
    assert narrowed(Filter(), one) == one
